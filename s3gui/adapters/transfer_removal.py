"""Rows leave the queue, and so do batches that are empty then."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Sequence

from s3gui.adapters.transfer_ids import conditions
from s3gui.core.transfer import TransferState


def remove_rows(
    db: sqlite3.Connection, ids: Sequence[int], only: Collection[TransferState] | None
) -> list[int]:
    """Of these those in one of the states `only`, None for all; returns which.

    The transaction is the caller's.
    """
    gone: list[int] = []
    batch_ids: set[int] = set()
    states = [] if only is None else [each.value for each in only]
    of_states = "" if only is None else f" AND state IN ({', '.join('?' * len(states))})"
    for condition, some in conditions(ids):
        delete = f"DELETE FROM transfer WHERE {condition}{of_states} RETURNING id, batch_id"  # noqa: S608
        for transfer_id, batch_id in db.execute(delete, (*some, *states)).fetchall():
            gone.append(transfer_id)
            batch_ids.add(batch_id)
    # Of these batches only: another may have been added a moment ago, still empty.
    for table, column in (("batch_count", "batch_id"), ("batch", "id")):
        db.executemany(
            f"DELETE FROM {table} WHERE {column} = ? AND NOT EXISTS"  # noqa: S608
            f" (SELECT 1 FROM transfer WHERE transfer.batch_id = {table}.{column})",
            [(each,) for each in batch_ids],
        )
    return sorted(gone)
