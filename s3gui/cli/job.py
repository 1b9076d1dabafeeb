"""What a command gives the queue to do, and how it leaves off."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import Protocol

from s3gui.bootstrap import Workspace
from s3gui.cli.tally import Counts
from s3gui.core.errors import JournalUnwritable
from s3gui.core.events import BatchAdded, Event, TransfersAdded
from s3gui.core.transfer import (
    ENDED_STATES,
    Batch,
    Transfer,
    TransferState,
)
from s3gui.engine.ports import Count, Publish, TransferStore
from s3gui.engine.stop import Stop, StopReason

_UNFINISHED = frozenset(TransferState) - ENDED_STATES
_READ_AT_ONCE = 500
_WAITED_WITHOUT_A_QUEUE_SECONDS = 2.0


class Job(Protocol):
    """`work` runs in a thread of its own; everything else is called by the main thread."""

    is_kept: bool
    size_is_known: bool

    def work(self) -> None:
        """Do it all; returns when nothing moves any more. Raises S3guiError, Stopped."""
        ...

    def apply(self, event: Event) -> None:
        """See every event that the job's transfers cause."""
        ...

    def leave_off(self, timeout_seconds: float) -> bool:
        """Ask to leave off; returns whether everything did, in time. What was sent is kept."""
        ...

    def counts(self) -> Counts: ...

    def failed(self) -> Iterator[Transfer]: ...

    def transfers(self) -> Iterator[Transfer]:
        """All that the job was about, as they are now."""
        ...

    def ended(self) -> None:
        """Nothing is running any more: leave nothing behind that nobody could take up again."""
        ...


class UploadJob:
    """What one command adds, as one batch of the queue; `add` queues it, until it is stopped."""

    def __init__(
        self,
        workspace: Workspace,
        add: Callable[[Stop], Batch],
        *,
        is_kept: bool,
        size_is_known: bool = True,
    ) -> None:
        self.is_kept = is_kept
        self.size_is_known = size_is_known
        self._workspace = workspace
        self._add = add
        self._stop = Stop()
        self._batch_id: int | None = None

    def work(self) -> None:
        queue = self._workspace.queue
        try:
            batch = self._add(self._stop)
            self._start(batch.id)
            queue.wait_until_idle()
        finally:
            self._set_aside()

    def apply(self, event: Event) -> None:
        """Sending starts with the first file that is found, not with the last."""
        if isinstance(event, BatchAdded):
            self._start(event.batch.id)

    def leave_off(self, timeout_seconds: float) -> bool:
        self._stop.request(StopReason.PAUSED)
        self._set_aside()
        return self._workspace.queue.close(timeout_seconds)

    def counts(self) -> Counts:
        return {} if self._batch_id is None else self._workspace.queue.counts(self._batch_id)

    def failed(self) -> Iterator[Transfer]:
        if self._batch_id is None:
            return iter(())
        transfers = self._workspace.transfers
        ids = transfers.ids(states={TransferState.FAILED}, batch_id=self._batch_id)
        return _in_slices(transfers, ids)

    def transfers(self) -> Iterator[Transfer]:
        if self._batch_id is None:
            return iter(())
        store = self._workspace.transfers
        return _in_slices(store, store.ids(batch_id=self._batch_id))

    def ended(self) -> None:
        """A queue that ends with this process must not leave parts on the service."""
        if self.is_kept:
            return
        open_ids = [each.id for each in self.failed() if each.multipart is not None]
        self._workspace.queue.cancel(open_ids)
        self._workspace.queue.wait_until_idle(_WAITED_WITHOUT_A_QUEUE_SECONDS)

    def _start(self, batch_id: int) -> None:
        self._batch_id = batch_id
        if not self._stop.is_requested:
            self._workspace.queue.start(batch_id)

    def _set_aside(self) -> None:
        """After a stop nothing of the batch may start by itself, not even in the next process."""
        if self._batch_id is None or not self._stop.is_requested:
            return
        ids = self._workspace.transfers.ids(states=_UNFINISHED, batch_id=self._batch_id)
        # A full disk takes no change either: then the next process goes on by itself.
        with suppress(JournalUnwritable):
            if self.is_kept:
                self._workspace.queue.pause(ids)
            else:
                self._workspace.queue.cancel(ids)


class ResumeJob:
    """Everything in the queue that did not end, of any batch."""

    is_kept = True
    size_is_known = True

    def __init__(self, workspace: Workspace, publish: Publish, *, with_failed: bool) -> None:
        self._workspace = workspace
        self._publish = publish
        wanted = _UNFINISHED | ({TransferState.FAILED} if with_failed else set())
        self._ids = workspace.transfers.ids(states=wanted)
        ended = workspace.queue.counts()
        self._before = {state: ended[state] for state in ENDED_STATES - wanted if state in ended}
        self._with_failed = with_failed

    def work(self) -> None:
        queue = self._workspace.queue
        if self._with_failed:
            queue.retry_failed()
        # Not before: what is about to be tried again has not failed in this run.
        self._publish(TransfersAdded(0, tuple(self._ids), is_last=True))
        queue.resume_all()
        queue.start()
        queue.wait_until_idle()

    def apply(self, event: Event) -> None:
        """Nothing waits for an event here."""

    def leave_off(self, timeout_seconds: float) -> bool:
        ends_by = time.monotonic() + timeout_seconds
        with suppress(JournalUnwritable):
            self._workspace.queue.pause(self._ids)
        return self._workspace.queue.close(max(0.0, ends_by - time.monotonic()))

    def counts(self) -> Counts:
        """Those of this run: what had ended before is none of its business."""
        none = Count()
        now = self._workspace.queue.counts()
        return {
            state: _difference(count, self._before.get(state, none)) for state, count in now.items()
        }

    def failed(self) -> Iterator[Transfer]:
        transfers = _in_slices(self._workspace.transfers, self._ids)
        return (each for each in transfers if each.state is TransferState.FAILED)

    def transfers(self) -> Iterator[Transfer]:
        return _in_slices(self._workspace.transfers, self._ids)

    def ended(self) -> None:
        """Whatever is left open stays in the queue."""


def _in_slices(store: TransferStore, ids: Sequence[int]) -> Iterator[Transfer]:
    for start in range(0, len(ids), _READ_AT_ONCE):
        yield from store.transfers(ids[start : start + _READ_AT_ONCE])


def _difference(now: Count, before: Count) -> Count:
    return Count(
        now.files - before.files, now.bytes - before.bytes, now.sent_bytes - before.sent_bytes
    )
