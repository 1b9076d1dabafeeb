"""Facts that the engine publishes. Immutable, and true when they were made.

Progress is absolute, never a difference: a report that is lost, doubled or late does no harm.
"""

from __future__ import annotations

from s3gui.core.errors import Failure
from s3gui.core.frozen import frozen
from s3gui.core.transfer import Batch, Transfer, WaitingFor


class Event:
    """What `publish` takes."""

    __slots__ = ()


@frozen
class BatchAdded(Event):
    batch: Batch


@frozen
class TransfersAdded(Event):
    """`ids` were saved, in this order; `is_last` after the last of a batch.

    `empty_folders` counts those found so far that nothing is stored for: they have no row.
    """

    batch_id: int
    ids: tuple[int, ...]
    is_last: bool
    empty_folders: int = 0


@frozen
class TransferChanged(Event):
    transfer: Transfer


@frozen
class TransfersRemoved(Event):
    ids: tuple[int, ...]


@frozen
class PartsConfirmed(Event):
    """At a start: `part_count` parts in all (None for a stream); `numbers` are there already."""

    transfer_id: int
    part_count: int | None
    numbers: frozenset[int]


@frozen
class PartProgress(Event):
    """`sent` of `size` bytes of the part are on their way; less than before after a retry."""

    transfer_id: int
    number: int
    sent: int
    size: int


@frozen
class PartCompleted(Event):
    """The service acknowledged the part's `size` bytes."""

    transfer_id: int
    number: int
    size: int


@frozen
class PartFailed(Event):
    """The part failed once and, when `will_retry`, is sent again after a pause.

    `number` 0 is a request about the whole object.
    """

    transfer_id: int
    number: int
    message: str
    will_retry: bool


@frozen
class TransfersChanged(Event):
    """Many rows changed at once (paused, cancelled, queued again): read them anew."""

    ids: tuple[int, ...]


@frozen
class ConnectionHeld(Event):
    """Nothing of this connection goes on until the cause is gone: told once, not per file."""

    profile_id: str
    waiting_for: WaitingFor
    failure: Failure


@frozen
class ConnectionReleased(Event):
    profile_id: str
