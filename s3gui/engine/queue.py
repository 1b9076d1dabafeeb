"""Decides what runs. The journal remembers; the pools do the work."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from itertools import islice

from s3gui.core.errors import AlreadyExists, S3guiError, SourceChanged
from s3gui.core.events import (
    BatchAdded,
    TransferChanged,
    TransfersAdded,
    TransfersChanged,
    TransfersRemoved,
)
from s3gui.core.profile import Profile
from s3gui.core.transfer import (
    ACTIVE_STATES,
    Batch,
    ConflictRule,
    Destination,
    Transfer,
    TransferState,
    UploadOptions,
)
from s3gui.engine.abort import drop_multipart
from s3gui.engine.means import Means
from s3gui.engine.ports import Clock, Count, ObjectStore, Publish, TransferStore
from s3gui.engine.scan import Found, scan
from s3gui.engine.source import FileSource, Source
from s3gui.engine.stop import Stop, Stopped, StopReason
from s3gui.engine.upload import upload

_log = logging.getLogger(__name__)
_ADDED_AT_ONCE = 500
"""Rows saved in one transaction while a folder is read."""

_WAITING = frozenset({TransferState.QUEUED, TransferState.WAITING})
_RESUMABLE = frozenset({TransferState.PAUSED, TransferState.WAITING})
_RETRYABLE = frozenset({TransferState.FAILED, TransferState.CANCELLED, TransferState.SKIPPED})
_CANCELLABLE = frozenset(TransferState) - {
    TransferState.COMPLETED,
    TransferState.CANCELLED,
    TransferState.SKIPPED,
}


@dataclass(frozen=True, slots=True)
class Pools:
    """Two pools, never one: transfers wait for their parts, and would wait for ever in one."""

    transfers: Executor
    parts: Executor
    files_at_once: int = 4
    parts_at_once: int = 8


class TransferQueue:
    """Adds, runs, pauses, resumes, retries, cancels and removes transfers.

    `store_for` gives live access for a profile; it may block and raise S3guiError. Every method
    may be called from any thread, returns when what it decided is saved, and is never called
    back by the engine.
    """

    def __init__(
        self,
        journal: TransferStore,
        store_for: Callable[[Profile], ObjectStore],
        pools: Pools,
        publish: Publish,
        clock: Clock,
    ) -> None:
        self._journal = journal
        self._store_for = store_for
        self._pools = pools
        self._publish = publish
        self._clock = clock
        self._running: dict[int, Stop] = {}
        self._to_remove: set[int] = set()
        self._changed = threading.Condition()
        self._is_started = False
        self._batch_id: int | None = None

    # Adding.

    def add(
        self,
        paths: Iterable[str | os.PathLike[str]],
        destination: Destination,
        options: UploadOptions,
        profile: Profile,
        *,
        name: str = "",
        stop: Stop | None = None,
    ) -> Batch:
        """Find the files under `paths` and queue them; sending starts while it still looks.

        Raises InputError, before anything is queued, where they cannot go there; Stopped when
        `stop` was requested (what was found so far stays queued).
        """
        sources = [os.fspath(path) for path in paths]
        found = scan(sources, destination)
        title = name or _batch_name(sources)
        batch = self._journal.add_batch(Batch(title, destination, profile))
        self._publish(BatchAdded(batch))
        while chunk := list(islice(found, _ADDED_AT_ONCE)):
            rows = [_transfer(batch.id, each, options) for each in chunk]
            ids = self._journal.add_transfers(rows)
            self._publish(TransfersAdded(batch.id, tuple(ids), is_last=False))
            self._fill()
            if stop is not None:
                stop.check()
        self._publish(TransfersAdded(batch.id, (), is_last=True))
        return batch

    # Running.

    def start(self, batch_id: int | None = None) -> None:
        """Run what is queued, and go on with what an earlier process left in the middle.

        With `batch_id` only that batch is run, and nothing else is touched.
        """
        with self._changed:
            interrupted = self._journal.ids(states=ACTIVE_STATES, batch_id=batch_id)
            left = [each for each in interrupted if each not in self._running]
            self._journal.set_states(left, TransferState.QUEUED, only=ACTIVE_STATES)
            self._batch_id = batch_id
            self._is_started = True
        self._tell_changed(left)
        self._fill()

    def wait_until_idle(self, timeout_seconds: float | None = None) -> bool:
        """Wait until nothing runs and nothing of what may run is queued; False on a time-out."""
        with self._changed:
            return self._changed.wait_for(self._is_idle, timeout_seconds)

    def close(self, timeout_seconds: float = 3.0) -> bool:
        """Pause what runs, to go on at the next start; returns whether all left off in time."""
        with self._changed:
            self._is_started = False
            for stop in self._running.values():
                stop.request(StopReason.CLOSING)
            return self._changed.wait_for(lambda: not self._running, timeout_seconds)

    def counts(self, batch_id: int | None = None) -> dict[TransferState, Count]:
        return self._journal.counts(batch_id)

    # What the user asks for.

    def pause(self, ids: Sequence[int]) -> None:
        self._stop_running(ids, StopReason.PAUSED)
        self._set_states(ids, TransferState.PAUSED, _WAITING)

    def resume(self, ids: Sequence[int]) -> None:
        self._set_states(ids, TransferState.QUEUED, _RESUMABLE)
        self._fill()

    def retry(self, ids: Sequence[int]) -> None:
        """Queue again what failed, was cancelled or skipped. A changed file starts anew."""
        for transfer in self._journal.transfers(ids):
            failure = transfer.failure
            if failure is not None and failure.code == SourceChanged.code:
                self._journal.save(replace(transfer, identity=None))
        self._set_states(ids, TransferState.QUEUED, _RETRYABLE)
        self._fill()

    def cancel(self, ids: Sequence[int]) -> None:
        """Leave off for good; what is open on the service is dropped there."""
        self._stop_running(ids, StopReason.CANCELLED)
        cancelled = self._set_states(ids, TransferState.CANCELLED, _CANCELLABLE)
        self._drop_left_open(cancelled)

    def remove(self, ids: Sequence[int]) -> None:
        """Take rows out of the list; cancels first what has not ended."""
        self.cancel(ids)
        with self._changed:
            self._to_remove.update(each for each in ids if each in self._running)
            gone = [each for each in ids if each not in self._running]
        self._remove(gone)

    def pause_all(self) -> None:
        self.pause(self._journal.ids(states=_WAITING | ACTIVE_STATES))

    def resume_all(self) -> None:
        self.resume(self._journal.ids(states=_RESUMABLE))

    def retry_failed(self) -> None:
        self.retry(self._journal.ids(states={TransferState.FAILED}))

    def cancel_all(self) -> None:
        self.cancel(self._journal.ids(states=_CANCELLABLE - {TransferState.FAILED}))

    # Inside.

    def _fill(self) -> None:
        """Give free places to the oldest queued transfers."""
        with self._changed:
            if not self._is_started:
                return
            free = self._pools.files_at_once - len(self._running)
            if free > 0:
                for transfer in self._journal.next_queued(
                    free + len(self._running), self._batch_id
                ):
                    if free and transfer.id not in self._running:
                        free -= 1
                        self._running[transfer.id] = Stop()
                        self._pools.transfers.submit(self._run, transfer.id)
            self._changed.notify_all()

    def _run(self, transfer_id: int) -> None:
        """In a worker of the transfers pool: one transfer, to whatever end it comes."""
        stop = self._running[transfer_id]
        try:
            transfer = self._journal.transfer(transfer_id)
            if transfer is not None:
                self._run_transfer(transfer, stop)
        except Exception:  # noqa: BLE001 - one transfer must not take the pool with it
            _log.exception("transfer %d could not be settled", transfer_id)
        finally:
            self._leave(transfer_id)

    def _leave(self, transfer_id: int) -> None:
        with self._changed:
            del self._running[transfer_id]
            is_to_remove = transfer_id in self._to_remove
            self._to_remove.discard(transfer_id)
            self._changed.notify_all()
        if is_to_remove:
            self._remove([transfer_id])
        self._fill()

    def _remove(self, ids: Sequence[int]) -> None:
        self._journal.remove(ids)
        self._publish(TransfersRemoved(tuple(ids)))

    def _run_transfer(self, transfer: Transfer, stop: Stop) -> None:
        try:
            stop.check()
            with FileSource(transfer.source) as source:
                self._upload(transfer, source, stop)
        except Stopped as stopped:
            self._settle(transfer.id, _STATE_AFTER[stopped.reason])
        except AlreadyExists as error:
            is_skipped = transfer.options.on_conflict is ConflictRule.SKIP
            self._settle(
                transfer.id,
                TransferState.SKIPPED if is_skipped else TransferState.FAILED,
                error,
            )
        except S3guiError as error:
            self._settle(transfer.id, TransferState.FAILED, error)
        except Exception as error:  # noqa: BLE001 - a fault of ours fails one transfer only
            _log.exception("transfer %d failed unexpectedly", transfer.id)
            unexpected = S3guiError(detail=f"{type(error).__name__}: {error}")
            self._settle(transfer.id, TransferState.FAILED, unexpected)

    def _upload(self, transfer: Transfer, source: Source, stop: Stop) -> None:
        upload(transfer, source, self._means(transfer), stop)

    def _means(self, transfer: Transfer) -> Means:
        profile = self._journal.batch(transfer.batch_id).profile
        return Means(
            store=self._store_for(profile),
            journal=self._journal,
            parts_executor=self._pools.parts,
            publish=self._publish,
            clock=self._clock,
            parts_at_once=self._pools.parts_at_once,
        )

    def _settle(
        self, transfer_id: int, state: TransferState, error: S3guiError | None = None
    ) -> None:
        transfer = self._journal.transfer(transfer_id)
        if transfer is None:
            return  # removed while it ran
        ended_at = self._clock.now() if state.is_ended else None
        failure = error.failure() if error is not None else None
        settled = replace(transfer, state=state, failure=failure, ended_at=ended_at)
        self._journal.save(settled)
        self._publish(TransferChanged(settled))

    def _stop_running(self, ids: Sequence[int], reason: StopReason) -> None:
        with self._changed:
            for each in ids:
                stop = self._running.get(each)
                if stop is not None:
                    stop.request(reason)

    def _set_states(
        self, ids: Sequence[int], state: TransferState, only: frozenset[TransferState]
    ) -> list[int]:
        with self._changed:
            idle = [each for each in ids if each not in self._running]
            changed = self._journal.set_states(idle, state, only=only)
            self._changed.notify_all()
        self._tell_changed(changed)
        return changed

    def _tell_changed(self, ids: Sequence[int]) -> None:
        if ids:
            self._publish(TransfersChanged(tuple(ids)))

    def _drop_left_open(self, ids: Sequence[int]) -> None:
        for transfer in self._journal.transfers(ids):
            if transfer.multipart is not None:
                with self._changed:
                    self._running[transfer.id] = Stop()
                self._pools.transfers.submit(self._drop, transfer)

    def _drop(self, transfer: Transfer) -> None:
        try:
            drop_multipart(transfer, self._means(transfer))
        except S3guiError as error:
            _log.warning("an upload stays open on the service: %s", error.message)
        finally:
            self._leave(transfer.id)

    def _is_idle(self) -> bool:
        if self._running:
            return False
        return not (self._is_started and self._journal.next_queued(1, self._batch_id))


_STATE_AFTER = {
    StopReason.PAUSED: TransferState.PAUSED,
    StopReason.CANCELLED: TransferState.CANCELLED,
    StopReason.CLOSING: TransferState.QUEUED,
}


def _transfer(batch_id: int, found: Found, options: UploadOptions) -> Transfer:
    return Transfer(
        batch_id=batch_id,
        source=found.path,
        destination=found.destination,
        size=found.size,
        options=options,
        state=TransferState.FAILED if found.failure else TransferState.QUEUED,
        failure=found.failure,
    )


def _batch_name(sources: Sequence[str]) -> str:
    first = os.path.basename(sources[0].rstrip(os.sep)) if sources else ""  # noqa: PTH119
    return first if len(sources) == 1 else f"{first} +{len(sources) - 1}"
