"""A request to leave off. Not an error: what was done is kept or undone as the reason says."""

from __future__ import annotations

import threading
from enum import StrEnum

_MAKING_BELLS = threading.Lock()


class StopReason(StrEnum):
    PAUSED = "paused"
    CANCELLED = "cancelled"
    CLOSING = "closing"


class Stopped(BaseException):
    """Travels up through libraries that catch every Exception and would try again."""

    def __init__(self, reason: StopReason) -> None:
        super().__init__(reason)
        self.reason = reason


class Stop:
    """One per running transfer. The first request wins, but a cancel overrides a pause."""

    def __init__(self) -> None:
        self._is_requested = False
        self._reason = StopReason.PAUSED
        self._bell: threading.Event | None = None
        """Whoever waits first makes it: of thousands of small files nobody waits for one."""

    def request(self, reason: StopReason) -> None:
        """May be called by a signal handler, also of a thread that waits here."""
        if reason is StopReason.CANCELLED or not self._is_requested:
            self._reason = reason
        self._is_requested = True
        bell = self._bell
        if bell is not None:
            bell.set()

    @property
    def is_requested(self) -> bool:
        return self._is_requested

    def check(self) -> None:
        """Raise Stopped if a stop was requested."""
        if self._is_requested:
            raise Stopped(self._reason)

    def wait(self, timeout_seconds: float) -> bool:
        """Wait for a request; returns whether there is one."""
        with _MAKING_BELLS:
            bell = self._bell
            if bell is None:
                bell = self._bell = threading.Event()
        # A request from before there was a bell has not rung it.
        return self._is_requested or bell.wait(timeout_seconds)
