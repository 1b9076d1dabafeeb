"""The versions of objects in the index: storing, finding, listing, removing."""

import json
import secrets
import sqlite3
from collections.abc import Iterable
from typing import Any

from s3gui.practice.checksums import Checksum
from s3gui.practice.index import Index
from s3gui.practice.model import NULL_VERSION, Bucket, Traits, Version

_HEXADECIMAL = frozenset("0123456789abcdef")


def key_bytes(key: str) -> bytes:
    """Keys are compared as UTF-8 bytes, as S3 lists them."""
    return key.encode()


class Versions:
    """Callers hold the index's transaction where several calls must be one."""

    def __init__(self, index: Index) -> None:
        self._index = index

    def find(self, bucket: str, key: str, version_id: str | None = None) -> Version | None:
        """The latest version (which may be a delete marker), or the one of that id."""
        condition = "is_latest" if version_id is None else "version_id = ?"
        values = () if version_id is None else (version_id,)
        row = self._index.row(
            f"SELECT * FROM versions WHERE bucket = ? AND key = ? AND {condition}",  # noqa: S608
            bucket,
            key_bytes(key),
            *values,
        )
        return None if row is None else _version(row)

    def by_row(self, row_number: int) -> Version | None:
        row = self._index.row("SELECT * FROM versions WHERE row = ?", row_number)
        return None if row is None else _version(row)

    def store(
        self,
        bucket: Bucket,
        key: str,
        *,
        size_bytes: int,
        etag: str,
        modified: float,
        traits: Traits,
        checksum: Checksum | None,
        segments: Iterable[tuple[int, str, int, str]],
        parts_count: int = 0,
        is_delete_marker: bool = False,
    ) -> Version:
        """The new latest version; where there is no versioning it replaces the one before.

        `segments` are (number, blob, bytes, checksum) in the order of the bytes.
        """
        versioned = bucket.versioning == "Enabled"
        version_id = self._new_version_id() if versioned else NULL_VERSION
        name = (bucket.name, key_bytes(key))
        if not versioned:
            self._drop(*name, NULL_VERSION)
        self._index.run(
            "UPDATE versions SET is_latest = 0 WHERE bucket = ? AND key = ? AND is_latest", *name
        )
        packed = None
        if checksum is not None:
            packed = json.dumps([checksum.algorithm, checksum.type, checksum.value])
        cursor = self._index.run(
            "INSERT INTO versions VALUES (NULL, ?, ?, ?, 1, ?, ?, ?, ?, ?, ?, ?)",
            *name,
            version_id,
            is_delete_marker,
            size_bytes,
            etag,
            modified,
            json.dumps(traits.as_json()),
            packed,
            parts_count,
        )
        row = cursor.lastrowid
        assert row is not None
        for number, blob, blob_bytes, blob_checksum in segments:
            self._index.run(
                "INSERT INTO segments VALUES (?, ?, ?, ?, ?)",
                row,
                number,
                blob,
                blob_bytes,
                blob_checksum,
            )
        stored = self.by_row(row)
        assert stored is not None
        return stored

    def _new_version_id(self) -> str:
        last = self._index.row("SELECT seq FROM sqlite_sequence WHERE name = 'versions'")
        row = 1 if last is None else last["seq"] + 1
        return f"{row:012x}{secrets.token_urlsafe(15)}"

    def row_of(self, bucket: str, key: str, version_id: str) -> int | None:
        """Where it is, or was, in time: a listing can go on after one that was deleted meanwhile.

        None for the null version once it is gone, and for what is no version id.
        """
        found = self.find(bucket, key, version_id)
        if found is not None:
            return found.row
        digits = version_id[:12]
        return int(digits, 16) if _HEXADECIMAL.issuperset(digits) and len(digits) == 12 else None

    def segments(self, version: Version) -> list[sqlite3.Row]:
        """number, blob, size_bytes, checksum of each, in the order of the bytes."""
        return self._index.rows(
            "SELECT * FROM segments WHERE version = ? ORDER BY number", version.row
        )

    def set_traits(self, version: Version, traits: Traits) -> None:
        self._index.run(
            "UPDATE versions SET traits = ? WHERE row = ?",
            json.dumps(traits.as_json()),
            version.row,
        )

    def remove(self, version: Version) -> None:
        """For ever; the newest of the others becomes the latest."""
        name = (version.bucket, key_bytes(version.key))
        self._drop(*name, version.version_id)
        if version.is_latest:
            self._index.run(
                "UPDATE versions SET is_latest = 1 WHERE row ="
                " (SELECT max(row) FROM versions WHERE bucket = ? AND key = ?)",
                *name,
            )

    def note_removal(self, bucket: str, key: str) -> None:
        """A conditional write that began before this one must be refused (409)."""
        self._index.run(
            "INSERT OR REPLACE INTO removals (bucket, key) VALUES (?, ?)", bucket, key_bytes(key)
        )

    def removal_mark(self) -> int:
        row = self._index.row("SELECT coalesce(max(mark), 0) AS mark FROM removals")
        return int(row["mark"]) if row is not None else 0

    def removed_since(self, mark: int, bucket: str, key: str) -> bool:
        row = self._index.row(
            "SELECT mark FROM removals WHERE bucket = ? AND key = ? AND mark > ?",
            bucket,
            key_bytes(key),
            mark,
        )
        return row is not None

    def page_of_latest(self, bucket: str, start: bytes, limit: int) -> list[Version]:
        """From the key `start` on, without those that end in a delete marker."""
        rows = self._index.rows(
            "SELECT * FROM versions WHERE bucket = ? AND key >= ? AND is_latest"
            " AND NOT is_delete_marker ORDER BY key LIMIT ?",
            bucket,
            start,
            limit,
        )
        return [_version(row) for row in rows]

    def page_of_all(
        self, bucket: str, start: bytes, below_row: int | None, limit: int
    ) -> list[Version]:
        """Newest first within a key; of the key `start` only those older than `below_row`."""
        rows = self._index.rows(
            "SELECT * FROM versions WHERE bucket = ? AND (key > ? OR key = ? AND row < ?)"
            " ORDER BY key, row DESC LIMIT ?",
            bucket,
            start,
            start,
            2**62 if below_row is None else below_row,
            limit,
        )
        return [_version(row) for row in rows]

    def _drop(self, bucket: str, key: bytes, version_id: str) -> None:
        row = self._index.row(
            "DELETE FROM versions WHERE bucket = ? AND key = ? AND version_id = ? RETURNING row",
            bucket,
            key,
            version_id,
        )
        if row is not None:
            self._index.free(
                self._index.rows("DELETE FROM segments WHERE version = ? RETURNING blob", row[0])
            )


def _version(row: sqlite3.Row) -> Version:
    values: dict[str, Any] = dict(row)
    packed = values.pop("checksum")
    values["key"] = values["key"].decode()
    values["is_latest"] = bool(values["is_latest"])
    values["is_delete_marker"] = bool(values["is_delete_marker"])
    values["traits"] = Traits(**json.loads(values["traits"]))
    values["checksum"] = None if packed is None else Checksum(*json.loads(packed))
    return Version(**values)
