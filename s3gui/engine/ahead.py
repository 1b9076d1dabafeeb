"""The transfers that are next, read from the journal many at a time."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable
from itertools import compress
from typing import Protocol

from s3gui.core.errors import JournalUnwritable
from s3gui.core.frozen import replace
from s3gui.core.parts import DEFAULT_PART_SIZE
from s3gui.core.settings import MOST_AT_ONCE
from s3gui.core.transfer import Transfer
from s3gui.engine.ports import Clock, TransferStore
from s3gui.engine.settling import is_small

_READ_AT_ONCE = 256
_TINY_BYTES = 64 * 1024
"""What a connection takes without being waited for, on any line."""


class Next:
    """`settles_later`: that it is begun is saved, and its end may be saved with others.

    `is_tiny`: it goes out at once, and a worker has nothing to do but to await the answer.
    `requests`: about so many it has under way at most; where nobody knows, as many as may be.
    """

    __slots__ = ("is_tiny", "requests", "settles_later", "transfer")

    def __init__(self, transfer: Transfer, *, settles_later: bool) -> None:
        self.transfer = transfer
        self.settles_later = settles_later
        size = transfer.size
        self.is_tiny = settles_later and (size or 0) <= _TINY_BYTES
        parts = MOST_AT_ONCE if size is None else -(-size // DEFAULT_PART_SIZE)
        self.requests = max(1, parts)


class Read(Protocol):
    def __call__(self, limit: int, running: Collection[int]) -> list[Transfer]:
        """Queued transfers in their order, without those that are running."""
        ...


class Ahead:
    """Not thread-safe: its owner's lock guards it.

    What was read ahead is read anew after `forget`, which whoever changes a state calls. Where
    nothing was there, the journal is not asked again before `look_again`.
    """

    def __init__(self, journal: TransferStore, clock: Clock, read: Read) -> None:
        self._journal = journal
        self._clock = clock
        self._read = read
        self._ready: deque[Next] = deque()
        self._is_dry = False
        """Nothing was there. A worker asks for each answer that it awaits whether there is more."""

        self._begun: set[int] = set()
        """Saved as begun by this process, and not given to anybody yet."""

    def forget(self) -> None:
        self._ready.clear()
        self._is_dry = False

    def look_again(self) -> None:
        """There may be more than when it was looked last."""
        self._is_dry = False

    def peek(self, running: Collection[int]) -> Next | None:
        """The next that is not running."""
        ready = self._ready
        if not ready and not self._is_dry:
            waiting = [self._as_new(each) for each in self._read(_READ_AT_ONCE, running)]
            self._is_dry = not waiting
            are_small = list(map(is_small, waiting))
            is_begun = self._begin(compress(waiting, are_small))
            ready.extend(
                Next(each, settles_later=is_begun and its)
                for each, its in zip(waiting, are_small, strict=True)
            )
        while ready:
            following = ready[0]
            if following.transfer.id not in running:
                return following
            ready.popleft()
        return None

    def take(self, peeked: Next) -> None:
        """It is about to be sent."""
        assert self._ready[0] is peeked
        self._ready.popleft()
        self._begun.discard(peeked.transfer.id)

    def _as_new(self, transfer: Transfer) -> Transfer:
        """Nothing was sent of it yet, whatever the journal says for the case of a kill."""
        is_new = transfer.id in self._begun
        return replace(transfer, started_at=None) if is_new else transfer

    def _begin(self, small: Iterable[Transfer]) -> bool:
        new = [each.id for each in small if each.started_at is None]
        try:
            if new:
                self._journal.begin(new, self._clock.now())
        except JournalUnwritable:
            return False  # each will meet it, and wait for the disk
        self._begun.update(new)
        return True
