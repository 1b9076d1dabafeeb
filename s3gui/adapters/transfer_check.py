"""Whether a queue is still what was written: a sound file can hold damaged values."""

from __future__ import annotations

import contextlib
import sqlite3

from s3gui.adapters.transfer_file import migrate
from s3gui.core.errors import JournalDamaged, JournalUnwritable
from s3gui.engine.ports import TransferStore

_ALL = -1


def check_opened(journal: TransferStore, db: sqlite3.Connection, *, is_whole: bool) -> None:
    """Close it and raise sqlite3.DatabaseError where it cannot be used.

    `is_whole`: look at every row, too.
    """
    try:
        _check_schema(db)
        if is_whole:
            _check_references(db)
            _check_readable(journal)
    except BaseException:
        journal.close()
        raise


def _check_schema(db: sqlite3.Connection) -> None:
    """Tables, indexes and triggers read as they were made."""
    with contextlib.closing(sqlite3.connect(":memory:", isolation_level=None)) as new:
        migrate(new)
        if not _schema(new) <= _schema(db):
            raise sqlite3.DatabaseError("The schema is not that of its version.")


def _check_references(db: sqlite3.Connection) -> None:
    if db.execute("PRAGMA foreign_key_check").fetchone() is not None:
        raise sqlite3.DatabaseError("A row belongs to another that is missing.")


def _check_readable(journal: TransferStore) -> None:
    try:
        for transfer in journal.transfers(journal.ids()):
            if transfer.multipart is not None:
                journal.parts(transfer.id)
        journal.batches(_ALL)
        journal.counts()
        journal.asked_uploads()
    except JournalDamaged as error:
        raise sqlite3.DatabaseError(error.detail) from error
    except JournalUnwritable as error:
        # What SQLite said tells whether the disk or the row is at fault.
        raise error.__cause__ or error from None


def _schema(db: sqlite3.Connection) -> set[tuple[str, ...]]:
    question = "SELECT type, name, tbl_name, sql FROM sqlite_master"
    return set(db.execute(question))
