"""A limit for requests that follows the line: more while that brings more, fewer when asked.

A long line is filled only by many requests; on a short one each more costs and brings nothing, and
a service that is overwhelmed wants fewer. None of that can be known beforehand: it is tried.
"""

from __future__ import annotations

from collections.abc import Callable

from s3gui.core.parts import DEFAULT_PART_SIZE
from s3gui.engine.look import Look
from s3gui.engine.trial import Trial

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

_LONG_WAIT_SECONDS = 0.015
"""For a bare answer: on so long a line a busy processor is no reason against the first trials.

It sums up and signs the parts that are about to begin.
"""

_IDLE_SECONDS = 0.5
_PART_SECONDS = 60
"""A part that takes longer has much to lose, and its line so little room that one part fills it."""

_REQUEST_BYTES = 64 * 1024
"""What a request counts for beside its bytes: those of small files are mostly waiting."""


def is_slow_rate(rate: float) -> bool:
    """Whether one part of the usual size, alone on the line, would take more than a minute.

    `rate` is bytes per second.
    """
    return rate * _PART_SECONDS < DEFAULT_PART_SIZE


def _parts_in(seconds: float, rate: float) -> int:
    """How many parts a line takes in that time, one at least."""
    return max(1, int(rate * seconds / DEFAULT_PART_SIZE))


