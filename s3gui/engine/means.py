"""What uploads share."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from types import TracebackType
from typing import TypeVar

from s3gui.core.errors import Throttled, Unreachable
from s3gui.core.frozen import frozen
from s3gui.core.parts import DEFAULT_PART_SIZE
from s3gui.core.settings import MOST_AT_ONCE
from s3gui.engine.bandwidth import Bandwidth
from s3gui.engine.concurrency import Concurrency
from s3gui.engine.limit import is_slow_rate
from s3gui.engine.overlap import Overlap
from s3gui.engine.ports import Clock, ObjectStore, Publish, TransferStore
from s3gui.engine.retry import PATIENCE, Patience
from s3gui.engine.room import Room
from s3gui.engine.source import Source
from s3gui.engine.stop import Stop

Result = TypeVar("Result")


@frozen
class Means:
    """The service, the journal, the pool of parts, and who is told.

    `keeps_parts`: whether the journal lives on, so that a failed upload can be resumed later.
    """

    store: ObjectStore
    journal: TransferStore
    parts_executor: Executor
    publish: Publish
    clock: Clock
    concurrency: Concurrency
    overlap: Overlap
    room: Room
    parts_at_once: int = 8
    bandwidth: Bandwidth | None = None
    keeps_parts: bool = True
    patience: Patience = PATIENCE

    def parts_now(self) -> int:
        """How many parts of one transfer may be under way at this moment."""
        return max(1, min(self.parts_at_once, self.concurrency.limit))

    def parts_of(self, source: Source) -> int:
        """The same, where the source must keep them."""
        return min(self.parts_now(), source.most_pieces or MOST_AT_ONCE)

    def part_size(self) -> int | None:
        """What the line speaks for where nobody chose; None for the usual."""
        limits = self.store.provider.limits
        has_smaller = limits.min_part_size < DEFAULT_PART_SIZE
        rate = self._bytes_per_second()
        is_slow = self.concurrency.is_slow or (rate is not None and is_slow_rate(rate))
        return limits.min_part_size if is_slow and has_smaller else None

    def moved(self, count: int, stop: Stop) -> None:
        """Bytes have left; waits where they were more than is allowed. Raises Stopped."""
        self.concurrency.moved(count)
        self.allow(count, stop)

    def allow(self, count: int, stop: Stop) -> None:
        """As `moved`, of a request whose place tells the rest when it is given back."""
        if self.bandwidth is not None:
            self.bandwidth.take(count, stop)

    def answered(self, wait_seconds: float) -> None:
        """A small file; see `Overlap.answered`."""
        self.overlap.answered(wait_seconds)
        at_once = self.overlap.at_once
        if at_once is not None and at_once > self.concurrency.limit:
            self.concurrency.expect(at_once)

    def place_taken(self, moves: int = 0) -> _Place:
        """A context for one request with a body, whose place among the others was taken.

        `moves`: how many bytes leave with it that nobody else tells of.
        """
        return _Place(self.concurrency, self.clock, moves)

    def sparingly(self, stop: Stop, call: Callable[[], Result]) -> Result:
        """A request with a body, among as few others as the service, and the memory, allow."""
        self.concurrency.take(stop)
        with self.place_taken():
            return call()

    def part_sparingly(self, size: int, stop: Stop, call: Callable[[], Result]) -> Result:
        """The same for a part of `size` bytes, where a limit on the rate has a say, too."""
        # What the limit holds back would fill the line: a slow one is still told from a fast one.
        self.room.take(size, self._bytes_per_second, stop, self.concurrency.held_back)
        try:
            return self.sparingly(stop, call)
        finally:
            self.room.leave(size)

    def _bytes_per_second(self) -> int | None:
        return None if self.bandwidth is None else self.bandwidth.bytes_per_second


class _Place:
    """Gives the place back, and tells what became of the request."""

    __slots__ = ("_clock", "_concurrency", "_moves")

    def __init__(self, concurrency: Concurrency, clock: Clock, moves: int) -> None:
        self._concurrency = concurrency
        self._clock = clock
        self._moves = moves

    def __enter__(self) -> None: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._concurrency.leave(has_succeeded=error is None, moved=self._moves)
        if error is None:
            return
        if isinstance(error, Throttled | MemoryError):
            self._concurrency.slow_down(self._clock.steady())
        elif isinstance(error, Unreachable):
            self._concurrency.stumbled()
        if isinstance(error, MemoryError):
            raise Throttled(
                "This computer has too little memory to send so many parts at once.",
                hint="Close other programs, or send fewer parts at once.",
            ) from error
