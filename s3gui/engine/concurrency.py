"""How many requests may be on their way at once: more while that brings more, fewer when asked.

A long line is filled only by many requests; on a short one each more costs and brings nothing, and
a service that is overwhelmed wants fewer. None of that can be known beforehand: it is tried.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from s3gui.core.parts import DEFAULT_PART_SIZE
from s3gui.engine.stop import Stop

_LOOK_SECONDS = 0.2
_SUCCESSES_FOR_ONE_MORE = 8
_DEAF_SECONDS = 1.0
"""Answers to requests that were under way together count as one request to slow down."""

_MEASURED_SECONDS = 1.0
_SETTLING_SECONDS = 0.25
"""What was begun before the limit changed still ends."""

_MEASURED_AT_FIRST_SECONDS = 0.1
_SETTLING_AT_FIRST_SECONDS = 0.05
"""While each doubling brings more, the line is far from full, and a shorter look tells as much."""

_MEASURED_QUICKLY_SECONDS = 0.2
_SETTLING_QUICKLY_SECONDS = 0.05
_MANY_REQUESTS = 4
"""For each that may be under way: so many tell enough in a shorter time."""

_WORTH_IT = 0.4
_WORTH_A_PROBE = 0.7
"""Of what the added requests would bring if the line had room for them all."""

_PROBE_SECONDS = 10.0
_PROBE_STEP = 2
_SECOND_TRIAL_SECONDS = 1.0
"""The first doubling that brings nothing may have met other work of this computer: one more is
made soon. To wait longer cost a long line of 300 MB/s two thirds of its rate.
"""

_GROWTH = 2
_GROWTH_AT_FIRST = 4
_SOON_OVER_SECONDS = 10
"""Each of four times as many parts must be, or they only double: a pause loses them all."""

_SHORT_LINE_RATE = 25_000_000
"""Bytes a second of each request: who gets so much is not held up by the length of the line.

On a computer that has other work, too, the processor may look idle to this process: four times as
many requests only take it from each other there, for seconds.
"""

_BUSY = 0.85
"""Of one processor: the interpreter does no more than that, and more requests only wait for it."""

_LONG_WAIT_SECONDS = 0.015
"""For a bare answer: on so long a line a busy processor is no reason against the first trials.

