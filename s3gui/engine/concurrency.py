"""How many requests may be on their way at once, and who waits for a place among them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from s3gui.engine.limit import Limit
from s3gui.engine.stop import Stop

_LOOK_SECONDS = 0.2


class Concurrency:
    """Places under a limit that follows the line and the service; see `Limit`. Thread-safe.

    Without `start` the limit is `most` and does not follow the line. `on_growth` is called in the
    thread of some request, where more may be under way than before.
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
        self._lock = threading.RLock()  # entered in half of the condition's time
        self._changed = threading.Condition(self._lock)
        self._limit = Limit(
            most, start or most, steady=steady, busy=busy, on_change=self._changed.notify_all
        )
        self._on_growth = on_growth
        self._waiting = 0

    @property
    def limit(self) -> int:
        return self._limit.now

    @property
    def is_slow(self) -> bool:
        """As far as the line was measured."""
        return self._limit.is_slow

    def resize(self, most: int, start: int | None = None) -> None:
        with self._lock:
            self._limit.resize(most, start or most)

    def take(self, stop: Stop) -> None:
        """Wait for a place; `leave` gives it back. Raises Stopped."""
        with self._lock:
            while self._limit.under_way >= self._limit.now:
                stop.check()
                self._waiting += 1
                try:
                    self._changed.wait(_LOOK_SECONDS)
                finally:
                    self._waiting -= 1
            self._limit.took()

    def take_at_once(self) -> bool:
        """As `take` where there is a place; False where it would wait."""
        with self._lock:
            is_free = self._limit.under_way < self._limit.now
            if is_free:
                self._limit.took()
            return is_free

    def leave(self, *, has_succeeded: bool = False, moved: int = 0) -> None:
        """`has_succeeded`: as `succeeded` after it, and as `moved` before it, under one lock."""
        with self._lock:
            self._limit.left()
            if self._waiting:
                self._changed.notify()
            if has_succeeded:
                self._limit.moved(moved, requests=1)
        self._tell_growth()

    def held_back(self) -> None:
        """There would be more requests under way, were they not held back elsewhere."""
        self._limit.held_back()

    def moved(self, count: int) -> None:
        """Bytes have left."""
        if self._limit.adapts:
            with self._lock:
                self._limit.moved(count)
            self._tell_growth()

    def succeeded(self) -> None:
        with self._lock:
            self._limit.moved(0, requests=1)

    def expect(self, count: int) -> None:
        """So many requests are worth trying at once, by the time that answers take.

        Where the service, or a trial, has spoken against more already, that stands.
        """
        with self._lock:
            self._limit.expect(count)

    def answered(self, wait_seconds: float) -> None:
        """A request without a body was answered after so long; the shortest tells of the line."""
        with self._lock:
            self._limit.answered(wait_seconds)

    def slow_down(self, now_seconds: float) -> None:
        """The service asks for it; `now_seconds` of a steady clock."""
        with self._lock:
            self._limit.slow_down(now_seconds)

    def stumbled(self) -> None:
        """A request met silence, or a broken connection: there may be too many of them."""
        with self._lock:
            self._limit.stumbled()

    def _tell_growth(self) -> None:
        if self._limit.has_grown:
            self._limit.has_grown = False
            self._on_growth()  # without the lock: it may wait for who waits for this one
