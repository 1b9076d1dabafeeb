"""What uploads share."""

from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import dataclass, field

from s3gui.engine.concurrency import Concurrency
from s3gui.engine.ports import Clock, ObjectStore, Publish, TransferStore
from s3gui.engine.retry import PATIENCE, Patience

_MOST_AT_ONCE = 64


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
