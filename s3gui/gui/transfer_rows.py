"""Rows of the table, read by the page when they are looked at."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet

from s3gui.core.transfer import Batch, Destination, Transfer
from s3gui.engine.ports import TransferStore
from s3gui.gui.background import Background

ROWS_AT_ONCE = 128
_ROWS_KEPT = 4_096


class TransferRows:
    """Keeps the rows last looked at; `on_read` is told the ids of a page that has come."""

    def __init__(
        self,
        transfers: TransferStore,
        background: Background,
        on_read: Callable[[Sequence[int]], None],
    ) -> None:
        self._transfers = transfers
        self._background = background
        self._on_read = on_read
        self._kept: OrderedDict[int, Transfer | None] = OrderedDict()
        self._roots: dict[int, Destination] = {}
        self._wanted: list[int] = []
        self._is_reading = False

    def knows(self, transfer_id: int) -> bool:
        return transfer_id in self._kept

    def get(self, transfer_id: int) -> Transfer | None:
        """The row, None if it was not read yet or is gone."""
        if transfer_id not in self._kept:
            return None
        self._kept.move_to_end(transfer_id)
        return self._kept[transfer_id]

    def root(self, batch_id: int) -> Destination | None:
        """Where the batch goes."""
        return self._roots.get(batch_id)

    def want(self, ids: list[int]) -> None:
        """Read these in the background. While a page is read only the last wish is kept: the
        user may be flying through a million rows.
        """
        if self._is_reading:
            self._wanted = ids
            return
        missing = [each for each in ids if each not in self._kept]
        if not missing:
            return
        self._is_reading = True
        known = frozenset(self._roots)
        self._background.run(lambda: self._read(missing, known), self._take, self._give_up)

    def keep(self, transfer: Transfer) -> None:
        """A newer state of a row."""
        self._keep(transfer.id, transfer)

    def keep_batch(self, batch: Batch) -> None:
        self._roots[batch.id] = batch.destination

    def forget(self, ids: AbstractSet[int]) -> None:
        for transfer_id in self._kept.keys() & ids:
            del self._kept[transfer_id]

    def _read(
        self, ids: list[int], known_batches: frozenset[int]
    ) -> tuple[list[int], list[Transfer], list[Batch]]:
        """In a worker."""
        rows = self._transfers.transfers(ids)
        batch_ids = {row.batch_id for row in rows} - known_batches
        return ids, rows, [self._transfers.batch(each) for each in batch_ids]

    def _take(self, read: tuple[list[int], list[Transfer], list[Batch]]) -> None:
        ids, transfers, batches = read
        self._is_reading = False
        for batch in batches:
            self.keep_batch(batch)
        found = {transfer.id: transfer for transfer in transfers}
        for transfer_id in ids:
            if transfer_id not in self._kept:  # else an event brought a newer one meanwhile
                self._keep(transfer_id, found.get(transfer_id))
        self._on_read(ids)
        wanted, self._wanted = self._wanted, []
        self.want(wanted)

    def _give_up(self, _error: Exception) -> None:
        """The next look asks again."""
        self._is_reading = False

    def _keep(self, transfer_id: int, transfer: Transfer | None) -> None:
        self._kept[transfer_id] = transfer
        self._kept.move_to_end(transfer_id)
        if len(self._kept) > _ROWS_KEPT:
            self._kept.popitem(last=False)
