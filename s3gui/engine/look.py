"""A look at the line: what moves from some moment on."""

from __future__ import annotations

from collections.abc import Callable

_BUSY = 0.85
"""Of one processor: the interpreter does no more than that, and more requests only wait for it."""


class Look:
    """`steady` is a clock in seconds, `busy` the processor's time that this process used."""

    def __init__(self, steady: Callable[[], float], busy: Callable[[], float]) -> None:
        self.moved_bytes = 0
        self.requests = 0
        self.is_put_off = False
        """Nothing is counted, and `begin` is to be called when the next bytes move."""

        self._steady = steady
        self._busy = busy
        self._begun_at = steady()
        self._busy_at = busy()

    def begin(self, after_seconds: float = 0.0) -> None:
        """Anew; what moves until then is not counted."""
        self.is_put_off = False
        self.moved_bytes = self.requests = 0
        self._begun_at = self._steady() + after_seconds
        self._busy_at = self._busy()

    def add(self, moved_bytes: int, requests: int) -> float:
        """How many seconds it has lasted; below zero, where nothing is counted, it is to come."""
        seconds = self._steady() - self._begun_at
        if seconds >= 0:
            self.moved_bytes += moved_bytes
            self.requests += requests
        return seconds

    def is_busy(self, seconds: float) -> bool:
        """Whether the processor was, for the `seconds` that the look has lasted."""
        return self._busy() - self._busy_at > _BUSY * seconds
