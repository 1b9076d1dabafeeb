"""Keeps the computer from falling asleep by itself while something is sent; the screen may."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, Protocol

from PySide6.QtCore import QObject, Signal

from s3gui.gui.bus import Bus, BusError, BusLine, Peer
from s3gui.i18n import _

_GNOME = Peer("org.gnome.SessionManager", "/org/gnome/SessionManager", "org.gnome.SessionManager")
_POWER = Peer(
    "org.freedesktop.PowerManagement",
    "/org/freedesktop/PowerManagement/Inhibit",
    "org.freedesktop.PowerManagement.Inhibit",
)
_PORTAL = Peer(
    "org.freedesktop.portal.Desktop",
    "/org/freedesktop/portal/desktop",
    "org.freedesktop.portal.Inhibit",
)
_LOGIN = Peer("org.freedesktop.login1", "/org/freedesktop/login1", "org.freedesktop.login1.Manager")
_SUSPEND = 4
"""The flag of GNOME's session and of the portal: no suspend, and nothing else."""

Release = Callable[[BusLine], object]
Hold = Callable[[BusLine, str], Release]


class Awake(Protocol):
    def hold(self) -> None:
        """Keep the computer awake; a second time does nothing more."""
        ...

    def release(self) -> None: ...


class BusAwake(QObject):
    """Asks who may answer, one after the other: GNOME, KDE and Xfce, the portal, systemd.

    Each of them lets go by itself when this program ends, however it ends.
    """

    changed = Signal()

    def __init__(self, session: Bus, system: Bus, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._system = system
        self._is_wanted = False
        self._release: tuple[Bus, Release] | None = None
        self.held_by = ""
        """The service that keeps the computer awake; empty while none does."""

    def hold(self) -> None:
        if not self._is_wanted:
            self._is_wanted = True
            self._ask(self._session, SESSION_WAYS, self._ask_system)

    def release(self) -> None:
        self._is_wanted = False
        if self._release is not None:
            (bus, release), self._release = self._release, None
            bus.run(release, _nothing_more, lambda: None)
            self._be_held_by("")

    def _ask_system(self) -> None:
        if self._is_wanted:
            self._ask(self._system, SYSTEM_WAYS, lambda: None)

    def _ask(
        self, bus: Bus, ways: tuple[tuple[Peer, Hold], ...], failed: Callable[[], None]
    ) -> None:
        reason = _("Files are being uploaded")

        def hold(line: BusLine) -> tuple[str, Release]:
            for peer, way in ways:
                try:
                    return peer.service, way(line, reason)
                except (BusError, TimeoutError):
                    continue
            raise BusError("nobody keeps this computer awake")

        def keep(answer: tuple[str, Release]) -> None:
            service, release = answer
            if self._is_wanted and self._release is None:
                self._release = bus, release
                self._be_held_by(service)
            else:  # it ended while the answer was on its way
                bus.run(release, _nothing_more, lambda: None)

        bus.run(hold, keep, failed)

    def _be_held_by(self, service: str) -> None:
        self.held_by = service
        self.changed.emit()


def _nothing_more(_result: object) -> None:
    """It was let go."""


def _by_gnome(line: BusLine, reason: str) -> Release:
    values = ("s3gui", 0, reason, _SUSPEND)
    (cookie,) = line.ask(_GNOME, "Inhibit", "susu", *values, may_start=False)
    return lambda line: line.ask(_GNOME, "Uninhibit", "u", cookie)


def _by_power_management(line: BusLine, reason: str) -> Release:
    (cookie,) = line.ask(_POWER, "Inhibit", "ss", "s3gui", reason, may_start=False)
    return lambda line: line.ask(_POWER, "UnInhibit", "u", cookie)


def _by_portal(line: BusLine, reason: str) -> Release:
    """The one road out of a sandbox."""
    (handle,) = line.ask(_PORTAL, "Inhibit", "sua{sv}", "", _SUSPEND, {"reason": ("s", reason)})
    request = Peer(_PORTAL.service, handle, "org.freedesktop.portal.Request")
    return lambda line: line.ask(request, "Close")


def _by_login(line: BusLine, reason: str) -> Release:
    """Only of idleness: whoever says “sleep” means it. Held as long as the file is open."""
    (held,) = line.ask(_LOGIN, "Inhibit", "ssss", "idle", "s3gui", reason, "block")

    def close(_line: BusLine, held: Any = held) -> None:
        held.close()

    return close


SESSION_WAYS = ((_GNOME, _by_gnome), (_POWER, _by_power_management), (_PORTAL, _by_portal))
SYSTEM_WAYS = ((_LOGIN, _by_login),)


def awake_for(session: Bus, system: Bus, parent: QObject) -> Awake:
    """The one for this system."""
    if sys.platform in {"win32", "darwin"}:
        from s3gui.gui.awake_elsewhere import MacAwake, WindowsAwake

        return WindowsAwake() if sys.platform == "win32" else MacAwake(parent)
    return BusAwake(session, system, parent)
