"""The two connections to the file of the queue: one that writes, one that only reads."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from s3gui.adapters.process_lock import ProcessLock
from s3gui.adapters.transfer_codec import Row
from s3gui.adapters.transfer_file import (
    connect,
    is_damage,
    is_fault_of_the_disk,
    is_unusable,
    migrate,
    suspicion,
)
from s3gui.core.errors import (
    JournalDamaged,
    JournalOnFailingDisk,
    JournalUnwritable,
    S3guiError,
)
from s3gui.core.transfer import Transfer
from s3gui.engine.together import Together

Value = TypeVar("Value")


class _Reader(NamedTuple):
    connection: sqlite3.Connection
    lock: threading.RLock


class Connections:
    """Reads have connections of their own and never wait for the writer.

    Nor do a few rows, for the window, wait for a list of a million ids. `path` may be `:memory:`;
    then all share one. `set_aside` names where a damaged queue was put.
    """

    warning: S3guiError | None = None
    """Something about where it lies that its user should know."""

    def __init__(self, path: Path | str) -> None:
        self.set_aside: Path | None = None
        self._lock_of_process: ProcessLock | None = None
        is_in_memory = str(path) == ":memory:"
        self._suspicion = None if is_in_memory else suspicion(Path(path))
        self._share(connect(path))
        try:
            migrate(self._writer)
            if not is_in_memory:
                self._of_rows = _Reader(connect(path), threading.RLock())
                self._of_ids = _Reader(connect(path), threading.RLock())
                for reader in (self._of_rows, self._of_ids):
                    reader.connection.execute("PRAGMA query_only = ON")
        except BaseException:
            self._writer.close()
            raise

    def _share(self, connection: sqlite3.Connection) -> None:
        """All that is read and written goes over this one."""
        self._writer = connection
        self._write_lock = threading.RLock()
        self._saving = Together[Transfer]()
        self._of_rows = self._of_ids = _Reader(connection, self._write_lock)

    def close(self) -> None:
        with self._write_lock, self._of_rows.lock, self._of_ids.lock:
            for connection in (self._of_rows.connection, self._of_ids.connection, self._writer):
                connection.close()
        self._left()
        if self._lock_of_process is not None:
            self._lock_of_process.release()

    def _left(self) -> None:
        """Called when nothing is written any more, and no other process may write yet."""

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """All of it is on the disk when it is left, or nothing. Raises JournalUnwritable."""
        with self._write_lock:
            try:
                self._writer.execute("BEGIN IMMEDIATE")
                yield self._writer
                self._writer.execute("COMMIT")
            except BaseException as error:
                with contextlib.suppress(sqlite3.Error):  # what happened before is the news
                    if self._writer.in_transaction:
                        self._writer.execute("ROLLBACK")
                told = self._told(error)
                if told is error:
                    raise
                raise told from error

    def _read(self, question: str, *values: object) -> list[Row]:
        return self._asked(self._of_rows, sqlite3.Cursor.fetchall, question, values)

    def _read_first(self, question: str, *values: object) -> list[Any]:
        """The first value of each row: of a million, no row is kept as well."""
        return self._asked(self._of_ids, lambda rows: [row[0] for row in rows], question, values)

    def _asked(
        self,
        reader: _Reader,
        take: Callable[[sqlite3.Cursor], list[Value]],
        question: str,
        values: tuple[object, ...],
    ) -> list[Value]:
        with reader.lock:
            try:
                return take(reader.connection.execute(question, values))
            except sqlite3.DatabaseError as error:
                told = self._told(error)
                if told is error:
                    raise
                raise told from error

    def _all(self, make: Callable[[Row], Value], question: str, *values: object) -> list[Value]:
        """The rows as what they stand for. Raises JournalUnwritable, JournalDamaged."""
        return self._made(make, self._read(question, *values))

    def _made(self, make: Callable[[Row], Value], rows: Sequence[Row]) -> list[Value]:
        try:
            return [make(row) for row in rows]
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise self._damaged(f"A row cannot be understood: {error!r}") from error

    def _told(self, error: BaseException) -> BaseException:
        """As the engine knows it, where the queue and not the question is at fault."""
        if is_damage(error):
            return self._damaged(str(error))
        if is_fault_of_the_disk(error):
            self._suspect()
            return JournalOnFailingDisk(detail=str(error))
        return JournalUnwritable(detail=str(error)) if is_unusable(error) else error

    def _damaged(self, detail: str) -> JournalDamaged:
        self._suspect()
        return JournalDamaged(detail=detail)

    def _suspect(self) -> None:
        """The next start looks at every row, and sets the queue aside if it is damaged."""
        if self._suspicion is not None:
            with contextlib.suppress(OSError):
                self._suspicion.touch(mode=0o600)
