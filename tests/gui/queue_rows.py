"""Rows in a journal in memory, and their states changed as the engine does it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from s3gui.core.errors import Failure
from s3gui.core.events import (
    BatchAdded,
    Event,
    TransferChanged,
    TransfersAdded,
    TransfersChanged,
    TransfersRemoved,
)
from s3gui.core.profile import Profile
from s3gui.core.transfer import Batch, Destination, Transfer, TransferState
from s3gui.engine.ports import TransferStore

PROFILE = Profile("profile", "Photos", region="us-east-1", access_key_id="AKIDEXAMPLE")
PLACE = Destination("photos", "raw/")


class QueueRows:
    """Saves first, then tells `publish`: like the queue, without moving bytes."""

    def __init__(self, journal: TransferStore, publish: Callable[[Event], None]) -> None:
        self.journal = journal
        self.publish = publish
        self.threads: set[int] = set()

    def batch(self, name: str = "Card 1", place: Destination = PLACE) -> Batch:
        batch = self.journal.add_batch(Batch(name, place, PROFILE))
        self.publish(BatchAdded(batch))
        return batch

    def add(self, count: int, batch: Batch | None = None, *, size: int = 100) -> list[int]:
        batch = batch or self.batch()
        rows = [
            Transfer(
                batch.id,
                f"/home/ada/{number:03}.nef",
                Destination(batch.destination.bucket, f"{batch.destination.key}{number:03}.nef"),
                size,
            )
            for number in range(count)
        ]
        ids = self.journal.add_transfers(rows)
        self.publish(TransfersAdded(batch.id, tuple(ids), is_last=True))
        return ids

    def change(
        self,
        transfer_id: int,
        state: TransferState,
        *,
        sent_bytes: int = 0,
        failure: Failure | None = None,
    ) -> Transfer:
        row = self.journal.transfer(transfer_id)
        assert row is not None
        row = replace(row, state=state, sent_bytes=sent_bytes, failure=failure)
        self.journal.save(row)
        self.publish(TransferChanged(row))
        return row

    def change_many(self, ids: Sequence[int], state: TransferState) -> None:
        changed = self.journal.set_states(ids, state, only=set(TransferState))
        self.publish(TransfersChanged(tuple(changed)))

    def remove(self, ids: Sequence[int]) -> None:
        self.journal.remove(ids)
        self.publish(TransfersRemoved(tuple(ids)))
