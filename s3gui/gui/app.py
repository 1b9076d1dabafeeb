"""Opens the window: for a program of its own, a Python prompt, or a notebook."""

from __future__ import annotations

import atexit
import logging
import signal
import socket
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QCoreApplication, QSocketNotifier, QTimer
from PySide6.QtGui import QGuiApplication, QIcon
from PySide6.QtWidgets import QApplication

from s3gui.assets import resource
from s3gui.bootstrap import default_home, log_to, prepare_to_connect
from s3gui.collecting import collect_everything, keep_what_is_loaded
from s3gui.core.errors import InputError, S3guiError
from s3gui.core.settings import Appearance
from s3gui.core.text import visible
from s3gui.gui.arrivals import Application, Arrivals, hand_over
from s3gui.gui.desktop_entry import desktop_entry
from s3gui.gui.first_geometry import fit_into
from s3gui.gui.first_paint import FirstPaint, ImportLater
from s3gui.gui.front import bring_to_front
from s3gui.gui.kernel_loop import give_kernel_turns
from s3gui.gui.language import speak, system_languages, unlearn
from s3gui.gui.main_window import MainWindow
from s3gui.gui.session import Session
from s3gui.gui.theme import Theme
from s3gui.gui.window_arguments import WindowArguments, read_arguments
from s3gui.gui.window_dialogs import DIALOGS
from s3gui.gui.window_look import LikeBefore, WindowLook
from s3gui.i18n import _, lend, translated, use_language

_log = logging.getLogger(__name__)
_open_windows: set[MainWindow] = set()
"""Qt leaves it to Python to keep a window alive; a notebook's cell may keep no name of it."""
_SECONDS_OF_A_WORKER = 0.0005
_UNTIL_ALL_IS_LOADED_MILLISECONDS = 2_000


def open_window(*, practice: bool = False, home: Path | None = None) -> MainWindow:
    """Open the window and return at once; what takes time is done while it shows.

    Works where a QApplication runs already (`%gui qt6`), and makes one where none does. With
    `practice` it starts the practice server and opens its bucket.
    """
    return _open(home, practice=practice)


def _open(home: Path | None, *, practice: bool, look: WindowLook | None = None) -> MainWindow:
    application = _application()
    speak(application, home or default_home())
    theme = Theme(application)
    session = Session(home)
    window = MainWindow(theme, session, practice=practice)
    # Now, not before: Qt dresses each part of a window anew whenever it is put into another.
    theme.apply(application, Appearance.SYSTEM)
    fit_into(window.screen().availableGeometry(), window)
    if look is not None:
        LikeBefore(window, look)
    _open_windows.add(window)
    atexit.register(session.close_now)
    window.closed.connect(lambda: _forget(window, session))
    window.show()
    FirstPaint(window, session.open)
    session.opened.connect(lambda _workspace: _get_ready(window))
    give_kernel_turns()
    return window


def _get_ready(window: MainWindow) -> None:
    """While nobody has asked for anything yet: the first drop and the first click wait for less."""
    # PySide makes the names of 180 gradients before it fills a rectangle: not when a bar is drawn.
    from PySide6.QtGui import QGradient  # noqa: F401

    ImportLater(DIALOGS, window)
    window.session.background.run(prepare_to_connect, lambda _nothing: None, lambda _error: None)


def main(arguments: Sequence[str]) -> int:
    """Run the window until it is closed; returns the exit status."""
    sys.excepthook = _log_unexpected
    use_language(resource("locale"), system_languages())
    lend(resource("locale"))
    chosen = read_arguments(arguments)
    if chosen.log_file is None:
        return _run(chosen)
    try:
        with log_to(chosen.log_file, _tell):
            return _run(chosen)
    except S3guiError as error:
        _tell(error)
        if sys.stderr is None:
            from PySide6.QtWidgets import QMessageBox

            _application()
            QMessageBox.critical(None, "s3gui", _sentence(error))
        return 2


def prefer_the_window() -> None:
    """Let no worker keep Python to itself for long while the window wants it.

    Painting takes and leaves the interpreter's lock many times: with Python's own 5 ms each time,
    a frame beside a fast upload took twice as long, and the upload was no faster for it.
    """
    sys.setswitchinterval(_SECONDS_OF_A_WORKER)


def _tell(error: S3guiError) -> None:
    if sys.stderr is not None:  # a program of Windows' desktop has none
        sys.stderr.write(f"{_sentence(error)}\n")


def _sentence(error: S3guiError) -> str:
    return f"{visible(translated(error.message))} {translated(error.advice)}"


def _log_unexpected(
    kind: type[BaseException], error: BaseException, traceback: TracebackType | None
) -> None:
    """Where Qt calls Python nobody catches: without secrets, as all that is logged."""
    _log.critical("Something unexpected happened", exc_info=(kind, error, traceback))


def _run(chosen: WindowArguments) -> int:
    home = default_home()
    application = _application()
    if hand_over(home, chosen.paths):
        return 0
    prefer_the_window()
    window = open_window(practice=chosen.is_practice)
    window.add(list(chosen.paths))
    if chosen.refused:
        what = visible(", ".join(chosen.refused[:3]))
        window.show_error(InputError(_("“{name}” is no file of this computer.").format(name=what)))
    look = _show(application, window, home)
    del window
    while look is not None:
        unlearn(application)
        collect_everything()  # of the last window, here and not in a thread of the next one's
        look = _show(application, _open(None, practice=False, look=look), home)
    return 0


def _show(application: QApplication, window: MainWindow, home: Path) -> WindowLook | None:
    """Until it is closed; returns how the next one is to begin, if there is to be one."""
    window.language.is_possible = True
    session = window.session
    # Two that start together: the later one meets a queue whose owner does not listen yet.
    session.hand_over = lambda: hand_over(home, tuple(window.incoming.waiting))
    session.handed_over.connect(window.leave)
    QTimer.singleShot(_UNTIL_ALL_IS_LOADED_MILLISECONDS, window, keep_what_is_loaded)
    arrivals = Arrivals(window)
    session.opened.connect(lambda _workspace: arrivals.listen(home))
    window.leaving.connect(arrivals.close)
    arrivals.paths_came.connect(lambda paths: _take(window, paths))
    if isinstance(application, Application):
        application.file_came.connect(arrivals.take_file)
    window.closed.connect(QCoreApplication.quit)
    with _leaving_on_signals(window):
        QApplication.exec()
    return window.language.next_look


def _take(window: MainWindow, paths: list[str]) -> None:
    bring_to_front(window)
    window.add(paths)


def _application() -> QApplication:
    running = QApplication.instance()
    if isinstance(running, QApplication):
        return running
    QGuiApplication.setDesktopFileName(desktop_entry())
    application = Application(sys.argv[:1])
    application.setApplicationName("s3gui")
    application.setWindowIcon(QIcon(str(resource("app", "icon.png"))))
    # The window says itself when it is done: after the last transfer has left off.
    application.setQuitOnLastWindowClosed(False)
    return application


def _forget(window: MainWindow, session: Session) -> None:
    atexit.unregister(session.close_now)
    _open_windows.discard(window)
    window.deleteLater()
    window.theme.deleteLater()


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
