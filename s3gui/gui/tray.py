"""The icon in the system's tray, where there is one: how far everything is, and a small menu."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMenu, QSystemTrayIcon, QWidget

from s3gui.gui.notices import Notice, NoticeKind
from s3gui.gui.tray_picture import tray_icon
from s3gui.i18n import _

_HUNDREDTHS = 100
_SHOWN_MILLISECONDS = 10_000


class Tray(QObject):
    """Comes with the first work and stays until the program ends."""

    show_wanted = Signal()
    pause_or_resume_wanted = Signal()
    files_wanted = Signal()
    quit_wanted = Signal()
    message_clicked = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._progress: tuple[int | None, bool] = (None, False)
        self.icon = QSystemTrayIcon(self)
        self.menu = QMenu(window)
        self.show_action = self.menu.addAction(_("Show window"), self.show_wanted.emit)
        self.menu.addSeparator()
        self.pause_action = self.menu.addAction(_("Pause all"), self.pause_or_resume_wanted.emit)
        self.menu.addAction(_("Add files…"), self.files_wanted.emit)
        self.menu.addSeparator()
        self.quit_action = self.menu.addAction(_("Quit"), self.quit_wanted.emit)
        self.menu.setDefaultAction(self.show_action)
        self.icon.setContextMenu(self.menu)
        self.icon.activated.connect(self._activate)
        self.icon.messageClicked.connect(self.message_clicked)
        self.icon.setToolTip("s3gui")

    @property
    def is_available(self) -> bool:
        """Whether this desktop has a tray, now."""
        return QSystemTrayIcon.isSystemTrayAvailable()

    def appear(self) -> None:
        if not self.icon.isVisible() and self.is_available:
            self._paint()
            self.icon.show()

    def disappear(self) -> None:
        self.icon.hide()

    def show_progress(self, share: float | None, text: str, *, is_moving: bool) -> None:
        """`share` from 0 to 1, None when nothing is under way; `text` is the tooltip."""
        self.icon.setToolTip(text)
        progress = None if share is None else int(_HUNDREDTHS * share), is_moving
        if progress != self._progress:
            self._progress = progress
            if self.icon.isVisible():
                self._paint()

    def show_commands(self, pause_text: str, *, can_pause: bool, is_busy: bool) -> None:
        """`pause_text` says whether all are paused or resumed."""
        self.pause_action.setText(pause_text)
        self.pause_action.setEnabled(can_pause)
        self.quit_action.setText(_("Pause and quit") if is_busy else _("Quit"))

    def show_notice(self, notice: Notice) -> None:
        """Where the desktop has no service for notifications, but a tray."""
        kinds = QSystemTrayIcon.MessageIcon
        kind = kinds.Warning if notice.kind is NoticeKind.PROBLEM else kinds.Information
        if self.icon.isVisible():
            self.icon.showMessage(notice.title, notice.text, kind, _SHOWN_MILLISECONDS)

    def _paint(self) -> None:
        hundredths, is_moving = self._progress
        share = None if hundredths is None else hundredths / _HUNDREDTHS
        self.icon.setIcon(tray_icon(share, is_moving=is_moving))

    def _activate(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        reasons = QSystemTrayIcon.ActivationReason
        if reason in {reasons.Trigger, reasons.DoubleClick, reasons.MiddleClick}:
            self.show_wanted.emit()
