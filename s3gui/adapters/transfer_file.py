"""The file of the queue: opened where it is sound, set aside where it is not.

One process opens it, and that process writes through one connection. SQLite before 3.51.3 can
reset its log wrongly when several connections write and checkpoint at once: there is only one.
"""

from __future__ import annotations

import contextlib
import errno
import os
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from s3gui.adapters.process_lock import ProcessLock
from s3gui.adapters.transfer_schema import MIGRATIONS
from s3gui.core.errors import S3guiError
from s3gui.core.provider import MIB

_LOG = "-wal"
_OLDEST_SQLITE = (3, 35, 0)
"""The first that knows RETURNING."""

_SOON_READ_BYTES = 4 * MIB
"""Some 30,000 transfers: all of it is read in a part of a second."""

_EVERY_PAGE = (
    "SELECT count(*) FROM transfer NOT INDEXED WHERE length(key) < 0",
    "SELECT count(*) FROM transfer INDEXED BY transfer_by_state WHERE state >= ''",
    "SELECT count(*) FROM transfer INDEXED BY transfer_by_batch WHERE batch_id >= 0",
)
"""Of the rows and of their indexes: a page that is none is met."""

_FAULTS_OF_THE_PLACE = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOLFS,
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_PROTOCOL,
        sqlite3.SQLITE_READONLY,
    }
)
"""The folder or the disk cannot be used; the queue in it may well be sound."""


_NO_ROOM = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_SHMSIZE})
"""A full disk, met in the file itself, or in the memory beside it that SQLite makes first."""

_MOST_VERSIONS = 1000
"""More will never be: such a number is damage."""

_DAMAGES = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_DAMAGED_VALUES = ("Could not decode to UTF-8", "malformed JSON")


class QueueInUse(S3guiError):
    code = "queue-in-use"
    title = "Another s3gui owns the queue"
    hint = "Use the window that is open, or close it first."


class QueueUnavailable(S3guiError):
    code = "queue-unavailable"
    title = "The queue cannot be kept there"
    hint = "Set S3GUI_HOME to a folder on a local disk that you may write to."


class DiskFull(QueueUnavailable):
    title = "The disk of the queue is full"
    hint = "Free some space, or set S3GUI_HOME to a folder on another disk."


class QueueForbidden(QueueUnavailable):
    title = "The queue may not be read and written"
    hint = "Give yourself that permission back; another S3GUI_HOME would begin another queue."


class QueueOfNewer(QueueUnavailable):
    title = "The queue was written by a newer s3gui"
    hint = "Start that one, or set S3GUI_HOME to another folder."


def lock_for(path: Path) -> ProcessLock:
    """The lock of the queue in `path`, taken. Raises QueueInUse, QueueUnavailable."""
    lock = ProcessLock(path.with_suffix(".lock"))
    with place_errors(path):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        is_ours = lock.acquire()
    if not is_ours:
        raise QueueInUse
    return lock


def make_private(path: Path) -> None:
    """Let the file be there, and be its owner's alone, before SQLite makes others like it."""
    descriptor = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        if hasattr(os, "fchmod"):  # it may have come from a backup, open to everybody
            os.fchmod(descriptor, 0o600)
    finally:
        os.close(descriptor)


def connect(path: Path | str) -> sqlite3.Connection:
    """What is committed through it is on the disk. Raises QueueUnavailable, sqlite3.Error."""
    _check_version()
    db = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=10)
    try:
        db.execute("PRAGMA foreign_keys = ON")
        (mode,) = db.execute("PRAGMA journal_mode = WAL").fetchone()
        db.execute("PRAGMA synchronous = FULL")
        _check_mode(path, mode)
    except BaseException:
        db.close()
        raise
    return db


def migrate(db: sqlite3.Connection) -> None:
    (version,) = db.execute("PRAGMA user_version").fetchone()
    for number, script in enumerate(MIGRATIONS[version:], start=version + 1):
        # One transaction: a crash in the middle leaves the old version as it was.
        db.executescript(f"BEGIN; {script}; PRAGMA user_version = {number}; COMMIT;")


def is_to_be_read(path: Path) -> bool:
    """Whether to look at every row at this start: it is suspected, or small enough."""
    return suspicion(path).exists() or path.stat().st_size <= _SOON_READ_BYTES


def check_sound(path: Path, *, is_as_left: bool) -> None:
    """Raise DatabaseError unless the file is a sound queue. Raises QueueOfNewer.

    Whether the indexes of a large one fit its rows is not looked at: that takes too long. Where
    nobody has touched it since it was closed (`is_as_left`), its pages are read and no more: a
    million rows cost a third of a second then, and not four.
    """
    check = "integrity_check(1)" if is_to_be_read(path) else "quick_check(1)"
    try:
        with contextlib.closing(sqlite3.connect(path)) as db:
            (version,) = db.execute("PRAGMA user_version").fetchone()
            if is_as_left and not is_to_be_read(path):
                answer = "ok"
                for question in _EVERY_PAGE if 0 < version <= len(MIGRATIONS) else ():
                    db.execute(question).fetchone()
            else:
                (answer,) = db.execute(f"PRAGMA {check}").fetchone()
    except UnicodeDecodeError as error:  # the complaint quotes what is damaged
        raise sqlite3.DatabaseError("damaged") from error
    if answer != "ok" or not 0 <= version <= _MOST_VERSIONS:
        raise sqlite3.DatabaseError(answer)
    refuse_newer(path, version)


