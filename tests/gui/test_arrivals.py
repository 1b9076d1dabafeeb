from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtNetwork import QLocalSocket

from s3gui.gui import arrivals
from s3gui.gui.arrivals import Arrivals, hand_over

_LATER_START = """
import sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from s3gui.gui.arrivals import hand_over
application = QCoreApplication([])
sys.exit(0 if hand_over(Path(sys.argv[1]), sys.argv[2:]) else 1)
"""


@pytest.fixture
def open_window(qapp, qtbot, tmp_path):
    """What a window has that is open already."""
    window = Arrivals()
    window.listen(tmp_path)
    yield window
    window.close()


def _start_again(home: Path, *paths: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", _LATER_START, str(home), *paths])


def test_a_later_start_gives_its_files_to_the_open_window(open_window, qtbot, tmp_path):
    paths = [str(tmp_path / "a b.bin"), str(tmp_path / "-é.bin")]
    with qtbot.waitSignal(open_window.paths_came, timeout=30_000) as came:
        later = _start_again(tmp_path, *paths)
    assert came.args == [paths]
    assert later.wait(30) == 0


def test_names_that_are_not_unicode_come_as_they_are(open_window, qtbot, tmp_path):
    name = os.fsdecode(bytes(tmp_path) + b"/\xff.bin")
    with qtbot.waitSignal(open_window.paths_came, timeout=30_000) as came:
        later = _start_again(tmp_path, name)
    assert came.args == [[name]]
    assert later.wait(30) == 0


def test_a_later_start_without_files_wants_the_window(open_window, qtbot, tmp_path):
    with qtbot.waitSignal(open_window.paths_came, timeout=30_000) as came:
        later = _start_again(tmp_path)
    assert came.args == [[]]
    assert later.wait(30) == 0


def test_where_no_window_is_open_one_has_to_be(qapp, tmp_path):
    assert not hand_over(tmp_path, [])


def test_the_socket_of_a_window_that_was_killed_is_in_nobodys_way(qapp, qtbot, tmp_path):
    script = (
        "import os, sys; from pathlib import Path; from PySide6.QtCore import QCoreApplication;"
        "from s3gui.gui.arrivals import Arrivals; a = QCoreApplication([]);"
        "w = Arrivals(); w.listen(Path(sys.argv[1])); os._exit(9)"
    )
    subprocess.run([sys.executable, "-c", script, str(tmp_path)], check=False, timeout=60)
    assert (tmp_path / "window.socket").is_socket()
    assert not hand_over(tmp_path, [])
    window = Arrivals()
    window.listen(tmp_path)
    with qtbot.waitSignal(window.paths_came, timeout=30_000):
        later = _start_again(tmp_path)
    assert later.wait(30) == 0
    window.close()


def test_only_its_owner_can_reach_the_window(open_window, tmp_path):
    assert (tmp_path / "window.socket").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "body", [b"{}\n", b"[1]\n", b'["relative"]\n', b"[\n", b"\xff\n", b"x" * (4 * 2**20 + 1)]
)
def test_what_is_not_a_list_of_paths_is_not_taken(open_window, qtbot, tmp_path, body):
    came = []
    open_window.paths_came.connect(came.append)
    socket = QLocalSocket()
    socket.connectToServer(str(tmp_path / "window.socket"))
    with qtbot.waitSignal(socket.disconnected, timeout=30_000):
        socket.write(body)
    assert came == []


def test_a_path_that_is_too_long_for_a_socket_does_without(qapp, tmp_path):
    home = tmp_path / ("long" * 40)
    home.mkdir()
    window = Arrivals()
    window.listen(home)
    assert list(home.iterdir()) == []
    assert not hand_over(home, [])
    assert arrivals._name(home) is None


def test_a_file_that_macos_wants_opened_comes_too(tmp_path):
    file = tmp_path / "dropped on the Dock.bin"
    script = (
        "import sys; from PySide6.QtCore import QUrl; from PySide6.QtGui import QFileOpenEvent;"
        "from s3gui.gui.arrivals import Application; a = Application([]);"
        "a.file_came.connect(print);"
        "a.sendEvent(a, QFileOpenEvent(QUrl.fromLocalFile(sys.argv[1])))"
    )
    told = subprocess.run(
        [sys.executable, "-c", script, str(file)], check=True, capture_output=True, text=True
    )
    assert told.stdout == f"{file}\n"
