"""One upload of the driver: a pool of its own, and the caller's thread waits."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

from s3gui.core.events import Event, TransferChanged
from s3gui.core.profile import Profile
from s3gui.core.settings import MOST_AT_ONCE
from s3gui.core.transfer import Batch, Destination, Transfer, TransferState, UploadOptions
from s3gui.driver.progress import OnProgress, ProgressLine, ProgressSum
from s3gui.engine.clock import SystemClock
from s3gui.engine.concurrency import Concurrency
from s3gui.engine.means import Means
from s3gui.engine.overlap import Overlap
from s3gui.engine.ports import ObjectStore, TransferStore
from s3gui.engine.room import Room
from s3gui.engine.source import Source
from s3gui.engine.stop import Stop, Stopped, StopReason
from s3gui.engine.upload import upload

_POLL_SECONDS = 0.1
_TOO_LATE = frozenset({TransferState.FINISHING, TransferState.VERIFYING})


class CallersStop(Stop):
    """Asks `is_cancelled` at each step of each part. What that raises goes to `errors`."""

    def __init__(self, is_cancelled: Callable[[], Any] | None) -> None:
        super().__init__()
        self._is_cancelled = is_cancelled
        self.errors: list[BaseException] = []

    def fail(self, error: BaseException) -> None:
        """Leave off because of the caller's own mistake; it is raised in the caller's thread."""
        self.errors.append(error)
        self.request(StopReason.CANCELLED)

    def ask_no_more(self) -> None:
        """It is too late: the object is being made of its parts, or there already."""
        self._is_cancelled = None

    def check(self) -> None:
        self._ask()
        super().check()

    def wait(self, timeout_seconds: float) -> bool:
        ends_at = time.monotonic() + timeout_seconds
        while True:
            self._ask()
            left = ends_at - time.monotonic()
            if super().wait(max(0.0, min(left, _POLL_SECONDS))) or left <= _POLL_SECONDS:
                return self.is_requested

    def _ask(self) -> None:
        is_cancelled = self._is_cancelled
        if is_cancelled is None or self.is_requested:
            return
        try:
            if is_cancelled():
                self.request(StopReason.CANCELLED)
        except BaseException as error:  # noqa: BLE001 - raised again in the caller's thread
            self.fail(error)


def stop_for(cancel: Any) -> CallersStop:
    """`cancel` is a threading.Event, anything else with `is_set`, a function, or None."""
    if cancel is None:
        return CallersStop(None)
    is_cancelled = getattr(cancel, "is_set", cancel)
    if not callable(is_cancelled):
        raise TypeError("ex_cancel must be a threading.Event or a function")
    return CallersStop(is_cancelled)


def ended_by_errors(chunks: Iterable[bytes], stop: Stop) -> Iterator[bytes]:
    """The chunks; where reading them fails, the parts on their way are broken off at once."""
    try:
        yield from chunks
    except BaseException:
        stop.request(StopReason.CANCELLED)
        raise


@dataclass(frozen=True, slots=True)
class UploadRequest:
    """`workers` is how many parts travel at once."""

    destination: Destination
    options: UploadOptions
    stop: CallersStop
    workers: int
    progress: bool | OnProgress


def run_upload(
    source: Source,
    store: ObjectStore,
    profile: Profile,
    request: UploadRequest,
    total: int | None,
    *,
    journal: TransferStore,
) -> Transfer:
    """Upload and verify; returns the completed transfer. `total` in bytes, None if unknown.

    `journal` is for this upload alone, and is closed.

    Whatever goes wrong, no multipart upload and no thread is left behind. Raises S3guiError,
    Stopped when `ex_cancel` says so, what the source raises, and what the caller's own functions
    raise.
    """
    destination, stop, workers = request.destination, request.stop, request.workers
    line = ProgressLine(destination.key) if request.progress is True else None
    on_progress = request.progress if callable(request.progress) else line or _ignore
    progress = ProgressSum(on_progress, total, stop.fail)
    executor = ThreadPoolExecutor(workers, thread_name_prefix="s3gui-part")

    def publish(event: Event) -> None:
        progress.publish(event)
        if isinstance(event, TransferChanged) and event.transfer.state in _TOO_LATE:
            stop.ask_no_more()

    try:
        batch = journal.add_batch(Batch("driver", destination, profile))
        transfer = Transfer(batch.id, destination.key, destination, options=request.options)
        (transfer_id,) = journal.add_transfers([transfer])
        means = Means(
            store,
            journal,
            executor,
            publish,
            SystemClock(),
            Concurrency(MOST_AT_ONCE),
            Overlap(),
            Room(),
            parts_at_once=workers,
            keeps_parts=False,
        )
        completed = upload(replace(transfer, id=transfer_id), source, means, stop)
    except BaseException as error:
        if line is not None:
            line.abandon()
        if isinstance(error, Stopped) and stop.errors:
            raise stop.errors[0] from None
        raise
    finally:
        stop.request(StopReason.CANCELLED)
        executor.shutdown()
        journal.close()
    progress.finish(completed.sent_bytes)
    if line is not None:
        line.finish(completed.sent_bytes)
    return completed


def _ignore(sent_bytes: int, total: int | None) -> None:
    del sent_bytes, total
