"""Multipart uploads and their parts in the index."""

import json
import sqlite3
from typing import Any

from s3gui.practice.index import Index
from s3gui.practice.model import Part, Traits, Upload
from s3gui.practice.versions import key_bytes


class Uploads:
    """Callers hold the index's transaction where several calls must be one."""

    def __init__(self, index: Index) -> None:
        self._index = index

    def add(self, upload: Upload) -> None:
        self._index.run(
            "INSERT INTO uploads VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, NULL)",
            upload.upload_id,
            upload.bucket,
            key_bytes(upload.key),
            upload.initiated,
            json.dumps(upload.traits.as_json()),
            upload.algorithm,
            upload.checksum_type,
            upload.declared,
            upload.removal_mark,
        )

    def find(self, upload_id: str, bucket: str, key: str) -> Upload | None:
        """Also one that was completed: then it has a `result`."""
        row = self._index.row(
            "SELECT * FROM uploads WHERE upload_id = ? AND bucket = ? AND key = ?",
            upload_id,
            bucket,
            key_bytes(key),
        )
        return None if row is None else _upload(row)

    def fingerprint(self, upload: Upload) -> str | None:
        """Of the part list that completed it."""
        row = self._index.row(
            "SELECT fingerprint FROM uploads WHERE upload_id = ?", upload.upload_id
        )
        return None if row is None else row["fingerprint"]

    def page(self, bucket: str, start: bytes, after: str | None, limit: int) -> list[Upload]:
        """Open ones by key, then by age; of the key `start` only those after that upload id."""
        rows = self._index.rows(
            "SELECT * FROM uploads WHERE bucket = ? AND result IS NULL"
            " AND (key > ? OR key = ? AND upload_id > ?) ORDER BY key, upload_id LIMIT ?",
            bucket,
            start,
            start,
            after or "",
            limit,
        )
        return [_upload(row) for row in rows]

    def save_part(self, upload: Upload, part: Part) -> None:
        """A part that is sent again replaces the earlier one."""
        self._index.free(
            self._index.rows(
                "SELECT blob FROM parts WHERE upload_id = ? AND number = ?",
                upload.upload_id,
                part.number,
            )
        )
        self._index.run(
            "INSERT OR REPLACE INTO parts VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            upload.upload_id,
            part.number,
            part.size_bytes,
            part.etag,
            part.checksum,
            part.blob,
            part.modified,
            part.sent,
        )

    def parts(self, upload: Upload, *, after: int = 0, limit: int = 2**31) -> list[Part]:
        rows = self._index.rows(
            "SELECT number, size_bytes, etag, checksum, blob, modified, sent FROM parts"
            " WHERE upload_id = ? AND number > ? ORDER BY number LIMIT ?",
            upload.upload_id,
            after,
            limit,
        )
        return [Part(**dict(row)) for row in rows]

    def remove(self, upload: Upload) -> None:
        self._index.run("DELETE FROM uploads WHERE upload_id = ?", upload.upload_id)
        self._index.free(self._drop_parts(upload))

    def close(self, upload: Upload, version_row: int, fingerprint: str, used: set[int]) -> None:
        """The parts in `used` now belong to the version, the others go.

        What is kept answers a repeated Complete.
        """
        self._index.run(
            "UPDATE uploads SET result = ?, fingerprint = ? WHERE upload_id = ?",
            version_row,
            fingerprint,
            upload.upload_id,
        )
        self._index.free(row for row in self._drop_parts(upload) if row["number"] not in used)

    def _drop_parts(self, upload: Upload) -> list[sqlite3.Row]:
        return self._index.rows(
            "DELETE FROM parts WHERE upload_id = ? RETURNING number, blob", upload.upload_id
        )


def _upload(row: sqlite3.Row) -> Upload:
    values: dict[str, Any] = dict(row)
    del values["fingerprint"]
    values["key"] = values["key"].decode()
    values["declared"] = bool(values["declared"])
    values["traits"] = Traits(**json.loads(values["traits"]))
    return Upload(**values)
