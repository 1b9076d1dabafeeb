"""A request to leave off. Not an error: what was done is kept or undone as the reason says."""

from __future__ import annotations

import threading
from enum import StrEnum


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
        self._requested = threading.Event()
        self._reason = StopReason.PAUSED

    def request(self, reason: StopReason) -> None:
        if reason is StopReason.CANCELLED or not self._requested.is_set():
            self._reason = reason
        self._requested.set()

    @property
    def is_requested(self) -> bool:
        return self._requested.is_set()

    def check(self) -> None:
        """Raise Stopped if a stop was requested."""
        if self._requested.is_set():
            raise Stopped(self._reason)

    def wait(self, timeout_seconds: float) -> bool:
        """Wait for a request; returns whether there is one."""
        return self._requested.wait(timeout_seconds)
