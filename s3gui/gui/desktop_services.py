"""Finds out which services this desktop has, so that the settings can say what they cannot do."""

from __future__ import annotations

import sys

from PySide6.QtCore import QObject, Signal

from s3gui.core.frozen import frozen
from s3gui.gui.awake import SESSION_WAYS, SYSTEM_WAYS
from s3gui.gui.bus import Bus, BusLine, Peer
from s3gui.gui.notices import SERVICE as NOTIFICATIONS
from s3gui.gui.tray import Tray

_BUS = Peer("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus")


@frozen
class DesktopServices:
    has_tray: bool
    has_notifications: bool
    stays_awake: bool
    """Whether there is somebody who keeps the computer awake on request."""


class ServiceLook(QObject):
    found = Signal(object)
    """The DesktopServices that were there when they were looked for."""

    def __init__(self, session: Bus, system: Bus, tray: Tray, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._system = system
        self._tray = tray

    def look(self) -> None:
        """Answers by `found`; nothing is started for it."""
        if sys.platform == "linux":
            self._session.run(_names, self._look_further, lambda: self._look_further(frozenset()))
        else:
            self._tell(has_notifications=True, stays_awake=True)

    def _look_further(self, names: frozenset[str]) -> None:
        # A tray shows notifications too, where there is no service for them.
        has_notifications = NOTIFICATIONS.service in names or self._tray.is_available
        if any(peer.service in names for peer, _hold in SESSION_WAYS):
            self._tell(has_notifications=has_notifications, stays_awake=True)
            return

        def tell(names: frozenset[str]) -> None:
            stays_awake = any(peer.service in names for peer, _hold in SYSTEM_WAYS)
            self._tell(has_notifications=has_notifications, stays_awake=stays_awake)

        self._system.run(_names, tell, lambda: tell(frozenset()))

    def _tell(self, *, has_notifications: bool, stays_awake: bool) -> None:
        has_tray = self._tray.is_available
        self.found.emit(DesktopServices(has_tray, has_notifications, stays_awake))


def _names(line: BusLine) -> frozenset[str]:
    """Who is on the bus, or would come if asked."""
    running, to_start = line.ask(_BUS, "ListNames"), line.ask(_BUS, "ListActivatableNames")
    return frozenset([*running[0], *to_start[0]])
