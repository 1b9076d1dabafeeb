"""What processes that do not own the queue have open on services, noted where its owner finds it.

Each such process has a file of its own, and a lock that ends with it: a file that nobody holds was
left by a process that was killed. Nobody is made to wait for the queue, and nothing is written but
by uploads in parts.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from s3gui.adapters.process_lock import ProcessLock
from s3gui.adapters.transfer_codec import asked_from, asked_row
from s3gui.adapters.transfer_db import TransferDb
from s3gui.core.errors import JournalUnwritable
from s3gui.core.transfer import AskedUpload, Transfer
from s3gui.engine.ports import TransferStore

_log = logging.getLogger(__name__)
_NOTE = ".jsonl"


class NotedTransfers(TransferDb):
    """Rows in memory; the multipart uploads that they have open are noted on the disk as well.

    `folder` is made when something is to be noted. Where nothing can be noted there, an upload
    is refused with JournalUnwritable, or with `must_note` False goes on without a trace.
    """

    def __init__(self, folder: Path, *, must_note: bool = True) -> None:
        super().__init__(":memory:")
        self._path = folder / f"{os.urandom(16).hex()}{_NOTE}"
        self._must_note = must_note
        self._lock_of_note: ProcessLock | None = None
        self._file: int | None = None
        self._noted = "[]"

    def save_asked(self, asked: AskedUpload) -> int:
        asked_id = super().save_asked(asked)
        try:
            self._note()
        except JournalUnwritable:
            super().forget_asked(asked_id)
            raise
        return asked_id

    def forget_asked(self, asked_id: int, *, named_by: Transfer | None = None) -> None:
        super().forget_asked(asked_id, named_by=named_by)
        self._note()

    def save(self, transfer: Transfer) -> None:
        super().save(transfer)
        self._note()

    def save_ends(self, transfers: Sequence[Transfer]) -> None:
        super().save_ends(transfers)
        self._note()

    def close(self) -> None:
        super().close()
        if self._file is not None:
            os.close(self._file)
            self._file = None
        if self._lock_of_note is not None:
            self._lock_of_note.release()
            _lock_path(self._path).unlink(missing_ok=True)
            self._lock_of_note = None

    def _note(self) -> None:
        """Returns when it is on the disk. A line tells all that is open; the last one counts."""
        with self._write_lock:
            line = json.dumps([asked_row(each) for each in self.asked_uploads()])
            if line == self._noted:
                return
            try:
                if line == "[]":
                    self._end()
                else:
                    self._write(line)
            except OSError as error:
                if self._must_note:
                    raise JournalUnwritable(detail=str(error)) from error
                _log.warning("open uploads cannot be noted in %s: %s", self._path.parent, error)
            self._noted = line

    def _write(self, line: str) -> None:
        if self._file is None:
            self._file = self._begin()
        # A line that a full disk cut off must not spoil the next: that begins with an end.
        rest = memoryview(f"\n{line}\n".encode())
        while rest:
            rest = rest[os.write(self._file, rest) :]
        os.fsync(self._file)

    def _begin(self) -> int:
        folder = self._path.parent
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self._lock_of_note is None:
            lock = ProcessLock(_lock_path(self._path))
            lock.acquire()
            self._lock_of_note = lock
        file = os.open(self._path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
        if os.name == "posix":  # else the name may be lost with the power
            try:
                _sync(folder)
            except OSError:
                os.close(file)
                raise
        return file

    def _end(self) -> None:
        """A note that stays, because the disk takes no change, does no harm: services know more."""
        if self._file is not None:
            os.close(self._file)
            self._file = None
        with suppress(OSError):
            self._path.unlink(missing_ok=True)


def take_in(folder: Path, journal: TransferStore) -> None:
    """Let the queue name what processes left open that were killed. Raises JournalUnwritable."""
    for path in _notes(folder):
        with _left(path) as asked_uploads:
            if asked_uploads is None:
                continue
            for asked in asked_uploads:
                journal.save_asked(asked)
            # A kill before this names them twice, which does no harm.
            with suppress(OSError):
                path.unlink(missing_ok=True)


def left_open(folder: Path) -> list[AskedUpload]:
    """What `take_in` would take in."""
    found: list[AskedUpload] = []
    for path in _notes(folder):
        with _left(path) as asked_uploads:
            found += asked_uploads or []
    return found


def _notes(folder: Path) -> list[Path]:
    try:
        return sorted(folder.glob(f"*{_NOTE}"))
    except OSError:
        return []


@contextmanager
def _left(path: Path) -> Iterator[list[AskedUpload] | None]:
    """What a process left that ended; None where it lives, or ended well meanwhile."""
    lock = ProcessLock(_lock_path(path))
    try:
        if not lock.acquire():
            yield None
            return
    except OSError:
        yield None
        return
    try:
        yield _read(path)
    finally:
        lock.release()
        if not path.exists():
            with suppress(OSError):
                _lock_path(path).unlink(missing_ok=True)


def _read(path: Path) -> list[AskedUpload] | None:
    """A line that was cut by a power failure is no line: what it told had not been asked yet."""
    try:
        lines = path.read_bytes().split(b"\n")[:-1]
    except OSError:
        return None
    for line in reversed(lines):
        with suppress(ValueError, TypeError, KeyError, IndexError, AttributeError):
            return [asked_from((0, *row)) for row in json.loads(line)]
    return []


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _lock_path(path: Path) -> Path:
    return path.with_suffix(".lock")
