"""What comes into the window, with the place, the options and the connection that it gets."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication

from s3gui.core.archive import SourceKind
from s3gui.core.transfer import Destination
from s3gui.gui.adding import Adding
from s3gui.gui.banner import Banner
from s3gui.gui.connections import Connections
from s3gui.gui.drop import pasted_paths
from s3gui.gui.kept_preferences import KeptPreferences
from s3gui.gui.place_card import PlaceCard
from s3gui.gui.survey_run import Drop
from s3gui.gui.transfer_text import format_count
from s3gui.i18n import _, ngettext


class Incoming(QObject):
    """Keeps what was dropped while no bucket is chosen: nobody is to drop twice."""

    began = Signal(object, object)
    """The Profile and the Destination of what was just taken."""

    def __init__(
        self,
        adding: Adding,
        place_card: PlaceCard,
        preferences: KeptPreferences,
        banner: Banner,
    ) -> None:
        super().__init__(adding)
        self._adding = adding
        self._place_card = place_card
        self._preferences = preferences
        self._banner = banner
        self.connections: Connections | None = None
        self.waiting: list[str] = []
        """What came while there was no place for it."""
        place_card.place_changed.connect(self._follow_place)

    def attach(self, connections: Connections) -> None:
        self.connections = connections
        if self.waiting:  # whatever was said since
            self._tell_waiting()

    def add(self, paths: list[str], destination: Destination | None = None) -> None:
        """Upload files and folders to `destination`, or to where the window is."""
        target = destination or self._place_card.place
        connections = self.connections
        if not paths:
            return
        if target is None or connections is None or connections.profile is None:
            self._keep_waiting(paths)
            return
        options = self._place_card.options_for(target)
        profile, kept = connections.profile, self._preferences.value
        drop = Drop(tuple(paths), target, options, profile, kept)
        self._adding.add(drop, connections.store)
        self.began.emit(profile, target)

    def place_for_archive(self) -> Destination | None:
        """Where an archive would go now; says what is missing where there is no such place."""
        place, connections = self._place_card.place, self.connections
        if place is None or connections is None or connections.profile is None:
            self._banner.say(_("Choose a bucket for the archive first."), is_error=False)
            return None
        return place

    def add_archive(self, folder: str, destination: Destination, kind: SourceKind) -> None:
        connections = self.connections
        if connections is not None and connections.profile is not None:
            options = self._place_card.options_for(destination)
            self._adding.archive(folder, destination, options, connections.profile, kind)

    def paste(self) -> None:
        paths = pasted_paths(QGuiApplication.clipboard().mimeData())
        if paths:
            self.add(paths)
        else:
            self._banner.say(
                _("The clipboard holds no files. Copy some in your file manager first."),
                is_error=False,
            )

    def _keep_waiting(self, paths: list[str]) -> None:
        """With what waits already, unless that was put away or forgotten behind other news."""
        if self.connections is not None and not self._banner.offers(self._add_waiting):
            self.waiting.clear()
        self.waiting = list(dict.fromkeys([*self.waiting, *paths]))
        self._tell_waiting()

    def _tell_waiting(self) -> None:
        count = len(self.waiting)
        self._banner.say(
            ngettext("{count} item waits", "{count} items wait", count).format(
                count=format_count(count)
            ),
            self._advice(count),
            is_error=False,
            fix=_("Upload"),
            on_fix=self._add_waiting,
        )

    def _advice(self, count: int) -> str:
        place = self._place_card.place
        if place is not None:
            return _("Upload to {place}?").format(place=place)
        return _("Choose a bucket for it.") if count == 1 else _("Choose a bucket for them.")

    def _follow_place(self) -> None:
        if self._banner.offers(self._add_waiting):
            self._tell_waiting()

    def _add_waiting(self) -> None:
        self._banner.hide()
        paths, self.waiting = self.waiting, []
        self.add(paths)
