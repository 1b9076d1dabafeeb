"""The queue as a process needs it: its own, in memory beside another's, or another's to be read."""

from __future__ import annotations

import logging
import sqlite3
import time
from pathlib import Path
from typing import Self

from s3gui.adapters.transfer_db import TransferDb
from s3gui.adapters.transfer_file import QueueInUse, place_errors, refuse_newer
from s3gui.adapters.transfer_notes import NotedTransfers, left_open, take_in
from s3gui.adapters.transfer_place import (
    is_put_back,
    news_of_network_disk,
    remember,
)
from s3gui.adapters.transfer_schema import MIGRATIONS
from s3gui.core.errors import JournalUnwritable
from s3gui.core.transfer import AskedUpload, Transfer

_log = logging.getLogger(__name__)
_NOTES = "open-uploads"


def open_transfers(home: Path, *, keep_queue: bool, reads_queue: bool = False) -> TransferDb:
    """As `bootstrap.open_workspace` says. Raises QueueInUse, QueueUnavailable."""
    path = home / "transfers.sqlite"
    if reads_queue:
        return TransfersOfAnother(path)
    return OwnTransfers.open(path) if keep_queue else noted_transfers(home)


def noted_transfers(home: Path, *, must_note: bool = True) -> NotedTransfers:
    """Rows that end with the process. Their open uploads can be found by the queue's owner."""
    return NotedTransfers(home / _NOTES, must_note=must_note)


class OwnTransfers(TransferDb):
    """The queue itself. It names what killed processes beside it left open, too."""

    def __init__(self, path: Path | str) -> None:
        super().__init__(path)
        self._notes = Path(path).with_name(_NOTES)
        self._path = Path(path)

    @classmethod
    def open(cls, path: Path) -> Self:
        was_put_back = is_put_back(path)
        queue = super().open(path)
        queue.warning = queue.warning or news_of_network_disk(path)
        if was_put_back and queue.set_aside is None:
            queue.doubt_beginnings()
        remember(path, is_closed=False)
        return queue

    def doubt_beginnings(self) -> None:
        """What a backup says was never begun may have been stored since: it is looked at first."""
        try:
            with self._transaction() as db:
                db.execute(
                    "UPDATE transfer SET started_at = ? WHERE started_at IS NULL"
                    " AND state NOT IN ('completed', 'skipped', 'cancelled')",
                    (time.time(),),
                )
        except JournalUnwritable as error:
            _log.warning("a queue from a backup is taken as it is: %s", error.detail)

    def _left(self) -> None:
        if self._lock_of_process is not None:
            remember(self._path, is_closed=True)

    def asked_uploads(self) -> list[AskedUpload]:
        try:
            take_in(self._notes, self)
        except JournalUnwritable as error:
            _log.warning("what is noted of open uploads cannot be taken in yet: %s", error.detail)
        return super().asked_uploads()


class TransfersOfAnother(TransferDb):
    """The queue as its owner last wrote it. This process writes nothing there, nor need it.

    A connection that only reads resets no log: one process still writes, by one connection.
    """

    def __init__(self, path: Path) -> None:
        self.set_aside = None
        self._lock_of_process = self._suspicion = None
        self._notes = path.with_name(_NOTES)
        with place_errors(path):
            uri = f"{path.absolute().as_uri()}?mode=ro"
            db = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False)
            try:
                (version,) = db.execute("PRAGMA user_version").fetchone()
            except BaseException:
                db.close()
                raise
        if version != len(MIGRATIONS):
            db.close()
            refuse_newer(path, version)
            raise QueueInUse
        self._share(db)

    def asked_uploads(self) -> list[AskedUpload]:
        return [*super().asked_uploads(), *left_open(self._notes)]

    def forget_asked(self, asked_id: int, *, named_by: Transfer | None = None) -> None:
        """Its owner will find out as well."""