class Limit:
    """Starts at `start` and never exceeds `most`; where they are the same it only halves when the
    service asks to slow down, and regrows. Not thread-safe.

    `steady` and `busy` as of `Look`. `on_change` is called where the limit is another.
    """

    def __init__(
        self,
        most: int,
        start: int,
        *,
        steady: Callable[[], float],
        busy: Callable[[], float],
        on_change: Callable[[], None],
    ) -> None:
        self.now = self._aim = min(start, most)
        self.adapts = self.now < most
        self.under_way = 0
        self.has_grown = False
        """By a trial, since somebody looked."""

        self._most = most
        self._steady = steady
        self._on_change = on_change
        self._look = Look(steady, busy)
        self._was_full = False
        """In this look: so many requests were under way that more would be, if they might."""

        self._trial: Trial | None = None
        self._rate: float | None = None
        self._shortest_wait = 0.0
        self._may_grow_at = float("-inf")
        self._is_careful = False
        self._is_replaced = False
        self._successes = 0
        self._halved_at = float("-inf")
        self._idle_since = float("-inf")

    def resize(self, most: int, start: int) -> None:
        first = min(start, most)
        self._aim = first if self.now == self._most else min(self.now, most)
        self._most, self.adapts = most, first < most
        self._trial = None
        self._set(self._aim)

    @property
    def is_slow(self) -> bool:
        """As far as the line was measured."""
        return self._rate is not None and is_slow_rate(self._rate)

    # What happens to requests.

    def took(self) -> None:
        """One more is under way."""
        if not self.under_way and self._steady() - self._idle_since > _IDLE_SECONDS:
            # Nothing was to be sent, and nothing is before parts are summed up and connections
            # made: that says nothing of the line.
            self._look.is_put_off = True
        self.under_way += 1
        self._was_full = self._was_full or self._is_full
        trial = self._trial
        if trial is not None and not trial.is_tried and self.under_way >= trial.tried_from:
            trial.is_tried = True
            self._begin_look(self._settling_seconds)

    def left(self) -> None:
        """One less."""
        self.under_way -= 1
        if self.now > self._aim:
            self._step_back()
        if not self.under_way:
            self._idle_since = self._steady()

    def _step_back(self) -> None:
        """By one for every other request that ends.

        Were none begun for a while, those under way would all end together, and the line be
        empty while the next ones are prepared.
        """
        self._is_replaced = not self._is_replaced
        if not self._is_replaced:
            self.now -= 1

    def held_back(self) -> None:
        """There would be more requests under way, were they not held back elsewhere."""
        self._was_full = True

    def moved(self, count: int, requests: int = 0) -> None:
        """Bytes have left; `requests` of them succeeded."""
        if self.adapts:
            if self._look.is_put_off:
                self._begin_look(0.0)
                return
            seconds = self._look.add(count + requests * _REQUEST_BYTES, requests)
            if seconds >= _MEASURED_AT_FIRST_SECONDS:  # the shortest look
                self._measure(seconds)
        elif requests:
            self._successes += requests
            if self._successes >= _SUCCESSES_FOR_ONE_MORE and self.now < self._most:
                self._successes = 0
                self._set(self.now + 1)

    def expect(self, count: int) -> None:
        """See `Concurrency.expect`."""
        if self.adapts and self._is_at_first and self.now < min(count, self._most):
            self._trial = None
            self._set(min(count, self._most))
            self._begin_look()

    def answered(self, wait_seconds: float) -> None:
        """A request without a body, after so long."""
        self._shortest_wait = min(self._shortest_wait or wait_seconds, wait_seconds)

    def slow_down(self, now_seconds: float) -> None:
        """The service asks for it."""
        self._successes = 0
        if now_seconds - self._halved_at >= _DEAF_SECONDS:
            self._halved_at = now_seconds
            self._fall_back(self._aim // 2)

    def stumbled(self) -> None:
        """A request met silence, or a broken connection: there may be too many of them."""
        if self.adapts:
            self._fall_back(self._aim * 3 // 4)

    def _fall_back(self, limit: int) -> None:
        self._trial = None
        self._set(max(1, limit))
        self._be_careful(_PROBE_SECONDS / 2)
        self._begin_look()

    # What the line tells.

    def _measure(self, seconds: float) -> None:
        look = self._look
        is_quick = look.requests >= _MANY_REQUESTS * self.now
        wanted_seconds = _MEASURED_AT_FIRST_SECONDS if self._is_at_first else _MEASURED_SECONDS
        if seconds < (_MEASURED_QUICKLY_SECONDS if is_quick else wanted_seconds):
            return
        rate = look.moved_bytes / seconds
        if seconds < _MEASURED_SECONDS and not (is_quick or self._speaks_for_more(rate)):
            return  # so short a look may be wrong: it is believed where it is hopeful only
        trial = self._trial
        if seconds < _MEASURED_SECONDS and trial is not None and not trial.is_tried:
            return  # the workers for more requests are only about to begin
        # A second with many requests in it has not been spent on large parts.
        is_of_small = look.requests > self.now
        self._judge(rate, is_busy=look.is_busy(seconds), is_of_small=is_of_small)
        self._begin_look(_SETTLING_QUICKLY_SECONDS if is_quick else self._settling_seconds)

    def _judge(self, rate: float, *, is_busy: bool, is_of_small: bool) -> None:
        trial, self._trial = self._trial, None
        if trial is not None and not trial.is_tried:
            self._set(trial.earlier_limit)  # there were never so many requests
            return
        if not self._was_full:
            return
        is_first_look, self._rate = self._rate is None, rate
        parts_a_minute = _parts_in(_PART_SECONDS, rate)
        if parts_a_minute < self.now and not is_of_small:
            self._set(min(self._aim, parts_a_minute))
            self._be_careful(_PROBE_SECONDS)
        elif trial is not None and not trial.was_worth_it(self.now, rate):
            self._give_up(trial, rate)
        elif self._may_try(is_busy=is_busy):
            self._try(self._grown(rate, is_first_look=is_first_look), rate)

    def _give_up(self, trial: Trial, rate: float) -> None:
        self._aim = trial.lesser(self.now, rate)
        if self._is_at_first:
            self._may_grow_at = self._steady() + _SECOND_TRIAL_SECONDS
        else:
            self._be_careful(_PROBE_SECONDS)

    def _may_try(self, *, is_busy: bool) -> bool:
        is_long = self._is_at_first and self._shortest_wait > _LONG_WAIT_SECONDS
        may_be_full = self.now < self._most and self._steady() >= self._may_grow_at
        return may_be_full and (is_long or not is_busy)

    def _try(self, limit: int, rate: float) -> None:
        limit = min(limit, self._most)
        tried_from = (self.now + limit + 1) // 2
        self._trial = Trial(self.now, rate, tried_from, is_probe=self._is_careful)
        self._set(limit)
        self.has_grown = True

    def _grown(self, rate: float, *, is_first_look: bool) -> int:
        if self._is_careful:  # where doubling brought nothing, it goes on in small steps
            return self.now + _PROBE_STEP
        many = self.now * _GROWTH_AT_FIRST
        is_soon_over = _parts_in(_SOON_OVER_SECONDS, rate) >= many
        is_long = rate < self.now * _SHORT_LINE_RATE
        # Later it may be a pause of a busy computer that lets the line look as if it had room.
        return many if is_first_look and is_soon_over and is_long else self.now * _GROWTH

    def _speaks_for_more(self, rate: float) -> bool:
        trial = self._trial
        is_worth_it = trial is None or trial.was_worth_it(self.now, rate)
        return is_worth_it and _parts_in(_PART_SECONDS, rate) >= self.now

    @property
    def _is_full(self) -> bool:
        """Nearly."""
        return self.under_way * 2 >= self.now

    @property
    def _is_at_first(self) -> bool:
        """While no trial was in vain, and the service asked for nothing."""
        return self._may_grow_at == float("-inf")

    @property
    def _settling_seconds(self) -> float:
        return _SETTLING_AT_FIRST_SECONDS if self._is_at_first else _SETTLING_SECONDS

    def _be_careful(self, seconds: float) -> None:
        self._is_careful = True
        self._may_grow_at = self._steady() + seconds

    def _set(self, limit: int) -> None:
        self.now = self._aim = limit
        self._on_change()

    def _begin_look(self, settling_seconds: float = _SETTLING_SECONDS) -> None:
        """Anew, from when what was begun under the old limit is mostly over."""
        self._was_full = self._is_full  # parts may take longer than a look: none may begin in it
        self._look.begin(settling_seconds if self._trial else 0.0)
