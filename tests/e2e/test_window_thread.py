"""The window's own thread opens no file, no database and no connection (invariant I6)."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from s3gui.adapters.settings_file import SettingsFile
from s3gui.core.provider import MIB
from tests.e2e.conftest import Desk

_MAY_WAIT = frozenset(
    {
        *("open", "os.listdir", "os.scandir", "os.mkdir", "os.rename", "os.remove"),
        *("socket.connect", "socket.getaddrinfo", "sqlite3.connect", "subprocess.Popen"),
    }
)
_TOP = Path(__file__).parents[2]
_PROGRAM = str(_TOP / "s3gui")
_ITS_OWN = (str(_TOP), sys.prefix, sys.base_prefix)
"""Modules, icons and texts: what the program is made of."""

_BEFORE_THE_WINDOW = "/adapters/settings_language.py"
"""Which language to speak must be known before the first text is shown."""

_heard: list[list[str]] = []


def _listen(event: str, arguments: tuple[Any, ...]) -> None:
    """What this program asks of the system in the window's thread."""
    if not _heard or event not in _MAY_WAIT or threading.current_thread() is not _main:
        return
    what = str(arguments[0])
    frame = sys._getframe(1)
    while frame is not None and not frame.f_code.co_filename.startswith(_PROGRAM):
        frame = frame.f_back
    if frame is None or what.startswith(_ITS_OWN):
        return
    place = frame.f_code.co_filename.removeprefix(_PROGRAM)
    if place != _BEFORE_THE_WINDOW:
        _heard[-1].append(f"{event} {what} by {place}:{frame.f_lineno}")


_main = threading.main_thread()
sys.addaudithook(_listen)


@contextmanager
def listening() -> Iterator[list[str]]:
    _heard.append([])
    try:
        yield _heard[-1]
    finally:
        _heard.clear()


def test_what_the_program_opens_in_this_thread_is_heard(tmp_path):
    with listening() as heard:
        settings = SettingsFile(tmp_path / "settings.json")
        settings.save(settings.load())
    assert any("settings.json" in each for each in heard)


def test_the_windows_thread_asks_nothing_of_disk_network_and_children(open_desk, make_file):
    files = [make_file("film.mov", 20 * MIB), make_file("small.txt", 100)]
    with listening() as heard:
        desk: Desk = open_desk()
        desk.drop(*files)
        desk.wait_until_verified(2)
        desk.window.toggle_inspector()
        desk.window.refresh()
        desk.close()
    assert heard == []
