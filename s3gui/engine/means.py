"""What uploads share."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass, field
from typing import TypeVar

from s3gui.core.errors import Throttled
from s3gui.engine.concurrency import Concurrency
from s3gui.engine.ports import Clock, ObjectStore, Publish, TransferStore
from s3gui.engine.retry import PATIENCE, Patience
from s3gui.engine.stop import Stop

_MOST_AT_ONCE = 64

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Means:
    """The service, the journal, the pool of parts, and who is told.

    `keeps_parts`: whether the journal lives on, so that a failed upload can be resumed later.
    """

    store: ObjectStore
    journal: TransferStore
    parts_executor: Executor
    publish: Publish
    clock: Clock
    parts_at_once: int = 8
    concurrency: Concurrency = field(default_factory=lambda: Concurrency(_MOST_AT_ONCE))
    keeps_parts: bool = True
    patience: Patience = PATIENCE

    def sparingly(self, stop: Stop, call: Callable[[], Result]) -> Result:
        """A request with a body, among as few others as the service, and the memory, allow."""
        with self.concurrency.one(stop):
            try:
                result = call()
            except Throttled:
                self.concurrency.slow_down(self.clock.steady())
                raise
            except MemoryError as error:
                self.concurrency.slow_down(self.clock.steady())
                raise Throttled(
                    "This computer has too little memory to send so many parts at once.",
                    hint="Close other programs, or send fewer parts at once.",
                ) from error
        self.concurrency.succeeded()
        return result
