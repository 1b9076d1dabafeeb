"""Progress on the program's button in the task bar or dock, where the desktop shows such."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QObject

from s3gui.gui.bus import Bus, BusLine
from s3gui.gui.desktop_entry import desktop_entry

PATH = "/io/github/s3gui"
INTERFACE = "com.canonical.Unity.LauncherEntry"
_LEAST_SECONDS = 0.5
_HUNDREDTHS = 100


class TaskBar(QObject):
    """By the launcher signal that KDE's task manager, Ubuntu's dock and others listen to.

    Nobody answers it, so nobody knows whether it is shown.
    """

    def __init__(
        self,
        bus: Bus,
        parent: QObject | None = None,
        *,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(parent)
        self._bus = bus
        self._steady = steady
        self._shown: int | None = None
        self._told_at = 0.0

    def show_share(self, share: float | None) -> None:
        """`share` from 0 to 1; None when nothing is under way. At most twice a second."""
        hundredths = None if share is None else int(_HUNDREDTHS * min(1.0, max(0.0, share)))
        if hundredths == self._shown:
            return
        now = self._steady()
        if None not in {hundredths, self._shown} and now - self._told_at < _LEAST_SECONDS:
            return
        self._shown, self._told_at = hundredths, now
        entry = {
            "progress": ("d", (hundredths or 0) / _HUNDREDTHS),
            "progress-visible": ("b", hundredths is not None),
        }

        application = f"application://{desktop_entry()}.desktop"

        def tell(line: BusLine) -> None:
            line.announce(PATH, INTERFACE, "Update", "sa{sv}", application, entry)

        self._bus.run(tell, lambda _nothing: None, lambda: None)
