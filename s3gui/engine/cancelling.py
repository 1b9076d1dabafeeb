"""What is to be cancelled is written down first, so that no kill takes half of it back.

To change a million rows takes seconds, and to abort an upload may take minutes; the intention is
saved in a moment. It goes when all rows say so, and what was open on the services is dropped.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Sequence

from s3gui.core.errors import JournalUnwritable
from s3gui.engine.ports import TransferStore

_log = logging.getLogger(__name__)


class Cancelling:
    """Not thread-safe: its owner's lock guards it."""

    def __init__(self, journal: TransferStore) -> None:
        self._journal = journal
        self._waiting_for: dict[int, set[int]] = {}
        """By intention: what must leave before it is fulfilled."""

    def begin(self, ids: Sequence[int]) -> int:
        """Returns when it is saved."""
        return self._journal.save_cancel(ids)

    def left(self) -> dict[int, list[int]]:
        """The intentions of an earlier process, with the transfers that they are about."""
        cancels = self._journal.cancels()
        return {key: ids for key, ids in cancels.items() if key not in self._waiting_for}

    def decided(self, cancel_id: int, waiting_for: Collection[int]) -> None:
        """All rows say so but those that are still to leave, or whose uploads are dropped.

        The intention is about those alone from now on: others may be wanted again.
        """
        try:
            rest = self._journal.save_cancel(sorted(waiting_for)) if waiting_for else None
        except JournalUnwritable as error:
            _log.warning("an intention stays noted as it was: %s", error.detail)
            rest = cancel_id
        if rest is not None:
            self._waiting_for[rest] = set(waiting_for)
        self._waiting_for.setdefault(cancel_id, set())
        self.leave(())

    def leave(self, ids: Iterable[int]) -> None:
        """These have left."""
        if not self._waiting_for:
            return
        for cancel_id, waiting_for in list(self._waiting_for.items()):
            waiting_for.difference_update(ids)
            if not waiting_for:
                try:
                    self._journal.forget_cancel(cancel_id)
                except JournalUnwritable as error:
                    # Tried again when the next one leaves; cancelling twice does no harm.
                    _log.warning("a fulfilled intention stays noted: %s", error.detail)
                else:
                    del self._waiting_for[cancel_id]
