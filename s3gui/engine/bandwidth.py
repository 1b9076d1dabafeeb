"""Keeps what leaves below a rate that may change at any time."""

from __future__ import annotations

import threading

from s3gui.core.schedule import Schedule, minute_of_day
from s3gui.engine.ports import Clock
from s3gui.engine.stop import Stop

_BURST_SECONDS = 0.5
_SHORTEST_PAUSE_SECONDS = 0.001
_LONGEST_PAUSE_SECONDS = 0.25
"""Then the rate is looked at again: it may have been changed."""


_LOOK_SECONDS = 1.0
"""So often the schedule is asked: the clock on the wall may be set, too."""


class Bandwidth:
    """A bucket that fills at the rate of a schedule and that everything sent is taken from.

    It may be in debt: whoever sent too much waits until it is paid.
    """

    def __init__(self, clock: Clock, bytes_per_second: int | None = None) -> None:
        self._clock = clock
        self._schedule = Schedule(bytes_per_second, bytes_per_second)
        self._rate = bytes_per_second
        self._available = 0.0
        self._filled_at = self._looked_at = clock.steady()
        self._lock = threading.Lock()

    @property
    def bytes_per_second(self) -> int | None:
        """What holds now; None is no limit."""
        with self._lock:
            self._look()
            return self._rate

    def limit(self, bytes_per_second: int | None) -> None:
        """At once, also for what is being sent."""
        self.follow(Schedule(bytes_per_second, bytes_per_second))

    def follow(self, schedule: Schedule) -> None:
        """From now on what holds is a matter of the time of day."""
        with self._lock:
            self._schedule = schedule
            self._look()

    def take(self, count: int, stop: Stop) -> None:
        """`count` bytes left; returns when the next may. Raises Stopped."""
        schedule = self._schedule
        if schedule.within is None and schedule.otherwise is None:
            return
        with self._lock:
            self._fill()
            if self._rate is None:
                return
            self._available -= count
        while (seconds := self._seconds_of_debt()) > _SHORTEST_PAUSE_SECONDS:
            self._clock.pause(min(seconds, _LONGEST_PAUSE_SECONDS), stop)

    def _seconds_of_debt(self) -> float:
        with self._lock:
            self._fill()
            return -self._available / self._rate if self._rate is not None else 0.0

    def _fill(self) -> None:
        if self._clock.steady() - self._looked_at >= _LOOK_SECONDS:
            self._look()
        now = self._clock.steady()
        if self._rate is not None:
            filled = self._available + (now - self._filled_at) * self._rate
            self._available = min(filled, self._rate * _BURST_SECONDS)
        self._filled_at = now

    def _look(self) -> None:
        self._looked_at = self._clock.steady()
        rate = self._schedule.rate_at(minute_of_day(self._clock.now()))
        if rate != self._rate:
            self._rate = rate
            self._available = 0.0
            self._filled_at = self._looked_at
