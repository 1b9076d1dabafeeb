"""What closing the window does: ends the program, or leaves it at work in the tray."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from s3gui.core.settings import OnClosing
from s3gui.gui.session import Session
from s3gui.gui.tray import Tray


class Leaving(QObject):
    """`is_busy` says whether something would go on; `leave` pauses it and ends the program."""

    def __init__(
        self,
        window: QWidget,
        session: Session,
        tray: Tray,
        is_busy: Callable[[], bool],
        leave: Callable[[], None],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self._tray = tray
        self._is_busy = is_busy
        self._leave = leave

    def close_wanted(self) -> None:
        """The window was closed by a person, who may have set what that means."""
        choice = self._session.settings.on_closing
        if not self._is_busy() or _is_session_ending():
            self._leave()
        elif choice is OnClosing.PAUSE or (choice is OnClosing.TRAY and self._tray.is_available):
            self._do(choice)
        else:
            self._ask()

    def quit_wanted(self) -> None:
        """Whoever says “Quit” does not mean the tray, whatever closing does."""
        if self._is_busy() and self._session.settings.on_closing is OnClosing.ASK:
            self._ask()
        else:
            self._leave()

    def _ask(self) -> None:
        from s3gui.gui.close_dialog import CloseDialog

        if self._window.findChild(CloseDialog) is None:
            dialog = CloseDialog(self._window, can_hide=self._tray.is_available)
            dialog.chosen.connect(self._chosen)
            dialog.open()

    def _chosen(self, choice: OnClosing, is_for_ever: bool) -> None:  # noqa: FBT001 - as the signal
        if is_for_ever:
            settings = replace(self._session.settings, on_closing=choice)
            self._session.change_settings(settings)
        self._do(choice)

    def _do(self, choice: OnClosing) -> None:
        if choice is OnClosing.PAUSE:
            self._leave()
        else:
            self._tray.appear()
            self._window.hide()


def _is_session_ending() -> bool:
    """Whoever logs out is asked nothing: it would keep the session from ending."""
    application = QGuiApplication.instance()
    return isinstance(application, QGuiApplication) and application.isSavingSession()
