"""A file that says what was stored, or proven: JSON, or CSV by the ending of its name."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from s3gui.core.errors import S3guiError
from s3gui.core.transfer import Transfer, TransferState

COLUMNS = (
    "path",
    "size_bytes",
    "bucket",
    "key",
    "result",
    "reason",
    "checksum_algorithm",
    "checksum",
    "etag",
    "version_id",
    "at",
)


class ReceiptUnwritable(S3guiError):
    code = "receipt-unwritable"
    title = "The receipt cannot be written"
    hint = "What was stored or proven is so all the same; “s3gui verify” makes another receipt."


def transfer_row(transfer: Transfer) -> dict[str, Any]:
    stored = transfer.stored
    checksum = stored.checksum if stored is not None else None
    ended_at = transfer.ended_at
    is_done = transfer.state is TransferState.COMPLETED
    return {
        "path": transfer.source,
        "size_bytes": transfer.size,
        "bucket": transfer.destination.bucket,
        "key": transfer.destination.key,
        "result": "stored-and-verified" if is_done else transfer.state.value,
        "reason": _reason(transfer),
        "checksum_algorithm": checksum.algorithm if checksum is not None else "",
        "checksum": checksum.value if checksum is not None else "",
        "etag": stored.etag if stored is not None else "",
        "version_id": (stored.version_id or "") if stored is not None else "",
        "at": datetime.fromtimestamp(ended_at, UTC).isoformat() if ended_at is not None else "",
    }


def _reason(transfer: Transfer) -> str:
    """Why it is not there, or why an archive does not hold all of its folder."""
    if transfer.failure is not None:
        return transfer.failure.message
    manifest = transfer.manifest
    if manifest is None or not manifest.skipped_count:
        return ""
    named = " ".join(f"“{each.name}”: {each.reason}" for each in manifest.skipped)
    return f"{manifest.skipped_count} left out of the archive: {named}"


def write_receipt(path: Path, rows: Iterable[dict[str, Any]], service: str) -> None:
    """Whole or not at all, and never over another file. Raises ReceiptUnwritable."""
    lines = _csv(rows) if path.suffix.lower() == ".csv" else _json(rows, service)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        try:
            with unfinished.open("x", encoding="utf-8", newline="") as file:
                file.writelines(lines)
                file.flush()
                os.fsync(file.fileno())
            _give_name(unfinished, path)
        finally:
            with suppress(OSError):
                unfinished.unlink()
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else str(error)
        raise ReceiptUnwritable(f"The receipt “{path}” cannot be written: {reason}.") from error


def _give_name(unfinished: Path, path: Path) -> None:
    try:
        os.link(unfinished, path)  # fails where the name was taken meanwhile
    except FileExistsError:
        raise
    except (AttributeError, NotImplementedError, OSError):  # a file system without hard links
        path.touch(exist_ok=False)  # likewise
        unfinished.replace(path)


def _json(rows: Iterable[dict[str, Any]], service: str) -> Iterator[str]:
    """A line for each file: a million of them need no memory."""
    head = json.dumps({"made_at": datetime.now(UTC).isoformat(), "service": service})
    yield f'{head[:-1]}, "files": ['
    separator = "\n"
    for row in rows:
        yield f"{separator}{json.dumps(row)}"
        separator = ",\n"
    yield "\n]}\n"


def _csv(rows: Iterable[dict[str, Any]]) -> Iterator[str]:
    """Texts that a spreadsheet would take for a formula are quoted by a leading apostrophe."""
    yield _line(COLUMNS)
    for row in rows:
        yield _line(_cell(row.get(name, "")) for name in COLUMNS)


def _line(cells: Iterable[Any]) -> str:
    stream = io.StringIO()
    csv.writer(stream).writerow(cells)
    return stream.getvalue().encode("utf-8", "backslashreplace").decode()


def _cell(value: Any) -> Any:
    is_formula = isinstance(value, str) and value[:1] in {"=", "+", "-", "@", "\t", "\r"}
    return f"'{value}" if is_formula else value
