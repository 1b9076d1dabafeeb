"""Why all transfers of a connection wait, said once."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from s3gui.core.errors import JournalDamaged
from s3gui.core.events import ConnectionHeld
from s3gui.core.transfer import WaitingFor
from s3gui.gui.banner import Banner
from s3gui.gui.theme import Theme
from s3gui.i18n import _, translated


class HoldBanner(Banner):
    """Goes by itself when the connection goes on."""

    release_wanted = Signal(str)
    """The id of the profile that is to try again."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._held: dict[str, ConnectionHeld] = {}

    def apply(self, held: Mapping[str, ConnectionHeld | None]) -> None:
        """Take what changed: None for a connection that goes on."""
        for profile_id, event in held.items():
            if event is None:
                self._held.pop(profile_id, None)
            else:
                self._held[profile_id] = event
        if held:
            self._show_newest()

    def _show_newest(self) -> None:
        if not self._held:
            self.hide()
            return
        event = list(self._held.values())[-1]
        is_damage = event.failure.code == JournalDamaged.code
        needs_person = event.waiting_for is WaitingFor.CREDENTIALS
        self.say(
            translated(event.failure.message),
            translated(event.failure.hint),
            is_error=False,
            fix="" if is_damage else _("Go on") if needs_person else _("Try now"),
            on_fix=lambda: self.release_wanted.emit(event.profile_id),
        )
