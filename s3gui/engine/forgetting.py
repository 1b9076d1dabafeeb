"""Finished transfers leave the table when they are older than was asked for."""

from __future__ import annotations

from s3gui.core.transfer import TransferState
from s3gui.engine.ports import TransferStore
from s3gui.engine.queue import TransferQueue

FINISHED = frozenset({TransferState.COMPLETED, TransferState.SKIPPED, TransferState.CANCELLED})
"""What failed is not: somebody may still want to know, or to try again."""

_SECONDS_A_DAY = 86_400


def forget_finished(
    queue: TransferQueue, journal: TransferStore, days: int, now_seconds: float
) -> None:
    """Remove what finished more than `days` ago, 0 for nothing; what is retried meanwhile stays.

    `now_seconds` since the epoch. Objects are not touched, and an upload that one of them left
    open on a service is remembered (`TransferStore.asked_uploads`).
    """
    if days <= 0:
        return
    old = journal.ids(states=FINISHED, before=now_seconds - days * _SECONDS_A_DAY)
    queue.remove(old, only=FINISHED)
