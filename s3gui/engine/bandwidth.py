"""Keeps what leaves below a rate that may change at any time."""

from __future__ import annotations

import threading

from s3gui.engine.ports import Clock
from s3gui.engine.stop import Stop

_BURST_SECONDS = 0.5
_SHORTEST_PAUSE_SECONDS = 0.001
_LONGEST_PAUSE_SECONDS = 0.25
"""Then the rate is looked at again: it may have been changed."""


class Bandwidth:
    """A bucket that fills at `bytes_per_second` and that everything sent is taken from.

    It may be in debt: whoever sent too much waits until it is paid. None is no limit.
    """

    def __init__(self, clock: Clock, bytes_per_second: int | None = None) -> None:
        self._clock = clock
        self._rate = bytes_per_second
        self._available = 0.0
        self._filled_at = clock.steady()
        self._lock = threading.Lock()

    @property
    def bytes_per_second(self) -> int | None:
        return self._rate

    def limit(self, bytes_per_second: int | None) -> None:
        """At once, also for what is being sent."""
        with self._lock:
            self._fill()
            self._rate = bytes_per_second
            self._available = max(0.0, self._available)

    def take(self, count: int, stop: Stop) -> None:
        """`count` bytes left; returns when the next may. Raises Stopped."""
        if self._rate is None:
            return
        with self._lock:
            self._fill()
            self._available -= count
        while (seconds := self._seconds_of_debt()) > _SHORTEST_PAUSE_SECONDS:
            self._clock.pause(min(seconds, _LONGEST_PAUSE_SECONDS), stop)

    def _seconds_of_debt(self) -> float:
        with self._lock:
            self._fill()
            return -self._available / self._rate if self._rate is not None else 0.0

    def _fill(self) -> None:
        now = self._clock.steady()
        if self._rate is not None:
            filled = self._available + (now - self._filled_at) * self._rate
            self._available = min(filled, self._rate * _BURST_SECONDS)
        self._filled_at = now
