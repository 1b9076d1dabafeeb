"""The order of what waits: which ranks put some transfers right before another."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from s3gui.core.transfer import TransferState
from s3gui.engine.order import TransferOrder
from s3gui.engine.ports import TransferStore


class Ranking:
    """Lets transfers that wait go before or after others; what runs goes on.

    `tell` is called with the ids whose place changed, after that was saved.
    """

    def __init__(self, journal: TransferStore, tell: Callable[[Sequence[int]], None]) -> None:
        self._journal = journal
        self._tell = tell

    def send_first(self, ids: Sequence[int]) -> None:
        _lowest, highest = self._journal.extreme_ranks()
        self._save(dict.fromkeys(ids, highest + 1))

    def send_last(self, ids: Sequence[int]) -> None:
        lowest, _highest = self._journal.extreme_ranks()
        self._save(dict.fromkeys(ids, lowest - 1))

    def send_before(self, ids: Sequence[int], before: int) -> None:
        """Right before another one that waits; first of all if that one does not."""
        order = self._journal.ids(states={TransferState.QUEUED}, order=TransferOrder.QUEUE)
        moved = set(ids) - {before}
        if before not in order:
            self.send_first(ids)
        elif moved:
            place = order.index(before)
            beside = self._journal.ranks(order[max(0, place - len(moved) - 1) : place + 1])
            self._save(ranks_before(order, moved, before, beside))

    def _save(self, ranks: dict[int, int]) -> None:
        self._journal.set_ranks(ranks)
        self._tell(list(ranks))


def ranks_before(
    order: Sequence[int], moved: Collection[int], before: int, ranks: Mapping[int, int]
) -> dict[int, int]:
    """New ranks, by id, so that `moved` come right before `before` and nothing else changes.

    `order` holds the ids as they would run, and `ranks` what they have now (0 where missing).
    Only the shorter side of `before` is numbered anew.

    >>> ranks_before([1, 2, 3, 4], [4], 2, {})
    {4: 1, 1: 2}
    """
    others = [each for each in order if each not in moved]
    place = others.index(before)
    above, below = others[:place], others[place:]
    if len(above) <= len(below):
        lowest = ranks.get(below[0], 0) + 1
        changed = dict.fromkeys(moved, lowest)
        changed |= {each: lowest + 1 + number for number, each in enumerate(reversed(above))}
    else:
        highest = ranks.get(above[-1], 0) - 1
        changed = dict.fromkeys(moved, highest)
        changed |= {each: highest - 1 - number for number, each in enumerate(below)}
    return changed
