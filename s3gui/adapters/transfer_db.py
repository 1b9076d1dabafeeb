"""The queue on disk: SQLite, one writer, every answer given after the disk has it."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Self

from s3gui.adapters import transfer_questions as questions
from s3gui.adapters.process_lock import ProcessLock
from s3gui.adapters.transfer_check import check_opened
from s3gui.adapters.transfer_codec import (
    END_COLUMNS,
    TRANSFER_COLUMNS,
    Row,
    asked_from,
    asked_row,
    batch_from,
    batch_row,
    ends_text,
    failure_text,
    part_from,
    part_row,
    transfer_from,
    transfer_row,
)
from s3gui.adapters.transfer_connections import Connections
from s3gui.adapters.transfer_file import (
    QueueInUse,
    QueueUnavailable,
    check_sound,
    is_fault_of_the_place,
    is_to_be_read,
    lock_for,
    make_private,
    place_errors,
    set_aside,
    set_aside_orphans,
    suspicion,
)
from s3gui.adapters.transfer_ids import conditions, ranges
from s3gui.adapters.transfer_new_rows import NewRows
from s3gui.adapters.transfer_place import is_as_left, news_of_missing, set_aside_emptied
from s3gui.adapters.transfer_removal import remove_rows
from s3gui.core.errors import Failure
from s3gui.core.profile import Profile
from s3gui.core.transfer import AskedUpload, Batch, CompletedPart, Transfer, TransferState
from s3gui.engine.order import TransferOrder
from s3gui.engine.ports import Count

__all__ = ["QueueInUse", "QueueUnavailable", "TransferDb"]

_COLUMNS = ", ".join(TRANSFER_COLUMNS)
_SELECT = f"SELECT id, {_COLUMNS} FROM transfer"  # noqa: S608 - constant names
_UPDATE = (
    f"UPDATE transfer SET ({_COLUMNS}) = ({', '.join('?' * len(TRANSFER_COLUMNS))}) WHERE id = ?"  # noqa: S608
)
_UPDATE_ENDS = (
    f"UPDATE transfer SET {', '.join(f'{name} = new.{name}' for name in END_COLUMNS)},"  # noqa: S608
    " waiting_for = NULL, failure = NULL, upload_id = NULL, upload_checksum = NULL"
    " FROM (SELECT json_extract(value, '$[0]') AS id, "
    + ", ".join(
        f"json_extract(value, '$[{place}]') AS {name}" for place, name in enumerate(END_COLUMNS, 1)
    )
    + " FROM json_each(?)) AS new WHERE transfer.id = new.id"
)
"""In one step: at each of SQLite's steps the interpreter's lock changes hands."""


class TransferDb(Connections):
    """Implements `s3gui.engine.ports.TransferStore`."""

    @classmethod
    def open(cls, path: Path) -> Self:
        """The queue in this file, for this process alone. Raises QueueInUse, QueueUnavailable.

        A file that is not a sound database is set aside under a new name, and a clean queue
        is started: no start may fail for it. A sound one of a newer program is left alone.
        """
        lock = lock_for(path)
        try:
            with place_errors(path):
                return cls._open_locked(path, lock)
        except BaseException:
            lock.release()
            raise

    @classmethod
    def _open_locked(cls, path: Path, lock: ProcessLock) -> Self:
        aside = set_aside_orphans(path) or set_aside_emptied(path)
        missing = news_of_missing(path) if aside is None else None
        make_private(path)
        try:
            check_sound(path, is_as_left=is_as_left(path))
            db = cls(path)
            check_opened(db, db._writer, is_whole=is_to_be_read(path))
        except sqlite3.DatabaseError as error:
            if is_fault_of_the_place(error):
                raise
            aside = set_aside(path)
            make_private(path)
            db = cls(path)
        db.set_aside, db.warning, db._lock_of_process = aside, missing, lock
        suspicion(path).unlink(missing_ok=True)
        return db

    # Batches and rows.

    def add_batch(self, batch: Batch) -> Batch:
        with self._transaction() as db:
            row = db.execute(
                "INSERT INTO batch (created_at, name, bucket, key, profile)"
                " VALUES (?, ?, ?, ?, ?) RETURNING id, created_at, name, bucket, key, profile",
                (time.time(), *batch_row(batch)),
            ).fetchone()
        return batch_from(row)

    def add_transfers(self, transfers: Sequence[Transfer]) -> list[int]:
        if not transfers:
            return []
        rows = NewRows(transfers)
        at_once = rows.statement()
        with self._transaction() as db:
            if at_once is None:
                db.executemany(*rows.statements())
            else:
                db.execute(*at_once)
            (last,) = db.execute(
                "SELECT seq FROM sqlite_sequence WHERE name = 'transfer'"
            ).fetchone()
        # AUTOINCREMENT counts on by one within a transaction.
        return list(range(last - len(transfers) + 1, last + 1))

    def batch(self, batch_id: int) -> Batch:
        found = self._batches("WHERE id = ?", batch_id)
        if not found:
            raise self._damaged(f"Batch {batch_id} is missing.")
        return found[0]

    def batches(self, newest: int) -> list[Batch]:
        return self._batches("ORDER BY id DESC LIMIT ?", newest)

    def transfer(self, transfer_id: int) -> Transfer | None:
        return next(iter(self.transfers([transfer_id])), None)

    def transfers(self, ids: Sequence[int]) -> list[Transfer]:
        found = {}
        for condition, some in conditions(ids):
            for each in self._all(transfer_from, f"{_SELECT} WHERE {condition}", *some):
                found[each.id] = each
        return [found[each] for each in ids if each in found]

    def with_upload(self, ids: Sequence[int]) -> list[Transfer]:
        return [
            each
            for condition, some in conditions(ids)
            for each in self._all(
                transfer_from,
                f"{_SELECT} WHERE upload_id IS NOT NULL AND {condition} ORDER BY id",
                *some,
            )
        ]

    def save(self, transfer: Transfer) -> None:
        self._saving.add(transfer, self._save)

    def _save(self, transfers: Sequence[Transfer]) -> None:
        rows = [(*transfer_row(transfer), transfer.id) for transfer in transfers]
        with self._transaction() as db:
            db.executemany(_UPDATE, rows)

    def save_ends(self, transfers: Sequence[Transfer]) -> None:
        rows = ends_text(transfers)
        with self._transaction() as db:
            db.execute(_UPDATE_ENDS, (rows,))

    def begin(self, ids: Sequence[int], started_at: float) -> None:
        update = "UPDATE transfer SET started_at = coalesce(started_at, ?) WHERE "
        with self._transaction() as db:
            for condition, some in conditions(ids):
                db.execute(update + condition, (started_at, *some))

    def remove(
        self, ids: Sequence[int], *, only: Collection[TransferState] | None = None
    ) -> list[int]:
        with self._transaction() as db:
            return remove_rows(db, ids, only)

    # Questions.

    def ids(
        self,
        *,
        states: Iterable[TransferState] | None = None,
        batch_id: int | None = None,
        text: str = "",
        needs_person: bool = False,
        before: float | None = None,
        order: TransferOrder = TransferOrder.AGE,
        is_reversed: bool = False,
    ) -> list[int]:
        condition, values = questions.where(
            states=states, batch_id=batch_id, text=text, needs_person=needs_person, before=before
        )
        by = questions.order_by(order, is_reversed=is_reversed)
        question = f"SELECT id FROM transfer WHERE {condition} ORDER BY {by}"  # noqa: S608
        return self._read_first(question, *values)

    def failed_by_code(self) -> dict[str, list[int]]:
        question = "SELECT json_extract(failure, '$.code'), id FROM transfer WHERE state = 'failed'"
        found: dict[str, list[int]] = {}
        for code, transfer_id in self._read(f"{question} ORDER BY id"):
            if code is not None:
                found.setdefault(code, []).append(transfer_id)
        return found

    def next_queued(
        self,
        limit: int,
        batch_id: int | None = None,
        *,
        but_not: Collection[str] = (),
        running: Collection[int] = (),
    ) -> list[Transfer]:
        batches: list[int] | None = None
        if batch_id is not None or but_not:
            question, values = questions.batches_with_queued(batch_id, but_not)
            batches = [row[0] for row in self._read(question, *values)]
        rows: list[Row] = []
        for rest, values in questions.queued(batches):
            if len(rows) < limit:
                question = f"SELECT id, {_COLUMNS} {rest} ORDER BY rank DESC, id LIMIT ?"
                read = self._read(question, *values, limit - len(rows) + len(running))
                rows += [row for row in read if row[0] not in running]
        return self._made(transfer_from, rows[:limit])

    def set_ranks(self, ranks: Mapping[int, int]) -> None:
        with self._transaction() as db:
            db.executemany(
                "UPDATE transfer SET rank = ? WHERE id = ?",
                [(rank, transfer_id) for transfer_id, rank in ranks.items()],
            )

    def ranks(self, ids: Sequence[int]) -> dict[int, int]:
        found: dict[int, int] = {}
        for condition, some in conditions(ids):
            found.update(self._read(f"SELECT id, rank FROM transfer WHERE {condition}", *some))  # noqa: S608
        return found

    def extreme_ranks(self) -> tuple[int, int]:
        ((lowest, highest),) = self._read(
            "SELECT min(rank), max(rank) FROM transfer INDEXED BY transfer_by_rank"
            " WHERE rank <> 0 AND state = 'queued'"
        )
        return min(0, lowest or 0), max(0, highest or 0)

    def waiting(self, profile_id: str) -> list[int]:
        question = (
            "SELECT id FROM transfer WHERE state = 'waiting'"  # noqa: S608
            f" AND batch_id IN ({questions.batches_of([profile_id])}) ORDER BY id"
        )
        return [row[0] for row in self._read(question, profile_id)]

    def fail_queued(self, batch_id: int, failure: Failure) -> list[int]:
        with self._transaction() as db:
            rows = db.execute(
                "UPDATE transfer SET state = 'failed', failure = ?, ended_at = ?"
                " WHERE batch_id = ? AND state = 'queued' RETURNING id",
                (failure_text(failure), time.time(), batch_id),
            ).fetchall()
        return sorted(row[0] for row in rows)

    def check_writable(self) -> None:
        with self._transaction() as db:
            db.execute("CREATE TABLE probe (filling)")
            db.execute("INSERT INTO probe VALUES (zeroblob(65536))")
            db.execute("DROP TABLE probe")

    def counts(self, batch_id: int | None = None) -> dict[TransferState, Count]:
        where = "WHERE batch_id = ?" if batch_id is not None else ""
        also = "AND batch_id = ?" if batch_id is not None else ""
        values = [batch_id] if batch_id is not None else []
        rows = self._all(
            lambda row: (TransferState(row[0]), Count(*row[1:])),
            "SELECT state, sum(files), sum(bytes), sum(sent_bytes),"  # noqa: S608
            " (SELECT count(*) FROM transfer INDEXED BY transfer_of_unknown_size"
            f" WHERE size IS NULL AND transfer.state = batch_count.state {also})"
            f" FROM batch_count {where} GROUP BY state",
            *values,
            *values,
        )
        return {state: count for state, count in rows if count.files}

    def set_states(
        self, ids: Sequence[int], state: TransferState, *, only: Iterable[TransferState]
    ) -> list[int]:
        before = [each.value for each in only]
        ended_at = time.time() if state.is_ended else None
        changed = []
        with self._transaction() as db:
            for condition, some in conditions(ids):
                rows = db.execute(
                    "UPDATE transfer SET state = ?, waiting_for = NULL, ended_at = ?,"  # noqa: S608
                    " failure = CASE WHEN ? = 'queued' THEN NULL ELSE failure END"
                    f" WHERE {condition}"
                    f" AND state IN ({', '.join('?' * len(before))}) RETURNING id",
                    (state.value, ended_at, state.value, *some, *before),
                )
                changed += sorted(row[0] for row in rows)
        return changed

    # What is to be cancelled.

    def save_cancel(self, ids: Sequence[int]) -> int:
        with self._transaction() as db:
            (cancel_id,) = db.execute("SELECT coalesce(max(id), 0) + 1 FROM cancel").fetchone()
            rows = ((cancel_id, first, last) for first, last in ranges(ids))
            db.executemany("INSERT INTO cancel (id, first, last) VALUES (?, ?, ?)", rows)
        return int(cancel_id)

    def forget_cancel(self, cancel_id: int) -> None:
        with self._transaction() as db:
            db.execute("DELETE FROM cancel WHERE id = ?", (cancel_id,))

    def cancels(self) -> dict[int, list[int]]:
        question = "SELECT cancel.id, transfer.id FROM cancel LEFT JOIN transfer"
        found: dict[int, list[int]] = {}
        for cancel_id, transfer_id in self._read(
            f"{question} ON transfer.id BETWEEN first AND last ORDER BY cancel.id, transfer.id"
        ):
            found.setdefault(cancel_id, []).extend([] if transfer_id is None else [transfer_id])
        return found

    # Parts.

    def save_parts(self, transfer_id: int, parts: Sequence[CompletedPart], sent_bytes: int) -> None:
        with self._transaction() as db:
            db.executemany(
                "INSERT OR REPLACE INTO part (transfer_id, number, size, etag, checksum)"
                " VALUES (?, ?, ?, ?, ?)",
                [(transfer_id, *part_row(part)) for part in parts],
            )
            db.execute("UPDATE transfer SET sent_bytes = ? WHERE id = ?", (sent_bytes, transfer_id))

    def parts(self, transfer_id: int) -> list[CompletedPart]:
        question = "SELECT number, size, etag, checksum FROM part WHERE transfer_id = ?"
        return self._all(part_from, f"{question} ORDER BY number", transfer_id)

    def forget_parts(self, transfer_id: int) -> None:
        with self._transaction() as db:
            db.execute("DELETE FROM part WHERE transfer_id = ?", (transfer_id,))

    # Multipart uploads on the services.

    def save_asked(self, asked: AskedUpload) -> int:
        with self._transaction() as db:
            insert = "INSERT INTO asked_upload (asked_at, profile, bucket, key, upload_id)"
            found = db.execute(f"{insert} VALUES (?, ?, ?, ?, ?) RETURNING id", asked_row(asked))
            return int(found.fetchone()[0])

    def forget_asked(self, asked_id: int, *, named_by: Transfer | None = None) -> None:
        with self._transaction() as db:
            if named_by is not None:
                db.execute(_UPDATE, (*transfer_row(named_by), named_by.id))
            db.execute("DELETE FROM asked_upload WHERE id = ?", (asked_id,))

    def asked_uploads(self) -> list[AskedUpload]:
        columns = "id, asked_at, profile, bucket, key, upload_id"
        found = self._all(asked_from, f"SELECT {columns} FROM asked_upload ORDER BY id")  # noqa: S608
        profiles: dict[int, Profile] = {}
        question = f"{_SELECT} WHERE upload_id IS NOT NULL ORDER BY id"
        for transfer in self._all(transfer_from, question):
            if transfer.batch_id not in profiles:
                profiles[transfer.batch_id] = self.batch(transfer.batch_id).profile
            found.append(_asked_by(transfer, profiles[transfer.batch_id]))
        return found

    # Inside.

    def _batches(self, which: str, value: int) -> list[Batch]:
        select = "SELECT id, created_at, name, bucket, key, profile FROM batch "
        return self._all(batch_from, select + which, value)


def _asked_by(transfer: Transfer, profile: Profile) -> AskedUpload:
    multipart = transfer.multipart
    assert multipart is not None
    return AskedUpload(
        profile,
        transfer.destination,
        transfer.started_at or 0.0,
        upload_id=multipart.upload_id,
        transfer=transfer,
    )
