"""The transfers that are next, read from the journal many at a time."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from typing import Protocol

from s3gui.core.errors import JournalUnwritable
from s3gui.core.transfer import Transfer
from s3gui.engine.ports import Clock, TransferStore
from s3gui.engine.settling import is_small

_READ_AT_ONCE = 256
_TINY_BYTES = 64 * 1024
"""What a connection takes without being waited for, on any line."""


@dataclass(slots=True)
class Next:
    """`settles_later`: that it is begun is saved, and its end may be saved with others.

    `is_tiny`: it goes out at once, and a worker has nothing to do but to await the answer.
    """

    transfer: Transfer
    settles_later: bool
    is_tiny: bool = field(init=False)

    def __post_init__(self) -> None:
        self.is_tiny = self.settles_later and (self.transfer.size or 0) <= _TINY_BYTES


class Read(Protocol):
    def __call__(self, limit: int, running: Collection[int]) -> list[Transfer]:
        """Queued transfers in their order, without those that are running."""
        ...


class Ahead:
    """Not thread-safe: its owner's lock guards it.

    What was read ahead is read anew after `forget`, which whoever changes a state calls.
    """

    def __init__(self, journal: TransferStore, clock: Clock, read: Read) -> None:
        self._journal = journal
        self._clock = clock
        self._read = read
        self._ready: deque[Next] = deque()
        self._begun: set[int] = set()
        """Saved as begun by this process, and not given to anybody yet."""

    def forget(self) -> None:
        self._ready.clear()

    def peek(self, running: Collection[int]) -> Next | None:
        """What `take` would give."""
        ready = self._ready
        if not ready:
            waiting = [self._as_new(each) for each in self._read(_READ_AT_ONCE, running)]
            is_begun = self._begin(waiting)
            ready.extend(Next(each, is_begun and is_small(each)) for each in waiting)
        while ready:
            if ready[0].transfer.id not in running:
                return ready[0]
            ready.popleft()
        return None

    def take(self, running: Collection[int]) -> Next | None:
        """The next that is not running: it is about to be sent."""
        found = self.peek(running)
        if found is not None:
            self._ready.popleft()
            self._begun.discard(found.transfer.id)
        return found

    def _as_new(self, transfer: Transfer) -> Transfer:
        """Nothing was sent of it yet, whatever the journal says for the case of a kill."""
        is_new = transfer.id in self._begun
        return replace(transfer, started_at=None) if is_new else transfer

    def _begin(self, waiting: list[Transfer]) -> bool:
        new = [each.id for each in waiting if each.started_at is None and is_small(each)]
        try:
            if new:
                self._journal.begin(new, self._clock.now())
        except JournalUnwritable:
            return False  # each will meet it, and wait for the disk
        self._begun.update(new)
        return True
