"""The upper half of the window: where files go, and what is there already."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from s3gui.core.errors import NoSuchBucket
from s3gui.core.profile import Profile
from s3gui.core.transfer import Destination, TransferState, UploadOptions
from s3gui.engine.ports import BucketRules, ObjectStore
from s3gui.gui.background import Background
from s3gui.gui.destination_bar import DestinationBar
from s3gui.gui.event_feed import Changes
from s3gui.gui.kept_preferences import KeptPreferences
from s3gui.gui.object_list import ObjectList
from s3gui.gui.theme import Theme

_REFRESH_MILLISECONDS = 1_500
"""Between two looks at what was stored here: not one for every file of a thousand."""


class PlaceCard(QFrame):
    place_changed = Signal(object)
    """The Destination shown, None if there is none."""

    rules_known = Signal(str, object)
    """A bucket's name and its BucketRules."""

    bucket_missing = Signal(str)
    """The service says that there is none of this name."""

    paths_dropped = Signal(list, object)

    def __init__(
        self,
        background: Background,
        theme: Theme,
        preferences: KeptPreferences,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("card", True)
        self._background = background
        self._store: ObjectStore | None = None
        self._place: Destination | None = None
        self.destination_bar = DestinationBar(theme, preferences)
        self.objects = ObjectList(background, theme)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 10, 10, 10)
        column.setSpacing(8)
        column.addWidget(self.destination_bar)
        column.addWidget(self.objects, 1)
        self.destination_bar.destination_changed.connect(self.go)
        self.destination_bar.new_prefix_wanted.connect(self.objects.new_prefix)
        self.objects.prefix_chosen.connect(self.go)
        self.objects.paths_dropped.connect(self.paths_dropped)
        self.objects.pages.changed.connect(self._look_for_bucket)
        self._refresh = QTimer(self)
        self._refresh.setSingleShot(True)
        self._refresh.setInterval(_REFRESH_MILLISECONDS)
        self._refresh.timeout.connect(self._refresh_if_wanted)
        self._is_refresh_wanted = False

    @property
    def place(self) -> Destination | None:
        return self._place

    def set_connection(self, store: ObjectStore | None, profile: Profile | None) -> None:
        """Look into another service; no bucket is chosen there yet."""
        self._store = store
        self.destination_bar.set_profile(profile)
        self._show(None)

    def go(self, place: Destination) -> None:
        if self._store is None:
            return
        is_other_bucket = self._place is None or self._place.bucket != place.bucket
        self._show(place)
        if is_other_bucket:
            self._ask_for_rules(self._store, place.bucket)

    def leave(self, bucket: str) -> None:
        """Show no place, if it was one in `bucket`."""
        if self._place is not None and self._place.bucket == bucket:
            self._show(None)

    def options_for(self, destination: Destination) -> UploadOptions:
        """What is chosen here, or kept for another bucket; the access is for this bucket only."""
        if self._place is None or self._place.bucket != destination.bucket:
            return self.destination_bar.options_elsewhere(destination.bucket)
        return self.destination_bar.options()

    def highlight(self, *, is_target: bool) -> None:
        """Say that files held over the window go here."""
        self.objects.highlight(self._place if is_target else None)

    def apply(self, changes: Changes) -> None:
        """Show what was stored here: the first of it at once."""
        place = self._place
        if place is None or self._is_refresh_wanted:
            return
        if any(
            each.state is TransferState.COMPLETED
            and each.destination.bucket == place.bucket
            and each.destination.key.startswith(place.key)
            for each in changes.changed.values()
        ):
            self._is_refresh_wanted = True
            if not self._refresh.isActive():
                self._refresh_if_wanted()

    def _refresh_if_wanted(self) -> None:
        if self._is_refresh_wanted:
            self._is_refresh_wanted = False
            self.objects.refresh()
            self._refresh.start()

    def _show(self, place: Destination | None) -> None:
        self._place = place
        self.destination_bar.set_destination(place)
        self.objects.set_place(self._store, place)
        self.place_changed.emit(place)

    def _look_for_bucket(self) -> None:
        if self._place is not None and isinstance(self.objects.pages.error, NoSuchBucket):
            self.bucket_missing.emit(self._place.bucket)

    def _ask_for_rules(self, store: ObjectStore, bucket: str) -> None:
        def show(rules: BucketRules) -> None:
            if store is self._store:
                self.rules_known.emit(bucket, rules)
                if self._place is not None and self._place.bucket == bucket:
                    self.destination_bar.set_rules(rules)

        self._background.run(lambda: store.bucket_rules(bucket), show, lambda _error: None)