It sums up and signs the parts that are about to begin.
"""

_IDLE_SECONDS = 0.5
_PART_SECONDS = 60
"""A part that takes longer has much to lose, and its line so little room that one part fills it."""

_REQUEST_BYTES = 64 * 1024
"""What a request counts for beside its bytes: those of small files are mostly waiting."""


class _Trial:
    """A limit that is being tried, and what the one before it brought.

    It is tried when `tried_from` requests are under way.
    """

    __slots__ = ("earlier_limit", "earlier_rate", "is_probe", "is_tried", "tried_from")

    def __init__(
        self, earlier_limit: int, earlier_rate: float, tried_from: int, *, is_probe: bool
    ) -> None:
        self.earlier_limit = earlier_limit
        self.earlier_rate = earlier_rate
        self.tried_from = tried_from
        self.is_probe = is_probe
        self.is_tried = False

    def was_worth_it(self, limit: int, rate: float) -> bool:
        worth_it = _WORTH_A_PROBE if self.is_probe else _WORTH_IT
        share = (limit / self.earlier_limit - 1) * worth_it
        return rate >= self.earlier_rate * (1 + share)

    def lesser(self, limit: int, rate: float) -> int:
        """Where it was not: the half, the fourth … of `limit` that would have been."""
        while limit > self.earlier_limit and not self.was_worth_it(limit, rate):
            limit //= 2
        return max(limit, self.earlier_limit)


def is_slow_rate(rate: float) -> bool:
    """Whether one part of the usual size, alone on the line, would take more than a minute.

    `rate` is bytes per second.
    """
    return rate * _PART_SECONDS < DEFAULT_PART_SIZE


def _parts_a_minute(rate: float) -> int:
    return max(1, int(rate * _PART_SECONDS / DEFAULT_PART_SIZE))


def _parts_soon_over(rate: float) -> int:
    return int(rate * _SOON_OVER_SECONDS / DEFAULT_PART_SIZE)


class Concurrency:
    """A limit that follows the line and the service. Thread-safe.

    It starts at `start` and never exceeds `most`; where they are the same it only halves when
    the service asks to slow down, and regrows. `steady` is a clock in seconds, `busy` the
    processor's time that this process used. `on_growth` is called in the thread of some request.
    """

    def __init__(
        self,
        most: int,
        start: int | None = None,
        *,
        steady: Callable[[], float] = time.monotonic,
        busy: Callable[[], float] = time.process_time,
        on_growth: Callable[[], None] = lambda: None,
    ) -> None:
        self._most = most
        self._limit = self._aim = min(start or most, most)
        self._adapts = self._limit < most
        self._steady = steady
        self._busy = busy
        self._on_growth = on_growth
        self._under_way = self._waiting = 0
        self._successes = 0
        self._halved_at = float("-inf")
        self._trial: _Trial | None = None
        self._may_grow_at = float("-inf")
        self._is_careful = False
        self._shortest_wait = 0.0
        self._was_full = self._is_replaced = self._has_grown = False
        self._moved = 0
        self._requests = 0
        self._rate: float | None = None
        self._idle_since = float("-inf")
        self._begun_at = steady()
        self._busy_at = busy()
        self._lock = threading.RLock()  # entered in half of the condition's time
        self._changed = threading.Condition(self._lock)

    @property
    def limit(self) -> int:
        return self._limit

    def resize(self, most: int, start: int | None = None) -> None:
        with self._lock:
            first = min(start or most, most)
            self._limit = first if self._limit == self._most else min(self._limit, most)
            self._aim = self._limit
            self._most, self._adapts = most, first < most
            self._trial = None
            self._changed.notify_all()

    @property
    def is_slow(self) -> bool:
        """As far as the line was measured."""
        return self._rate is not None and is_slow_rate(self._rate)

    def take(self, stop: Stop) -> None:
        """Wait for a place; `leave` gives it back. Raises Stopped."""
        with self._lock:
            while self._under_way >= self._limit:
                stop.check()
                self._waiting += 1
                try:
                    self._changed.wait(_LOOK_SECONDS)
                finally:
                    self._waiting -= 1
            self._take()

    def _take(self) -> None:
        if not self._under_way and self._steady() - self._idle_since > _IDLE_SECONDS:
            # Nothing was to be sent, and nothing is before parts are summed up and connections
            # made: that says nothing of the line.
            self._begun_at = float("inf")
        self._under_way += 1
        self._was_full = self._was_full or self._is_full
        trial = self._trial
        if trial is not None and not trial.is_tried and self._under_way >= trial.tried_from:
            trial.is_tried = True
            self._begin_anew(self._settling_seconds)

    @property
    def _is_full(self) -> bool:
        """Nearly: so many are under way that more would be, if they might."""
        return self._under_way * 2 >= self._limit

    def take_at_once(self) -> bool:
        """As `take` where there is a place; False where it would wait."""
        with self._lock:
            is_free = self._under_way < self._limit
            if is_free:
                self._take()
            return is_free

    def leave(self, *, has_succeeded: bool = False, moved: int = 0) -> None:
        """`has_succeeded`: as `succeeded` after it, and as `moved` before it, under one lock."""
        with self._lock:
            self._under_way -= 1
            if self._limit > self._aim:
                self._step_back()
            if not self._under_way:
                self._idle_since = self._steady()
            if self._waiting:
                self._changed.notify()
            if has_succeeded:
                self._succeeded(moved)
        self._tell_growth()

    def _step_back(self) -> None:
        """By one for every other request that ends.

        Were none begun for a while, those under way would all end together, and the line be
        empty while the next ones are prepared.
        """
        self._is_replaced = not self._is_replaced
        if not self._is_replaced:
            self._limit -= 1

    def held_back(self) -> None:
        """There would be more requests under way, were they not held back elsewhere."""
        self._was_full = True

    def moved(self, count: int) -> None:
        """Bytes have left."""
        if self._adapts:
            with self._lock:
                self._count(count)
            self._tell_growth()

    def _tell_growth(self) -> None:
        if self._has_grown:
            self._has_grown = False
            self._on_growth()  # without the lock: it may wait for who waits for this one

    def succeeded(self) -> None:
        with self._lock:
            self._succeeded()

    def _succeeded(self, moved: int = 0) -> None:
        if self._adapts:
            self._count(moved + _REQUEST_BYTES, requests=1)
            return
        self._successes += 1
        if self._successes >= _SUCCESSES_FOR_ONE_MORE and self._limit < self._most:
            self._successes = 0
            self._limit = self._aim = self._limit + 1
            self._changed.notify()

    def expect(self, count: int) -> None:
        """So many requests are worth trying at once, by the time that answers take.

        Where the service, or a trial, has spoken against more already, that stands.
        """
        with self._lock:
            if self._adapts and self._is_at_first and self._limit < min(count, self._most):
                self._trial = None
                self._set(min(count, self._most))
                self._begin_anew()

    def answered(self, wait_seconds: float) -> None:
        """A request without a body was answered after so long; the shortest tells of the line."""
        with self._lock:
            self._shortest_wait = min(self._shortest_wait or wait_seconds, wait_seconds)

    def slow_down(self, now_seconds: float) -> None:
        """`now_seconds` of a steady clock."""
        with self._lock:
            self._successes = 0
            if now_seconds - self._halved_at >= _DEAF_SECONDS:
                self._halved_at = now_seconds
                self._limit = self._aim = max(1, self._aim // 2)
                self._trial = None
                self._be_careful(_PROBE_SECONDS / 2)
                self._begin_anew()

    def stumbled(self) -> None:
        """A request met silence, or a broken connection: there may be too many of them."""
        with self._lock:
            if self._adapts:
                self._trial = None
                self._set(max(1, self._aim * 3 // 4))
                self._be_careful(_PROBE_SECONDS / 2)
                self._begin_anew()

    # What the line tells.

    def _count(self, count: int, requests: int = 0) -> None:
        seconds = self._steady() - self._begun_at
        if seconds == float("-inf"):
            self._begin_anew(0.0)
        elif seconds >= 0:
            self._moved += count
            self._requests += requests
            if seconds >= _MEASURED_AT_FIRST_SECONDS:  # the shortest look
                self._measure(seconds)

    def _measure(self, seconds: float) -> None:
        is_quick = self._requests >= _MANY_REQUESTS * self._limit
        wanted_seconds = _MEASURED_AT_FIRST_SECONDS if self._is_at_first else _MEASURED_SECONDS
        if seconds < (_MEASURED_QUICKLY_SECONDS if is_quick else wanted_seconds):
            return
        rate = self._moved / seconds
        if seconds < _MEASURED_SECONDS and not (is_quick or self._speaks_for_more(rate)):
            return  # so short a look may be wrong: it is believed where it is hopeful only
        trial = self._trial
        if seconds < _MEASURED_SECONDS and trial is not None and not trial.is_tried:
            return  # the workers for more requests are only about to begin
        is_busy = self._busy() - self._busy_at > _BUSY * seconds
        # A second with many requests in it has not been spent on large parts.
        self._judge(rate, is_busy=is_busy, is_of_small=self._requests > self._limit)
        settling_seconds = _SETTLING_QUICKLY_SECONDS if is_quick else self._settling_seconds
        self._begin_anew(settling_seconds)

    def _judge(self, rate: float, *, is_busy: bool, is_of_small: bool) -> None:
        trial, self._trial = self._trial, None
        if trial is not None and not trial.is_tried:
            self._set(trial.earlier_limit)  # there were never so many requests
            return
        if not self._was_full:
            return
        now = self._steady()
        is_first_look, self._rate = self._rate is None, rate
        parts_a_minute = _parts_a_minute(rate)
        if parts_a_minute < self._limit and not is_of_small:
            self._set(min(self._aim, parts_a_minute))
            self._be_careful(_PROBE_SECONDS)
            return
        if trial is not None and not trial.was_worth_it(self._limit, rate):
            self._aim = trial.lesser(self._limit, rate)
            if self._is_at_first:
                self._may_grow_at = now + _SECOND_TRIAL_SECONDS
            else:
                self._be_careful(_PROBE_SECONDS)
            return
        is_long = self._is_at_first and self._shortest_wait > _LONG_WAIT_SECONDS
        if now < self._may_grow_at or self._limit >= self._most or (is_busy and not is_long):
            return
        grown = min(self._grown(rate, is_first_look=is_first_look), self._most)
        tried_from = (self._limit + grown + 1) // 2
        self._trial = _Trial(self._limit, rate, tried_from, is_probe=self._is_careful)
        self._set(grown)
        self._has_grown = True

    @property
    def _is_at_first(self) -> bool:
        """While no trial was in vain, and the service asked for nothing."""
        return self._may_grow_at == float("-inf")

    @property
    def _settling_seconds(self) -> float:
        return _SETTLING_AT_FIRST_SECONDS if self._is_at_first else _SETTLING_SECONDS

    def _grown(self, rate: float, *, is_first_look: bool) -> int:
        if self._is_careful:  # where doubling brought nothing, it goes on in small steps
            return self._limit + _PROBE_STEP
        many = self._limit * _GROWTH_AT_FIRST
        is_soon_over = _parts_soon_over(rate) >= many
        is_long = rate < self._limit * _SHORT_LINE_RATE
        # Later it may be a pause of a busy computer that lets the line look as if it had room.
        return many if is_first_look and is_soon_over and is_long else self._limit * _GROWTH

    def _be_careful(self, seconds: float) -> None:
        self._is_careful = True
        self._may_grow_at = self._steady() + seconds

    def _speaks_for_more(self, rate: float) -> bool:
        trial = self._trial
        is_worth_it = trial is None or trial.was_worth_it(self._limit, rate)
        return is_worth_it and _parts_a_minute(rate) >= self._limit

    def _set(self, limit: int) -> None:
        self._limit = self._aim = limit
        self._changed.notify_all()

    def _begin_anew(self, settling_seconds: float = _SETTLING_SECONDS) -> None:
        """Measure from when what was begun under the old limit is mostly over."""
        self._moved = self._requests = 0
        self._was_full = self._is_full  # parts may take longer than a look: none may begin in it
        self._begun_at = self._steady() + (settling_seconds if self._trial else 0.0)
        self._busy_at = self._busy()
