from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PySide6.QtWidgets import QMessageBox

from s3gui.gui import app
from s3gui.gui.app import open_window
from tests.support.programs import running, wait_until

_WINDOW = "from s3gui.gui.app import main; raise SystemExit(main([]))"
_TELLING_WINDOW = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from s3gui.gui import app

def open_window(**chosen):
    window = opens(**chosen)
    timer = QTimer(window)
    timer.timeout.connect(lambda: told.write_text("\\n".join(window.incoming.waiting)))
    timer.start(20)
    return window

told, opens, app.open_window = Path(sys.argv[1]), app.open_window, open_window
raise SystemExit(app.main(sys.argv[2:]))
"""
_PROMPT = """
from s3gui.gui.app import open_window
from tests.support.programs import running, wait_until
window = open_window()
assert window.isVisible()
print("returned")
"""


@pytest.fixture
def environment(tmp_path) -> dict[str, str]:
    chosen = {"QT_QPA_PLATFORM": "offscreen", "S3GUI_HOME": str(tmp_path / "home")}
    return os.environ | chosen


def test_a_log_that_cannot_be_written_is_told_where_there_is_no_terminal(
    qapp, tmp_path, monkeypatch
):
    told = []
    monkeypatch.setattr(sys, "stderr", None)
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(QMessageBox, "critical", lambda _parent, _title, text: told.append(text))
    place = tmp_path / "no such folder" / "log"
    assert app.main(["--log-file", str(place)]) == 2
    (text,) = told
    assert str(place) in text


def complaints(text: str) -> list[str]:
    """What a program said, but for the offscreen platform's remark that it is none."""
    return [line for line in text.splitlines() if "This plugin does not support" not in line]


def test_the_window_opens_at_once_and_is_kept_until_it_is_closed(qapp, qtbot, tmp_path):
    window = open_window(home=tmp_path)
    assert window.isVisible()
    assert window.connections is None  # nothing that takes time was done yet
    assert window in app._open_windows
    qtbot.waitUntil(lambda: window.connections is not None)
    with qtbot.waitSignal(window.closed):
        window.leave()
    assert window not in app._open_windows
    qapp.setStyleSheet("")


def test_no_worker_keeps_python_from_the_window_for_a_frame():
    before = sys.getswitchinterval()
    try:
        app.prefer_the_window()
        assert sys.getswitchinterval() < 0.001
    finally:
        sys.setswitchinterval(before)


def test_a_window_closed_before_it_is_ready_closes_cleanly(qapp, qtbot, tmp_path):
    window = open_window(home=tmp_path)
    with qtbot.waitSignal(window.closed):
        window.leave()
    qapp.setStyleSheet("")
    again = open_window(home=tmp_path)
    qtbot.waitUntil(lambda: again.connections is not None)
    with qtbot.waitSignal(again.closed):
        again.leave()
    qapp.setStyleSheet("")


@pytest.mark.row("P-02")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_and_a_polite_kill_close_the_window_cleanly(environment, tmp_path, number):
    log = tmp_path / "log"
    with running([sys.executable, "-c", _WINDOW], log, environment=environment) as program:
        wait_until((tmp_path / "home" / "transfers.sqlite").exists, program, log)
        program.send_signal(number)
        assert program.wait(timeout=30) == 0
    assert complaints(log.read_text()) == []


def test_a_python_that_ends_with_an_open_window_ends_cleanly(environment):
    ended = subprocess.run(
        [sys.executable, "-c", _PROMPT],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (ended.returncode, ended.stdout, complaints(ended.stderr)) == (0, "returned\n", [])


def test_of_two_windows_that_start_together_one_has_the_files_of_both(environment, tmp_path):
    files = [tmp_path / "a.bin", tmp_path / "b.bin"]
    told = [tmp_path / "first", tmp_path / "second"]
    log, other_log = tmp_path / "log", tmp_path / "other log"
    commands = [
        [sys.executable, "-c", _TELLING_WINDOW, where, file]
        for where, file in zip(told, files, strict=True)
    ]

    def has_all(where: Path) -> bool:
        return where.exists() and set(where.read_text().split("\n")) == set(map(str, files))

    with (
        running(commands[0], log, environment=environment) as first,
        running(commands[1], other_log, environment=environment) as second,
    ):
        ends_by = time.monotonic() + 60
        while (first.poll(), second.poll()) == (None, None) and time.monotonic() < ends_by:
            time.sleep(0.02)
        is_second = first.poll() is not None
        stayed, gone = (second, first) if is_second else (first, second)
        assert gone.poll() == 0, log.read_text() + other_log.read_text()
        stayed_log = other_log if is_second else log
        wait_until(lambda: has_all(told[is_second]), stayed, stayed_log)
    assert complaints(log.read_text() + other_log.read_text()) == []
