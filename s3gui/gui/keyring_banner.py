"""Says that a secret lives only as long as the program, or that the keyring is waited for."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from s3gui.core.errors import KeyringUnavailable, S3guiError
from s3gui.core.profile import Profile
from s3gui.core.text import visible
from s3gui.gui.banner import Banner
from s3gui.gui.connections import ConnectionState
from s3gui.gui.theme import Theme
from s3gui.i18n import _, translated


class KeyringBanner(Banner):
    enter_wanted = Signal(object)
    """The Profile whose secret is to be typed in."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._told: set[str] = set()

    def show_waiting(self) -> None:
        self.say(
            _("The system's keyring takes its time."),
            _("Unlock it if it asks for a password."),
            is_error=False,
        )

    def show_connection(
        self,
        profile: Profile | None,
        state: ConnectionState,
        error: S3guiError | None,
        *,
        is_for_session: bool,
    ) -> None:
        """How it goes with the connection, whose secret may be kept in memory only."""
        if profile is not None and isinstance(error, KeyringUnavailable):
            self._say_unavailable(profile, error)
        elif profile is not None and state is ConnectionState.CONNECTED and is_for_session:
            self._say_for_session(profile)
        elif state is not ConnectionState.CONNECTING:
            self.hide()

    def _say_unavailable(self, profile: Profile, error: KeyringUnavailable) -> None:
        self.say(
            translated(error.message),
            _("Until it can be used, the secret of “{name}” can be kept in memory.").format(
                name=visible(profile.name)
            ),
            is_error=False,
            fix=_("Enter the secret…"),
            on_fix=lambda: self.enter_wanted.emit(profile),
        )

    def _say_for_session(self, profile: Profile) -> None:
        """Once a connection: who closed it knows."""
        if profile.id in self._told:
            return
        self._told.add(profile.id)
        self.say(
            _("The secret of “{name}” is in no keyring.").format(name=visible(profile.name)),
            _("It is kept in memory, until s3gui closes."),
            is_error=False,
        )
