"""The dialogs that the window opens, and what follows from each."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QWidget

from s3gui.core.profile import Profile
from s3gui.core.settings import Settings
from s3gui.gui.connections import Connections
from s3gui.gui.profile_dialog import ProfileDialog
from s3gui.gui.session import Session
from s3gui.gui.settings_dialog import SettingsDialog
from s3gui.gui.theme import Theme
from s3gui.i18n import _


class WindowDialogs(QObject):
    """None of them blocks: transfers and the window go on behind it."""

    def __init__(self, window: QWidget, session: Session, theme: Theme) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self._theme = theme

    def edit_profile(self, connections: Connections, profile: Profile | None = None) -> None:
        """Add a connection, or change or remove `profile`."""
        workspace = self._session.workspace
        if workspace is None:
            return
        dialog = ProfileDialog(workspace, self._session.background, profile, self._window)
        dialog.saved.connect(connections.saved)
        dialog.removed.connect(connections.removed)
        _open(dialog)

    def settings(self) -> None:
        dialog = SettingsDialog(self._session.settings, self._window)
        dialog.settings_changed.connect(self._change_settings)
        _open(dialog)

    def choose_files(self, then: Callable[[list[str]], None]) -> None:
        self._choose(_("Add files"), QFileDialog.FileMode.ExistingFiles, then)

    def choose_folder(self, then: Callable[[list[str]], None]) -> None:
        self._choose(_("Add a folder"), QFileDialog.FileMode.Directory, then)

    def _choose(
        self, title: str, mode: QFileDialog.FileMode, then: Callable[[list[str]], None]
    ) -> None:
        dialog = QFileDialog(self._window, title)
        dialog.setFileMode(mode)
        dialog.filesSelected.connect(then)
        _open(dialog)

    def _change_settings(self, settings: Settings) -> None:
        self._session.change_settings(settings)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            self._theme.apply(application, settings.appearance)


def _open(dialog: QDialog) -> None:
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()
