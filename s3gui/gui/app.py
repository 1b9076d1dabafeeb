"""Opens the window: for a program of its own, a Python prompt, or a notebook."""

from __future__ import annotations

import argparse
import atexit
import signal
import socket
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QSocketNotifier
from PySide6.QtGui import QGuiApplication, QIcon
from PySide6.QtWidgets import QApplication

from s3gui.assets import resource
from s3gui.core.settings import Appearance
from s3gui.gui.kernel_loop import give_kernel_turns
from s3gui.gui.main_window import MainWindow
from s3gui.gui.session import Session
from s3gui.gui.theme import Theme
from s3gui.i18n import use_language

_open_windows: set[MainWindow] = set()
"""Qt leaves it to Python to keep a window alive; a notebook's cell may keep no name of it."""


def open_window(*, practice: bool = False, home: Path | None = None) -> MainWindow:
    """Open the window and return at once; what takes time is done while it shows.

    Works where a QApplication runs already (`%gui qt6`), and makes one where none does. With
    `practice` it starts the practice server and opens its bucket.
    """
    application = _application()
    theme = Theme(application)
    theme.apply(application, Appearance.SYSTEM)
    session = Session(home)
    window = MainWindow(theme, session, practice=practice)
    _open_windows.add(window)
    atexit.register(session.close_now)
    window.closed.connect(lambda: _forget(window, session))
    window.show()
    session.open()
    give_kernel_turns()
    return window


def main(arguments: Sequence[str]) -> int:
    """Run the window until it is closed; returns the exit status."""
    parser = argparse.ArgumentParser(prog="s3gui")
    parser.add_argument("--practice", action="store_true", help="open the practice server")
    parser.add_argument("files", nargs="*", help="files and folders to upload")
    chosen = parser.parse_args(arguments)
    window = open_window(practice=chosen.practice)
    window.add(chosen.files)
    window.closed.connect(QCoreApplication.quit)
    with _leaving_on_signals(window):
        return QApplication.exec()


def _application() -> QApplication:
    running = QApplication.instance()
    if isinstance(running, QApplication):
        return running
    QGuiApplication.setDesktopFileName("s3gui")
    application = QApplication(sys.argv[:1])
    application.setApplicationName("s3gui")
    application.setWindowIcon(QIcon(str(resource("app", "icon.png"))))
    # The window says itself when it is done: after the last transfer has left off.
    application.setQuitOnLastWindowClosed(False)
    use_language(resource("locale"))
    return application


def _forget(window: MainWindow, session: Session) -> None:
    atexit.unregister(session.close_now)
    _open_windows.discard(window)
    window.deleteLater()


@contextmanager
def _leaving_on_signals(window: MainWindow) -> Iterator[None]:
    """Ctrl-C and a polite kill close the window as a click does, without a question.

    Python runs its handlers only between two of its own instructions, and Qt's loop has none:
    the system writes a byte into a socket, and that wakes the loop.
    """
    reading, writing = socket.socketpair()
    writing.setblocking(False)
    notifier = QSocketNotifier(reading.fileno(), QSocketNotifier.Type.Read)
    notifier.activated.connect(lambda: reading.recv(1))
    before = signal.set_wakeup_fd(writing.fileno(), warn_on_full_buffer=False)
    handlers = {
        number: signal.signal(number, lambda _number, _frame: window.leave())
        for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(before)
        notifier.setEnabled(False)
        reading.close()
        writing.close()
