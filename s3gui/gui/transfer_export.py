"""Writes transfers into a file for others: CSV for spreadsheets, JSON for programs."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

from s3gui.core.errors import InputError
from s3gui.core.transfer import Transfer
from s3gui.engine.ports import TransferStore
from s3gui.i18n import _

_ROWS_AT_ONCE = 500
COLUMNS = (
    "id",
    "source",
    "destination",
    "size_bytes",
    "state",
    "connection",
    "etag",
    "version_id",
    "checksum_algorithm",
    "checksum",
    "content_type",
    "started_at",
    "ended_at",
    "failure_code",
    "failure",
)
"""The names in the file are the same in every language."""


def export_transfers(path: Path, transfers: TransferStore, ids: Sequence[int]) -> int:
    """Write those of `ids` that exist; returns how many. Blocks. Raises InputError.

    The ending `.json` makes an array of objects, any other CSV with a heading.
    """
    write = _write_json if path.suffix.lower() == ".json" else _write_csv
    with _file_errors(path), _opened(path) as file:
        return write(file, _rows(transfers, ids))


def _rows(transfers: TransferStore, ids: Sequence[int]) -> Iterator[dict[str, Any]]:
    names: dict[int, str] = {}
    for start in range(0, len(ids), _ROWS_AT_ONCE):
        for transfer in transfers.transfers(ids[start : start + _ROWS_AT_ONCE]):
            batch_id = transfer.batch_id
            if batch_id not in names:
                names[batch_id] = transfers.batch(batch_id).profile.name
            yield _row(transfer, names[batch_id])


def _row(transfer: Transfer, connection: str) -> dict[str, Any]:
    stored, failure = transfer.stored, transfer.failure
    checksum = stored.checksum if stored is not None else None
    values = (
        transfer.id,
        transfer.source,
        str(transfer.destination),
        transfer.size,
        transfer.state.value,
        connection,
        stored.etag if stored is not None else None,
        stored.version_id if stored is not None else None,
        checksum.algorithm if checksum is not None else None,
        checksum.value if checksum is not None else None,
        transfer.options.content_type,
        _moment(transfer.started_at),
        _moment(transfer.ended_at),
        failure.code if failure is not None else None,
        failure.message if failure is not None else None,
    )
    return dict(zip(COLUMNS, values, strict=True))


def _moment(at: float | None) -> str | None:
    return None if at is None else datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds")


def _write_csv(file: TextIO, rows: Iterator[dict[str, Any]]) -> int:
    writer = csv.DictWriter(file, COLUMNS)
    writer.writeheader()
    count = 0
    for count, row in enumerate(rows, 1):  # noqa: B007  counts
        writer.writerow(row)
    return count


def _write_json(file: TextIO, rows: Iterator[dict[str, Any]]) -> int:
    """Row by row: a million of them need no memory."""
    count = 0
    file.write("[")
    for count, row in enumerate(rows, 1):
        file.write("\n" if count == 1 else ",\n")
        file.write(json.dumps(row))
    file.write("\n]\n")
    return count


@contextmanager
def _opened(path: Path) -> Iterator[TextIO]:
    """Takes the place of an older file only when all is written."""
    part = path.with_name(f".{path.name}.part")
    try:
        # Names that are no Unicode must not keep the others from being written.
        with part.open("w", encoding="utf-8", errors="backslashreplace", newline="") as file:
            yield file
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


@contextmanager
def _file_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise InputError(
            _("“{name}” cannot be written: {reason}.").format(
                name=path.name, reason=error.strerror or error
            )
        ) from error
