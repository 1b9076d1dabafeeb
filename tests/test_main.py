"""Which front door opens, and that no other is paid for."""

import os
import subprocess
import sys
import threading
import types
from pathlib import Path

import pytest

import s3gui
from s3gui import __main__ as program

_HEAVY = ("PySide6", "botocore", "boto3", "keyring", "sqlite3", "s3gui.bootstrap")


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The arguments of each window that was opened."""
    opened: list[list[str]] = []
    app = types.ModuleType("s3gui.gui.app")
    app.main = lambda argv: opened.append(list(argv)) or 0
    monkeypatch.setitem(sys.modules, "s3gui.gui.app", app)
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    return opened


@pytest.fixture
def exits(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Statuses with which the process would have ended at once, and this run of pytest with it."""
    statuses: list[int] = []
    monkeypatch.setattr(os, "_exit", statuses.append)
    return statuses


@pytest.fixture(autouse=True)
def _outlive_the_program(exits) -> None:
    """Every test here, also those that do not ask for `exits`."""


def run(monkeypatch: pytest.MonkeyPatch, *argv: str) -> int:
    monkeypatch.setattr(sys, "argv", ["s3gui", *argv])
    return program.main()


@pytest.mark.parametrize(
    "argv",
    [
        [],
        ["--practice"],
        ["--practice", "file"],
        [str(Path("/x/file").absolute())],
        ["file:///x/a%20file"],
        ["--", "-file", "@file"],
        ["--log-file", "log"],
        ["--log-file=log", "/x/file"],
    ],
)
def test_no_arguments_files_and_the_practice_server_open_the_window(
    monkeypatch, windows, argv
) -> None:
    assert run(monkeypatch, *argv) == 0
    assert windows == [argv]


@pytest.mark.parametrize("argv", [["upload"], ["--help"], ["frobnicate"], ["relative-file"]])
def test_everything_else_is_a_command(monkeypatch, windows, capsys, argv) -> None:
    assert run(monkeypatch, *argv) in {0, 2}
    assert windows == []
    assert "".join(capsys.readouterr())


@pytest.mark.skipif(sys.platform != "linux", reason="other systems always have a display")
def test_without_a_display_the_window_says_so(monkeypatch, windows, capsys) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    assert run(monkeypatch) == 1
    assert "no display" in capsys.readouterr().err
    assert windows == []


def test_a_library_that_the_window_lacks_is_named(monkeypatch, capsys) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    monkeypatch.setitem(sys.modules, "s3gui.gui.app", None)
    assert run(monkeypatch) == 1
    assert "s3gui.gui.app" in capsys.readouterr().err


def test_workers_that_hang_do_not_keep_the_program_from_ending(monkeypatch, exits) -> None:
    gate = threading.Event()
    hanging = threading.Thread(target=gate.wait)
    hanging.start()
    try:
        status = run(monkeypatch, "frobnicate")
    finally:
        gate.set()
        hanging.join()
    assert exits == [status]


def python(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"PYTHONPATH": str(Path(s3gui.__file__).parents[1])},
        capture_output=True,
        check=True,
        text=True,
        timeout=60,
    )
    return done.stdout


@pytest.mark.parametrize("argv", [["--version"], ["--help"], ["upload", "--help"], ["upload"]])
def test_what_needs_nothing_heavy_imports_nothing_heavy(argv) -> None:
    code = (
        f"import sys; sys.argv = ['s3gui', *{argv!r}]\n"
        "from s3gui.__main__ import main\n"
        "main()\n"
        f"print('heavy:', [each for each in {_HEAVY!r} if each in sys.modules])"
    )
    assert python(code).splitlines()[-1] == "heavy: []"


def test_the_command_line_never_loads_the_window() -> None:
    code = (
        "import sys\n"
        "from s3gui.cli import main\n"
        "main(['upload', 'nothing', 's3://bucket/', '--endpoint-url', 'http://127.0.0.1:1'])\n"
        "print('PySide6' in sys.modules, 's3gui.gui' in sys.modules)"
    )
    assert python(code).splitlines()[-1] == "False False"


def test_the_version_is_told() -> None:
    assert python("from s3gui.cli import main; main(['--version'])") == (
        f"s3gui {s3gui.__version__}\n"
    )


def test_an_upload_loads_neither_boto3_nor_the_keyring_nor_the_window() -> None:
    code = (
        "import sys\n"
        "import s3gui.cli.upload, s3gui.adapters.s3, s3gui.adapters.transfer_db\n"
        "print([each for each in ('boto3', 's3transfer', 'keyring', 'PySide6')"
        " if each in sys.modules])"
    )
    assert python(code) == "[]\n"


def test_the_window_is_there_before_what_it_does_not_show_is_imported() -> None:
    unseen = (
        "botocore",
        "keyring",
        "s3gui.adapters.s3",
        "s3gui.adapters.transfer_db",
        "s3gui.engine.queue",
        "s3gui.gui.profile_dialog",
    )
    code = (
        "import os, sys\n"
        "os.environ['QT_QPA_PLATFORM'] = 'offscreen'\n"
        "from s3gui.gui.app import open_window\n"
        "assert open_window().isVisible()\n"
        f"print([each for each in {unseen!r} if each in sys.modules])\n"
        "sys.stdout.flush(); os._exit(0)"
    )
    assert python(code) == "[]\n"


def test_what_needs_no_qt_is_imported_before_it() -> None:
    """PySide6 reads the source of every module that is imported after it."""
    code = (
        "import sys\n"
        "import s3gui.gui.app\n"
        "order = list(sys.modules)\n"
        "print(order.index('s3gui.bootstrap') < order.index('PySide6'))"
    )
    assert python(code) == "True\n"


def test_what_the_first_connection_would_wait_for_is_loaded_ahead() -> None:
    needed = ("botocore.client", "keyring.backend", "s3gui.adapters.s3", "s3gui.adapters.s3_errors")
    code = (
        "import sys\n"
        "from s3gui.bootstrap import prepare_to_connect\n"
        "prepare_to_connect()\n"
        f"print([each for each in {needed!r} if each not in sys.modules])"
    )
    assert python(code) == "[]\n"
