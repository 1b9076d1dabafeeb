"""Keeps the system's entry for programs that start at login as the setting says."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject

from s3gui.bootstrap import login_start
from s3gui.core.errors import S3guiError
from s3gui.core.settings import Settings
from s3gui.engine.login_start import LoginStart
from s3gui.gui.session import Session


class LoginSwitch(QObject):
    """The entry is the truth when the program starts, the setting from then on."""

    def __init__(
        self, session: Session, parent: QObject | None = None, login: LoginStart | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._login = login
        self._is_on: bool | None = None
        session.opened.connect(self._look)
        session.settings_changed.connect(self._follow)

    def _look(self) -> None:
        self._session.background.run(
            lambda: self._entry().is_on(), self._found, lambda _error: None
        )

    def _entry(self) -> LoginStart:
        """In a worker: what knows of the system's entry is imported for it."""
        if self._login is None:
            self._login = login_start()
        return self._login

    def _found(self, is_on: bool) -> None:  # noqa: FBT001 - what was asked for
        self._is_on = is_on
        settings = self._session.settings
        if settings.starts_at_login is not is_on:
            self._session.change_settings(replace(settings, starts_at_login=is_on))

    def _follow(self, settings: Settings) -> None:
        wanted = settings.starts_at_login
        if self._is_on is None or wanted is self._is_on:
            return
        self._is_on = wanted
        self._session.background.run(
            lambda: self._entry().turn(on=wanted), lambda _nothing: None, self._refused
        )

    def _refused(self, error: S3guiError) -> None:
        """Say so, and let the setting tell the truth again."""
        self._session.background.unhandled.emit(error)
        self._look()
