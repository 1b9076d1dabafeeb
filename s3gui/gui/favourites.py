"""Places that are kept at hand: on top of the buckets, and as a star beside the breadcrumb."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtGui import QKeySequence, QShortcut

from s3gui.core.preferences import Favourite
from s3gui.core.profile import Profile
from s3gui.core.transfer import Destination
from s3gui.gui.bucket_list import BucketList
from s3gui.gui.destination_bar import DestinationBar
from s3gui.gui.kept_preferences import KeptPreferences


class Favourites(QObject):
    """Those of the connection that is open."""

    def __init__(
        self, preferences: KeptPreferences, buckets: BucketList, bar: DestinationBar
    ) -> None:
        super().__init__(bar)
        self._preferences = preferences
        self._buckets = buckets
        self._bar = bar
        self._profile: Profile | None = None
        preferences.changed.connect(self._show)
        buckets.favourite_toggled.connect(self.toggle)
        bar.favourite_toggled.connect(self._toggle_here)
        QShortcut(QKeySequence("Ctrl+D"), bar, self._toggle_here)

    def set_profile(self, profile: Profile | None) -> None:
        self._profile = profile
        self._show()

    def show_place(self) -> None:
        """Another place is shown: is it one of them?"""
        self._bar.show_favourite(is_favourite=self._bar.destination() in self._known())

    def toggle(self, place: Destination) -> None:
        if self._profile is not None:
            favourite = Favourite(self._profile.id, place)
            self._preferences.change(self._preferences.value.toggle_favourite(favourite))

    def _toggle_here(self) -> None:
        place = self._bar.destination()
        if place is not None:
            self.toggle(place)
        self.show_place()

    def _show(self) -> None:
        self._buckets.set_favourites(self._known())
        self.show_place()

    def _known(self) -> tuple[Destination, ...]:
        profile = self._profile
        return () if profile is None else self._preferences.value.favourites_of(profile.id)
