"""A queue in every state there is, for screenshots and for tests of what is shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from s3gui.core.acl import CannedAcl
from s3gui.core.errors import AccessDenied, Failure
from s3gui.core.events import (
    BatchAdded,
    Event,
    PartCompleted,
    PartFailed,
    PartProgress,
    PartsConfirmed,
    TransferChanged,
    TransfersAdded,
)
from s3gui.core.profile import Profile
from s3gui.core.transfer import Batch, Destination, Transfer, TransferState, UploadOptions
from s3gui.engine.ports import TransferStore

MB = 1_000_000
GB = 1_000 * MB
PROFILE = Profile("practice", "Practice server", "practice", "http://127.0.0.1:9000")
PLACE = Destination("photos-2026", "november/raw/")


@dataclass(frozen=True)
class Sample:
    """A transfer with `done` of its parts acknowledged, and some on their way."""

    name: str
    size: int | None
    part_size: int | None
    state: TransferState
    done: int = 0
    in_flight: tuple[tuple[int, float], ...] = ()
    failed_part: int | None = None
    failure: Failure | None = None


DENIED = AccessDenied().failure()
SAMPLES = (
    Sample("A007_C012_1121.mov", 98 * GB, 1000 * MB, TransferState.RUNNING, 41,
           ((42, 0.9), (43, 0.6), (44, 0.3), (46, 0.7))),
    Sample("genome-run-14.fastq.gz", 12_400 * MB, 300 * MB, TransferState.RUNNING, 33,
           ((34, 1.0), (35, 0.5))),
    Sample("thesis-archive.tar.gz", None, None, TransferState.RUNNING, 9, ((10, 0.4),)),
    Sample("DSC_0145.NEF", 48_100_000, 8 * 1024**2, TransferState.COMPLETED),
    Sample("site/index.html", 3_100, None, TransferState.COMPLETED),
    Sample("lecture-04.mp4", 2_200 * MB, 100 * MB, TransferState.FAILED, 8, failed_part=9,
           failure=DENIED),
    Sample("backup-2026-11.tar", 440 * GB, 1000 * MB, TransferState.PAUSED, 105),
    Sample("holiday.zip", 900 * MB, 8 * 1024**2, TransferState.FINISHING, 108),
    Sample("model-weights.bin", 310 * MB, 8 * 1024**2, TransferState.VERIFYING, 37),
    Sample("ordner/Überraschung - ein sehr langer Name, der nicht in die Spalte passt.pdf",
           7 * MB, None, TransferState.QUEUED),
    Sample("cancelled.iso", 4 * GB, 8 * 1024**2, TransferState.CANCELLED, 0),
)  # fmt: skip


def fill(
    journal: TransferStore,
    publish: Callable[[Event], None],
    tick: Callable[[float], None],
    *,
    waiting: int = 1189,
) -> None:
    """Save the samples, then tell what happened to them; `tick` lets seconds pass."""
    batch = journal.add_batch(Batch("Card 3", PLACE, PROFILE))
    publish(BatchAdded(batch))
    options = UploadOptions(acl=CannedAcl.PUBLIC_READ)
    rows = [
        Transfer(
            batch.id,
            f"/home/ada/{sample.name}",
            Destination(PLACE.bucket, PLACE.key + sample.name),
            sample.size,
            options,
            part_size=sample.part_size,
        )
        for sample in SAMPLES
    ]
    ids = journal.add_transfers(rows)
    publish(TransfersAdded(batch.id, tuple(ids), is_last=True))
    running = [
        replace(row, id=transfer_id, state=TransferState.RUNNING)
        for transfer_id, row in zip(ids, rows, strict=True)
    ]
    for row, sample in zip(running, SAMPLES, strict=True):
        _acknowledge(publish, row, sample)
    tick(1.0)
    for row, sample in zip(running, SAMPLES, strict=True):
        _send(publish, row, sample)
    tick(12.0)
    for row, sample in zip(running, SAMPLES, strict=True):
        _end(journal, publish, row, sample)
    more = journal.add_batch(Batch("lab-sequencing", Destination("backups-12345"), PROFILE))
    publish(BatchAdded(more))
    names = (f"run-{number:04}.fastq.gz" for number in range(waiting))
    ids = journal.add_transfers(
        [
            Transfer(more.id, f"/data/{name}", Destination("backups-12345", name), 130 * MB)
            for name in names
        ]
    )
    publish(TransfersAdded(more.id, tuple(ids), is_last=True))


def _part_size(row: Transfer) -> int:
    return row.part_size or row.size or 8 * 1024**2


def _acknowledge(publish: Callable[[Event], None], row: Transfer, sample: Sample) -> None:
    publish(TransferChanged(row))
    count = None if row.size is None else -(-row.size // _part_size(row))
    publish(PartsConfirmed(row.id, count, frozenset()))
    for number in range(1, sample.done + 1):
        publish(PartCompleted(row.id, number, _part_size(row)))


def _send(publish: Callable[[Event], None], row: Transfer, sample: Sample) -> None:
    size = _part_size(row)
    for number, share in sample.in_flight:
        publish(PartProgress(row.id, number, int(size * share), size))
    if sample.failed_part is not None:
        publish(PartFailed(row.id, sample.failed_part, "Access denied", will_retry=False))


def _end(
    journal: TransferStore, publish: Callable[[Event], None], row: Transfer, sample: Sample
) -> None:
    sent = sample.done * _part_size(row)
    if sample.state is TransferState.COMPLETED and row.size is not None:
        sent = row.size
    ended = replace(row, state=sample.state, failure=sample.failure, sent_bytes=sent)
    journal.save(ended)
    publish(TransferChanged(ended))
