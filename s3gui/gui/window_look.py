"""Where a window was, and what it showed: for the one that takes its place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QObject

from s3gui.core.profile import Profile
from s3gui.core.transfer import Destination, UploadOptions
from s3gui.engine.ports import ObjectStore

if TYPE_CHECKING:
    from s3gui.bootstrap import Workspace
    from s3gui.gui.main_window import MainWindow


@dataclass(frozen=True)
class WindowLook:
    """`waiting` are dropped paths without a place; `pill` says which transfers are shown.

    The access is not kept: making something public is a choice of the moment.
    """

    geometry: QByteArray
    profile_id: str
    place: Destination | None
    options: UploadOptions
    pill: int
    waiting: tuple[str, ...]

    @classmethod
    def of(cls, window: MainWindow) -> WindowLook:
        profile = window.connections.profile if window.connections is not None else None
        return cls(
            geometry=window.saveGeometry(),
            profile_id=profile.id if profile is not None else "",
            place=window.place_card.place,
            options=window.place_card.destination_bar.options(),
            pill=window.transfers.pill_buttons.checkedId(),
            waiting=tuple(window.incoming.waiting),
        )


class LikeBefore(QObject):
    """Lets a window, before it is shown, begin as another was left."""

    def __init__(self, window: MainWindow, look: WindowLook) -> None:
        super().__init__(window)
        self._window = window
        self._look = look
        self._is_there = False
        window.restoreGeometry(look.geometry)
        window.add(list(look.waiting))
        window.session.opened.connect(self._attach)

    def _attach(self, _workspace: Workspace) -> None:
        """After the window itself."""
        connections = self._window.connections
        if connections is not None:
            connections.opened.connect(self._go)
        self._window.transfers.pill_buttons.button(self._look.pill).click()

    def _go(self, store: ObjectStore | None, profile: Profile | None) -> None:
        """Once: whoever comes back to the connection later begins at its buckets."""
        look, is_same = self._look, profile is not None and profile.id == self._look.profile_id
        if self._is_there or store is None:
            return
        self._is_there = True
        if is_same and look.place is not None:
            self._window.place_card.go(look.place)
            self._window.place_card.destination_bar.set_options(look.options)
