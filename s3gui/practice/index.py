"""The SQLite index of a server's folder: one connection, one writer at a time."""

import contextlib
import json
import os
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from s3gui.practice.model import Bucket, PublicAccessBlock

_SCHEMA_VERSION = 1
_SCHEMA = """
CREATE TABLE IF NOT EXISTS buckets (
    name TEXT PRIMARY KEY, region TEXT NOT NULL, created REAL NOT NULL, ownership TEXT,
    access_block TEXT, acl TEXT NOT NULL, versioning TEXT
) STRICT;
CREATE TABLE IF NOT EXISTS versions (
    row INTEGER PRIMARY KEY AUTOINCREMENT, bucket TEXT NOT NULL, key BLOB NOT NULL,
    version_id TEXT NOT NULL, is_latest INTEGER NOT NULL, is_delete_marker INTEGER NOT NULL,
    size_bytes INTEGER NOT NULL, etag TEXT NOT NULL, modified REAL NOT NULL, traits TEXT NOT NULL,
    checksum TEXT, parts_count INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS versions_id ON versions (bucket, key, version_id);
CREATE UNIQUE INDEX IF NOT EXISTS versions_latest ON versions (bucket, key) WHERE is_latest;
CREATE TABLE IF NOT EXISTS segments (
    version INTEGER NOT NULL, number INTEGER NOT NULL, blob TEXT NOT NULL,
    size_bytes INTEGER NOT NULL, checksum TEXT NOT NULL, PRIMARY KEY (version, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS uploads (
    upload_id TEXT PRIMARY KEY, bucket TEXT NOT NULL, key BLOB NOT NULL, initiated REAL NOT NULL,
    traits TEXT NOT NULL, algorithm TEXT NOT NULL, checksum_type TEXT NOT NULL,
    declared INTEGER NOT NULL, removal_mark INTEGER NOT NULL, result INTEGER, fingerprint TEXT
) STRICT;
CREATE INDEX IF NOT EXISTS uploads_open ON uploads (bucket, key, upload_id) WHERE result IS NULL;
CREATE TABLE IF NOT EXISTS parts (
    upload_id TEXT NOT NULL, number INTEGER NOT NULL, size_bytes INTEGER NOT NULL,
    etag TEXT NOT NULL, checksum TEXT NOT NULL, blob TEXT NOT NULL, modified REAL NOT NULL,
    sent TEXT NOT NULL, PRIMARY KEY (upload_id, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS removals (
    mark INTEGER PRIMARY KEY AUTOINCREMENT, bucket TEXT NOT NULL, key BLOB NOT NULL,
    UNIQUE (bucket, key)
) STRICT;
"""


class Index:
    """Changes are made in a `transaction()`; it nests, and the outermost one commits.

    Blobs that nothing refers to any more go to `remove_blobs` once that is committed.
    Raises OSError for a file that is damaged or of another version.
    """

    def __init__(self, path: Path, remove_blobs: Callable[[Iterable[str]], None]) -> None:
        self._remove_blobs = remove_blobs
        self._after_commit: list[Callable[[], None]] = []
        self._lock = threading.RLock()
        self._depth = 0
        # SQLite gives its other files the permissions of this one.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._connection.row_factory = sqlite3.Row
        try:
            self._prepare(path)
        except sqlite3.DatabaseError as error:
            self._connection.close()
            raise OSError(f"{path} is damaged: {error}") from error
        except OSError:
            self._connection.close()
            raise

    def _prepare(self, path: Path) -> None:
        self._connection.execute("PRAGMA journal_mode = WAL")
        # A killed server loses nothing; only a power cut could take the last moments.
        self._connection.execute("PRAGMA synchronous = NORMAL")
        version = self._connection.execute("PRAGMA user_version").fetchone()[0]
        tables = self._connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
        if tables and version != _SCHEMA_VERSION:
            raise OSError(f"{path} was made by another version of the practice server")
        self._connection.executescript(_SCHEMA)
        self._connection.execute(f"PRAGMA user_version = {_SCHEMA_VERSION}")

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        with self._lock:
            if self._depth == 0:
                self._connection.execute("BEGIN IMMEDIATE")
            self._depth += 1
            try:
                yield
                if self._depth == 1:
                    self._connection.execute("COMMIT")
            except BaseException:
                if self._depth == 1 and self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                    self._after_commit.clear()
                raise
            finally:
                self._depth -= 1
            if self._depth == 0:
                actions, self._after_commit = self._after_commit, []
                for action in actions:
                    action()

    def after_commit(self, action: Callable[[], None]) -> None:
        """In the order of the commits; forgotten if there is none."""
        self._after_commit.append(action)

    def free(self, rows: Iterable[sqlite3.Row]) -> None:
        """The column `blob` of rows that are gone."""
        blobs = [row["blob"] for row in rows]
        if blobs:
            self.after_commit(lambda: self._remove_blobs(blobs))

    def run(self, statement: str, *values: Any) -> sqlite3.Cursor:
        with self._lock:
            return self._connection.execute(statement, values)

    def rows(self, statement: str, *values: Any) -> list[sqlite3.Row]:
        with self._lock:
            return self._connection.execute(statement, values).fetchall()

    def row(self, statement: str, *values: Any) -> sqlite3.Row | None:
        with self._lock:
            found: sqlite3.Row | None = self._connection.execute(statement, values).fetchone()
            return found

    def known_blobs(self) -> set[str]:
        return {
            row["blob"]
            for row in self.rows("SELECT blob FROM segments UNION ALL SELECT blob FROM parts")
        }

    def bucket(self, name: str) -> Bucket | None:
        row = self.row("SELECT * FROM buckets WHERE name = ?", name)
        return None if row is None else _bucket(row)

    def buckets(self) -> list[Bucket]:
        return [_bucket(row) for row in self.rows("SELECT * FROM buckets ORDER BY name")]

    def save_bucket(self, bucket: Bucket) -> None:
        block = None if bucket.access_block is None else json.dumps(asdict(bucket.access_block))
        self.run(
            "INSERT OR REPLACE INTO buckets VALUES (?, ?, ?, ?, ?, ?, ?)",
            bucket.name,
            bucket.region,
            bucket.created,
            bucket.ownership,
            block,
            bucket.acl,
            bucket.versioning,
        )

    def bucket_is_empty(self, name: str) -> bool:
        """Open multipart uploads do not count, as on AWS."""
        return self.row("SELECT 1 FROM versions WHERE bucket = ? LIMIT 1", name) is None

    def delete_bucket(self, name: str) -> None:
        """Also its multipart uploads with their parts."""
        of_bucket = "upload_id IN (SELECT upload_id FROM uploads WHERE bucket = ?)"
        self.free(self.rows(f"DELETE FROM parts WHERE {of_bucket} RETURNING blob", name))  # noqa: S608 - constant
        for table, column in (("uploads", "bucket"), ("removals", "bucket"), ("buckets", "name")):
            self.run(f"DELETE FROM {table} WHERE {column} = ?", name)  # noqa: S608 - constant


def _bucket(row: sqlite3.Row) -> Bucket:
    block = row["access_block"]
    return Bucket(
        row["name"],
        row["region"],
        row["created"],
        row["ownership"],
        None if block is None else PublicAccessBlock(**json.loads(block)),
        row["acl"],
        row["versioning"],
    )
