"""What really happened: every request and every committed version, appended and never changed.

It is kept apart from the answers on purpose: tests compare what a client believes with it.
"""

import json
import threading
from collections import deque
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TextIO


@dataclass(frozen=True)
class Record:
    """One request.

    `bytes_accepted` counts payload bytes that were stored (decoded, without any framing).
    `status` is what the server answered, or would have answered had a fault not cut the
    connection (`fault` names it). `unexpected` holds the traceback of a mistake in the server.
    """

    number: int
    time: float
    operation: str
    bucket: str | None
    key: str | None
    part_number: int | None
    upload_id: str | None
    version_id: str | None
    access_key_id: str | None
    bytes_accepted: int
    status: int
    error_code: str | None
    seconds: float
    fault: str | None = None
    unexpected: str | None = None


@dataclass(frozen=True)
class Commit:
    """A version of an object that came to be."""

    time: float
    bucket: str
    key: str
    version_id: str
    size_bytes: int
    etag: str
    acl: str
    upload_id: str | None


class Ledger:
    """Holds all entries, or the last `limit`; writes each to `path`, one JSON object a line."""

    def __init__(self, path: Path | None = None, *, limit: int | None = None) -> None:
        self._records: deque[Record] = deque(maxlen=limit)
        self._commits: deque[Commit] = deque(maxlen=limit)
        self._changed = threading.Condition()
        self._count = 0
        self._file: TextIO | None = None
        if path is not None:
            self._file = path.open("a", encoding="utf-8")

    def close(self) -> None:
        with self._changed:
            if self._file is not None:
                self._file.close()
                self._file = None

    def append(self, **fields: Any) -> Record:
        with self._changed:
            self._count += 1
            record = Record(number=self._count, **fields)
            self._records.append(record)
            self._write("request", asdict(record))
            self._changed.notify_all()
            return record

    def commit(self, commit: Commit) -> None:
        with self._changed:
            self._commits.append(commit)
            self._write("commit", asdict(commit))
            self._changed.notify_all()

    def records(self, operation: str | None = None, **fields: Any) -> list[Record]:
        """Those whose fields have these values: `records("UploadPart", part_number=3)`."""
        wanted = fields if operation is None else {"operation": operation, **fields}
        with self._changed:
            return list(_matching(self._records, wanted))

    def count(self, operation: str | None = None, **fields: Any) -> int:
        return len(self.records(operation, **fields))

    def bytes_accepted(self, operation: str | None = None, **fields: Any) -> int:
        return sum(record.bytes_accepted for record in self.records(operation, **fields))

    def commits(self, **fields: Any) -> list[Commit]:
        with self._changed:
            return list(_matching(self._commits, fields))

    def forget(self) -> None:
        """Drop what is in memory; the numbers go on, and what was written to a file stays."""
        with self._changed:
            self._records.clear()
            self._commits.clear()

    def unexpected(self) -> list[str]:
        """Tracebacks of the server's own mistakes; a test that ends well finds none."""
        with self._changed:
            return [record.unexpected for record in self._records if record.unexpected]

    def wait_for(
        self,
        count: int,
        operation: str | None = None,
        *,
        timeout_seconds: float = 10,
        **fields: Any,
    ) -> bool:
        """Whether that many matching requests were recorded before the time was up."""
        wanted = fields if operation is None else {"operation": operation, **fields}
        with self._changed:
            return self._changed.wait_for(
                lambda: sum(1 for _ in _matching(self._records, wanted)) >= count,
                timeout_seconds,
            )

    def _write(self, kind: str, entry: dict[str, Any]) -> None:
        if self._file is not None:
            self._file.write(json.dumps({"kind": kind, **entry}) + "\n")
            self._file.flush()


def _matching(entries: Any, wanted: dict[str, Any]) -> Iterator[Any]:
    return (
        entry
        for entry in entries
        if all(getattr(entry, name) == value for name, value in wanted.items())
    )