def refuse_newer(path: Path, version: int) -> None:
    """What a newer program wrote is sound, and stays as it is. Raises QueueOfNewer."""
    if version > len(MIGRATIONS):
        raise QueueOfNewer(f"The queue in “{path}” was written by a newer s3gui.")


def set_aside(path: Path) -> Path:
    """Give the database, and what belongs to it, another name; returns that of the database."""
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")
    aside = path.with_name(f"{path.stem}-damaged-{stamp}{path.suffix}")
    for ending in ("", _LOG, "-shm"):
        part = path.with_name(path.name + ending)
        if part.exists():
            part.rename(aside.with_name(aside.name + ending))
    return aside


def log_of(path: Path) -> Path:
    """Where SQLite keeps what is not in the database yet."""
    return path.with_name(path.name + _LOG)


def set_aside_orphans(path: Path) -> Path | None:
    """SQLite would delete a log whose database is gone; it may hold the whole queue."""
    log = log_of(path)
    is_orphan = log.exists() and not (path.exists() and path.stat().st_size)
    if not (is_orphan and log.stat().st_size):
        return None
    return log.with_name(set_aside(path).name + _LOG)


def is_fault_of_the_place(error: sqlite3.Error) -> bool:
    # The upper bits of the code only say more about it.
    return (getattr(error, "sqlite_errorcode", 0) & 0xFF) in _FAULTS_OF_THE_PLACE


def is_damage(error: BaseException) -> bool:
    """Whether what is on the disk is at fault: a page, or a value that is not what was written."""
    if (getattr(error, "sqlite_errorcode", 0) & 0xFF) in _DAMAGES:
        return True
    # Python gives these no code of their own.
    return isinstance(error, sqlite3.OperationalError) and str(error).startswith(_DAMAGED_VALUES)


def is_fault_of_the_disk(error: BaseException) -> bool:
    """Whether it took no bytes, or did not keep them, for another reason than that it is full.

    After a sync that failed nobody knows what of it the disk has. SQLite then takes the change
    back, and writes the same places anew before it reports the next one as done.
    """
    code = getattr(error, "sqlite_errorcode", 0)
    return (code & 0xFF) == sqlite3.SQLITE_IOERR and code not in _NO_ROOM


def suspicion(path: Path) -> Path:
    """A file that is there where a damage was met: the next start looks at every row."""
    return path.with_suffix(".suspect")


def is_unusable(error: BaseException) -> bool:
    """Whether the database, and not the question, is at fault: a damage met on the way is, too."""
    # Of the kinds of DatabaseError only this one, and it without a kind, are the file's fault.
    return isinstance(error, sqlite3.OperationalError) or type(error) is sqlite3.DatabaseError


@contextlib.contextmanager
def place_errors(path: Path | str) -> Iterator[None]:
    """Say which place it is that cannot be used. Raises QueueUnavailable."""
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        if _is_full(error):
            raise DiskFull(
                f"The queue cannot be kept in “{path}”: the disk is full.", detail=str(error)
            ) from error
        if isinstance(error, PermissionError) and error.filename is not None:
            raise QueueForbidden(
                f"“{os.fsdecode(error.filename)}” may not be read and written.", detail=str(error)
            ) from error
        raise _unavailable(path, getattr(error, "strerror", None) or str(error)) from error


def _is_full(error: OSError | sqlite3.Error) -> bool:
    if isinstance(error, OSError):
        return error.errno == errno.ENOSPC
    return getattr(error, "sqlite_errorcode", 0) in _NO_ROOM


def _check_version() -> None:
    if sqlite3.sqlite_version_info < _OLDEST_SQLITE:
        wanted = ".".join(map(str, _OLDEST_SQLITE))
        raise QueueUnavailable(
            f"SQLite {sqlite3.sqlite_version} is too old for the queue; it needs {wanted}.",
            hint="Install a newer Python, or a newer SQLite for it.",
        )


def _check_mode(path: Path | str, mode: str) -> None:
    """Its log needs memory that connections share: network file systems have none."""
    if mode not in {"wal", "memory"}:
        raise _unavailable(path, "its file system cannot share memory, as network folders cannot")


def _unavailable(path: Path | str, reason: str) -> QueueUnavailable:
    return QueueUnavailable(f"The queue cannot be kept in “{path}”: {reason}.", detail=reason)
