"""One JSON object a line on standard output, for programs."""

from __future__ import annotations

import json
from typing import Any

from s3gui.cli.exits import EXIT_OK
from s3gui.cli.lines import Lines
from s3gui.cli.outcome import Outcome
from s3gui.cli.tally import Figures, Tally
from s3gui.core.errors import Failure, S3guiError
from s3gui.core.events import BatchAdded, Event, PartFailed, TransferChanged
from s3gui.core.transfer import Batch, StoredObject, Transfer, TransferState
from s3gui.engine.ports import Bucket

_INTERVAL_SECONDS = 0.5


class JsonLines:
    """A reporter. Every line has an `event`; docs/command-line.md describes them all."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines
        self._states: dict[int, TransferState] = {}
        self._last_figures = Figures()
        self._told_at = float("-inf")

    def apply(self, event: Event) -> None:
        match event:
            case BatchAdded(batch):
                self._write("batch", **_batch(batch))
            case TransferChanged(transfer) if self._is_news(transfer):
                self._write("transfer", **_transfer(transfer))
            case PartFailed(transfer_id, number, message, will_retry):
                self._write(
                    "part-failed",
                    id=transfer_id,
                    part_number=number,
                    message=message,
                    will_retry=will_retry,
                )
            case _:
                pass

    def tick(self, tally: Tally, now_seconds: float) -> None:
        figures = tally.figures
        if now_seconds - self._told_at < _INTERVAL_SECONDS or figures == self._last_figures:
            return
        self._told_at, self._last_figures = now_seconds, figures
        self._write(
            "progress",
            files=figures.files,
            files_ended=figures.ended,
            acknowledged_bytes=figures.acknowledged_bytes,
            in_flight_bytes=figures.in_flight_bytes,
            total_bytes=figures.total_bytes,
            bytes_per_second=round(figures.bytes_per_second),
            seconds_left=_rounded(figures.seconds_left),
        )

    def note(self, sentence: str) -> None:
        self._write("note", message=sentence)

    def close(self, outcome: Outcome) -> None:
        failures = [
            {"code": group.first.code, "message": group.message, "count": group.count}
            for group in outcome.failures
        ]
        self._write(
            "summary",
            exit_code=outcome.exit_code,
            files=outcome.files,
            states={state.value: count.files for state, count in outcome.counts.items()},
            bytes=outcome.stored_bytes,
            seconds=round(outcome.seconds, 3),
            is_interrupted=outcome.is_interrupted,
            failures=failures,
            error=None if outcome.error is None else _failure(outcome.error.failure()),
        )

    def stop(self) -> None:
        """Lines are whole at any time."""

    def end_without_a_run(self, error: S3guiError, exit_code: int) -> None:
        """The last line where nothing was begun."""
        self._write("summary", exit_code=exit_code, error=_failure(error.failure()))

    def bucket(self, bucket: Bucket) -> None:
        created_at = bucket.created_at.isoformat() if bucket.created_at is not None else None
        self._write("bucket", name=bucket.name, region=bucket.region, created_at=created_at)

    def end_of_buckets(self, count: int) -> None:
        self._write("summary", exit_code=EXIT_OK, buckets=count, error=None)

    def tell(self, event: str, **fields: Any) -> None:
        """A line of a command that has its own."""
        self._write(event, **fields)

    def _is_news(self, transfer: Transfer) -> bool:
        """An end is saved more than once where something is dropped on the service afterwards."""
        is_news = self._states.get(transfer.id) != transfer.state
        if transfer.ended_at is not None and transfer.multipart is None:
            self._states.pop(transfer.id, None)  # nothing follows, and there may be a million
        else:
            self._states[transfer.id] = transfer.state
        return is_news

    def _write(self, event: str, **fields: Any) -> None:
        # ASCII: no encoding of the terminal, and no name that is not Unicode, can spoil it.
        self._lines.write(json.dumps({"event": event, **fields}))


def _batch(batch: Batch) -> dict[str, Any]:
    return {"id": batch.id, "name": batch.name, "destination": str(batch.destination)}


def _transfer(transfer: Transfer) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "id": transfer.id,
        "source": transfer.source,
        "destination": str(transfer.destination),
        "state": transfer.state.value,
        "size_bytes": transfer.size,
        "sent_bytes": transfer.sent_bytes,
    }
    if transfer.stored is not None:
        fields |= _stored(transfer.stored)
    if transfer.failure is not None:
        fields["failure"] = _failure(transfer.failure)
    if transfer.manifest is not None:
        from dataclasses import asdict

        fields["archive"] = asdict(transfer.manifest)
    return fields


def _stored(stored: StoredObject) -> dict[str, Any]:
    checksum = stored.checksum
    return {
        "etag": stored.etag,
        "version_id": stored.version_id,
        "checksum": None if checksum is None else f"{checksum.algorithm}:{checksum.value}",
    }


def _failure(failure: Failure) -> dict[str, Any]:
    return {
        "code": failure.code,
        "message": failure.message,
        "hint": failure.hint,
        "detail": failure.detail,
    }


def _rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 1)
