"""The receipt and the addresses of what a round of work stored."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from s3gui.core.errors import InputError
from s3gui.core.profile import Profile
from s3gui.core.transfer import Batch, Destination, Transfer, TransferState
from s3gui.engine.ports import ObjectStore, TransferStore

MOST_LINKS = 10_000
"""A clipboard is no place for a million."""

_READ_AT_ONCE = 500
_IN_RECEIPT = frozenset({TransferState.COMPLETED, TransferState.FAILED, TransferState.SKIPPED})

AddressOf = Callable[[ObjectStore, Destination], str]


class RoundReport:
    """Blocks, and belongs into the background. `ids` as in RoundSummary."""

    def __init__(
        self, transfers: TransferStore, store_for: Callable[[Profile], ObjectStore]
    ) -> None:
        self._transfers = transfers
        self._store_for = store_for

    def save(self, path: Path, ids: Iterable[int]) -> None:
        """A new file, JSON or CSV by the ending of its name.

        Raises InputError where there is one of that name, ReceiptUnwritable.
        """
        from s3gui.engine.receipt import transfer_row, write_receipt

        if os.path.lexists(path):
            raise InputError(f"“{path.name}” exists already, and a receipt replaces no file.")
        numbers = sorted(set(ids))
        write_receipt(path, map(transfer_row, self._ended(numbers)), self._service(numbers))

    def links(self, ids: Iterable[int], address_of: AddressOf | None = None) -> list[str]:
        """Addresses of what was stored, the oldest first; at most MOST_LINKS.

        Without `address_of` they are of the form s3://BUCKET/KEY, for which no service is needed.
        """
        stores: dict[int, ObjectStore] = {}
        links: list[str] = []
        for transfer in self._ended(sorted(set(ids))):
            if transfer.state is not TransferState.COMPLETED:
                continue
            if address_of is None:
                links.append(str(transfer.destination))
            else:
                if transfer.batch_id not in stores:
                    profile = self._transfers.batch(transfer.batch_id).profile
                    stores[transfer.batch_id] = self._store_for(profile)
                links.append(address_of(stores[transfer.batch_id], transfer.destination))
            if len(links) >= MOST_LINKS:
                break
        return links

    def _ended(self, numbers: list[int]) -> Iterator[Transfer]:
        for first in range(0, len(numbers), _READ_AT_ONCE):
            for transfer in self._transfers.transfers(numbers[first : first + _READ_AT_ONCE]):
                if transfer.state in _IN_RECEIPT:
                    yield transfer

    def _service(self, numbers: list[int]) -> str:
        """Of the first connection; several have their buckets in the rows."""
        batches: Iterator[Batch] = (
            self._transfers.batch(transfer.batch_id) for transfer in self._ended(numbers)
        )
        first = next(batches, None)
        return first.profile.host if first is not None else ""
