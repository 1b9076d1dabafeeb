"""Decides what runs. The journal remembers; the pools do the work."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import islice

from s3gui.core.archive import SourceKind
from s3gui.core.errors import S3guiError, SourceStalled
from s3gui.core.events import (
    BatchAdded,
    ConnectionHeld,
    ConnectionReleased,
    TransfersAdded,
    TransfersChanged,
    TransfersRemoved,
)
from s3gui.core.profile import Profile
from s3gui.core.transfer import (
    ACTIVE_STATES,
    Batch,
    Destination,
    Transfer,
    TransferState,
    UploadOptions,
)
from s3gui.engine import adding
from s3gui.engine.ahead import Ahead, Next
from s3gui.engine.allowed import CANCELLABLE, LEFT, RESUMABLE, RETRYABLE, WAITING
from s3gui.engine.bandwidth import Bandwidth
from s3gui.engine.disks import Disks
from s3gui.engine.holding import Holding
from s3gui.engine.holds import Refusals
from s3gui.engine.places import Places
from s3gui.engine.ports import Clock, Count, ObjectStore, Publish, TransferStore
from s3gui.engine.ranking import Ranking
from s3gui.engine.runner import Ended, Pools, Runner
from s3gui.engine.scan import Found
from s3gui.engine.settling import Settler
from s3gui.engine.slices import slices
from s3gui.engine.stop import Stop, StopReason

__all__ = ["Pools", "TransferQueue"]

Choose = Callable[[Found], UploadOptions | None]

_log = logging.getLogger(__name__)
_ONLY_WAITING = frozenset({TransferState.WAITING})
_ADDED_AT_FIRST = 500
"""Rows saved in one transaction while a folder is read; ten times as many later."""


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
        *,
        disks: Disks | None = None,
    ) -> None:
        self._journal = journal
        self._pools = pools
        self._publish = publish
        self._disks = disks or Disks()
        self._disks.on_answer = self._go_on_with_stalled
        self.ranking = Ranking(journal, self._tell_changed)
        self.bandwidth = Bandwidth(clock)
        self._runner = Runner(
            journal, store_for, pools, publish, clock, self._disks, self.bandwidth
        )
        self._holding = Holding(self._runner.look, clock, self._released)
        self._refusals = Refusals()
        self._ahead = Ahead(journal, clock, self._next_queued)
        self._settler = Settler(journal, publish, self._settled)
        self._to_remove: set[int] = set()
        self._changed = threading.Condition()
        self._places = Places(
            pools.transfers, self._changed, self._ahead, self._run, self._runner.files_at_once
        )
        self._running = self._places.running
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
        choose: Choose | None = None,
    ) -> Batch:
        """Find the files under `paths` and queue them; sending starts while it still looks.

        Empty folders are counted; where the options say so they are stored too, as an empty
        object whose key ends in a slash.
        `choose` may give a file other options than `options`, or None to leave it out.
        Raises InputError, before anything is queued, where they cannot go there; Stopped when
        `stop` was requested (what was found so far stays queued), SourceStalled likewise.
        """
        options.check()
        sources = [os.fspath(path) for path in paths]
        found = adding.find(sources, destination, self._disks, stop or Stop())
        title = name or adding.batch_name(sources)
        batch = self._journal.add_batch(Batch(title, destination, profile))
        self._publish(BatchAdded(batch))
        adding.log_access(batch, options)
        empty_folders = 0
        at_once = _ADDED_AT_FIRST
        while chunk := list(islice(found, at_once)):
            at_once, marks = min(2 * at_once, 10 * _ADDED_AT_FIRST), options.marks_empty_folders
            taken = [each for each in chunk if marks or not each.is_empty_folder]
            empty_folders += len(chunk) - len(taken)
            chosen = [(each, choose(each) if choose else options) for each in taken]
            ids = self._journal.add_transfers(
                [adding.transfer_of(batch.id, each, its) for each, its in chosen if its is not None]
            )
            self._publish(TransfersAdded(batch.id, tuple(ids), is_last=False))
            self._places.fill()
            if stop is not None:
                stop.check()
        told = TransfersAdded(batch.id, (), is_last=True, empty_folders=empty_folders)
        self._publish(told)
        return batch

    def add_archive(
        self,
        folder: str | os.PathLike[str],
        destination: Destination,
        options: UploadOptions,
        profile: Profile,
        kind: SourceKind,
    ) -> Batch:
        """Queue a folder that is sent as one archive. Raises InputError.

        It is made anew whenever it starts: what a pause or a failure leaves is dropped.
        """
        options.check()
        transfer = adding.archive_of(folder, destination, options, kind)
        batch = self._journal.add_batch(Batch(transfer.name, destination, profile))
        self._publish(BatchAdded(batch))
        adding.log_access(batch, options)
        ids = self._journal.add_transfers([replace(transfer, batch_id=batch.id)])
        self._publish(TransfersAdded(batch.id, tuple(ids), is_last=True))
        self._places.fill()
        return batch

    # Running.

    def start(self, batch_id: int | None = None) -> None:
        """Run what is queued, and go on with what an earlier process left in the middle.

        With `batch_id` only that batch is run, and nothing else is touched.
        """
        with self._changed:
            left = self._queue_again(LEFT, batch_id)
            self._batch_id = batch_id
            self._places.is_open = True
            self._ahead.forget()
        self._tell_changed(left)
        self._places.fill()

    def resize(self, *, files_at_once: int | None, parts_at_once: int | None) -> None:
        """Change how much runs at once, as in `Pools`; what runs already ends as it began."""
        with self._changed:
            self._pools = replace(
                self._pools, files_at_once=files_at_once, parts_at_once=parts_at_once
            )
            self._runner.resize(self._pools)
        self._places.fill()

    def release(self, profile_id: str) -> None:
        """Go on with a connection that was held: somebody signed in, or hopes for the best."""
        self._holding.release(profile_id)

    def wait_until_idle(self, timeout_seconds: float | None = None) -> bool:
        """Wait until nothing runs and nothing of what may run is queued; False on a time-out."""
        with self._changed:
            return self._changed.wait_for(self._is_idle, timeout_seconds)

    def close(self, timeout_seconds: float = 3.0) -> bool:
        """Pause what runs, to go on at the next start; returns whether all left off in time."""
        self._holding.close()
        with self._changed:
            self._places.is_open = False
            for stop in self._running.values():
                stop.request(StopReason.CLOSING)
            return self._changed.wait_for(lambda: not self._running, timeout_seconds)

    def counts(self, batch_id: int | None = None) -> dict[TransferState, Count]:
        return self._journal.counts(batch_id)

    # What the user asks for.

    def pause(self, ids: Sequence[int]) -> None:
        self._stop_running(ids, StopReason.PAUSED)
        self._set_states(ids, TransferState.PAUSED, WAITING)

    def resume(self, ids: Sequence[int]) -> None:
        self._set_states(ids, TransferState.QUEUED, RESUMABLE)
        for profile_id in self._holding.profile_ids:
            self._holding.release(profile_id)

    def retry(self, ids: Sequence[int]) -> None:
        """Queue again what failed, was cancelled or skipped. A changed file starts anew."""
        for some in slices(ids):
            adding.forget_changed_sources(self._journal, some)
        self._set_states(ids, TransferState.QUEUED, RETRYABLE)

    def cancel(self, ids: Sequence[int]) -> None:
        """Leave off for good; what is open on the service is dropped there."""
        self._stop_running(ids, StopReason.CANCELLED)
        self._set_states(ids, TransferState.CANCELLED, CANCELLABLE, and_then=self._drop_left_open)

    def remove(self, ids: Sequence[int]) -> None:
        """Take rows out of the list; cancels first what has not ended."""
        self.cancel(ids)
        for some in slices(ids):
            with self._changed:
                self._to_remove.update(self._running.keys() & set(some))
                gone = [each for each in some if each not in self._running]
            self._remove(gone)

    def pause_all(self) -> None:
        self.pause(self._journal.ids(states=WAITING | ACTIVE_STATES))

    def resume_all(self) -> None:
        self.resume(self._journal.ids(states=RESUMABLE))

    def retry_failed(self) -> None:
        self.retry(self._journal.ids(states={TransferState.FAILED}))

    def cancel_all(self) -> None:
        self.cancel(self._journal.ids(states=CANCELLABLE - {TransferState.FAILED}))

    # Inside.

    def _run(self, following: Next) -> None:
        """In a worker of the transfers pool: one transfer, to whatever end it comes."""
        transfer, ended = following.transfer, Ended()
        try:
            ended = self._runner.run(following, self._running[transfer.id])
            self._learn(transfer, ended)
        except Exception:  # noqa: BLE001 - one transfer must not take the pool with it
            _log.exception("transfer %d could not be settled", transfer.id)
        finally:
            if ended.unsaved is None:
                self._leave([transfer.id])
            else:
                self._settler.settle(ended.unsaved)
            if isinstance(ended.error, SourceStalled) and not self._disks.has_stalled:
                self._go_on_with_stalled()  # it answered before this was written down

    def _settled(self, transfers: Sequence[Transfer], error: S3guiError | None) -> None:
        try:
            if error is not None:
                for transfer in transfers:
                    self._learn(transfer, self._runner.not_saved(transfer, error))
        finally:
            self._leave([each.id for each in transfers])

    def _go_on_with_stalled(self) -> None:
        """A disk answers again, to whoever asked it: those that wait for one try theirs."""
        with self._changed:
            if not self._places.is_open:
                return
            waiting = self._runner.waiting_for_sources()
            idle = [each for each in waiting if each not in self._running]
            again = self._journal.set_states(idle, TransferState.QUEUED, only=_ONLY_WAITING)
        self._tell_changed(again)
        self._places.fill()

    def _learn(self, transfer: Transfer, ended: Ended) -> None:
        """What the end of one transfer means for others."""
        if ended.hold is not None:
            profile, hold = self._runner.profile(transfer.batch_id), ended.hold
            is_news = self._holding.hold(profile, hold)
            with self._changed:
                self._ahead.forget()
            if is_news:
                self._publish(ConnectionHeld(profile.id, hold.waiting_for, hold.failure))
        elif ended.error is None:
            self._refusals.succeeded(transfer.batch_id)
        elif ended.fails_batch or self._refusals.is_whole_batch(transfer.batch_id, ended.error):
            with self._changed:
                self._ahead.forget()
                failed = self._journal.fail_queued(transfer.batch_id, ended.error.failure())
            self._tell_changed(failed)

    def _released(self, profile: Profile) -> None:
        self._publish(ConnectionReleased(profile.id))
        with self._changed:
            # Where the disk was full, a state may be one that could not be written down.
            self._ahead.forget()
            again = self._queue_again(ACTIVE_STATES, self._batch_id)
            waiting = self._journal.waiting(profile.id)
            again += self._journal.set_states(waiting, TransferState.QUEUED, only=_ONLY_WAITING)
        self._tell_changed(again)
        self._places.fill()

    def _queue_again(self, states: frozenset[TransferState], batch_id: int | None) -> list[int]:
        left = self._journal.ids(states=states, batch_id=batch_id)
        idle = [each for each in left if each not in self._running]
        return self._journal.set_states(idle, TransferState.QUEUED, only=states)

    def _next_queued(self, limit: int) -> list[Transfer]:
        return self._journal.next_queued(limit, self._batch_id, but_not=self._holding.profile_ids)

    def _leave(self, ids: Sequence[int]) -> None:
        with self._changed:
            gone = self._to_remove.intersection(ids)
            try:
                if gone:
                    self._to_remove -= gone
                    self._remove(sorted(gone))
            finally:
                # Only now: who waits for it to leave shall find its row gone.
                for each in ids:
                    del self._running[each]
                self._changed.notify_all()

    def _remove(self, ids: Sequence[int]) -> None:
        self._journal.remove(ids)
        self._publish(TransfersRemoved(tuple(ids)))

    def _stop_running(self, ids: Sequence[int], reason: StopReason) -> None:
        with self._changed:
            for each in self._running.keys() & set(ids):
                self._running[each].request(reason)

    def _set_states(
        self,
        ids: Sequence[int],
        state: TransferState,
        only: frozenset[TransferState],
        and_then: Callable[[Sequence[int]], None] = lambda _: None,
    ) -> None:
        """Some at a time; nothing new is started before all are done, so none slips through."""
        with self._changed:
            self._places.changes_under_way += 1
        try:
            for some in slices(ids):
                with self._changed:
                    idle = [each for each in some if each not in self._running]
                    changed = self._journal.set_states(idle, state, only=only)
                self._tell_changed(changed)
                and_then(changed)
        finally:
            with self._changed:
                self._ahead.forget()
                self._places.changes_under_way -= 1
            self._places.fill()

    def _tell_changed(self, ids: Sequence[int]) -> None:
        if ids:
            with self._changed:
                self._ahead.forget()
            self._publish(TransfersChanged(tuple(ids)))

    def _drop_left_open(self, ids: Sequence[int]) -> None:
        for transfer in self._journal.with_upload(ids):
            with self._changed:
                self._running[transfer.id] = Stop()
            self._pools.transfers.submit(self._drop, transfer)

    def _drop(self, transfer: Transfer) -> None:
        try:
            self._runner.drop(transfer)
        finally:
            self._leave([transfer.id])

    def _is_idle(self) -> bool:
        """Nothing moves, and nothing will unless a person does something."""
        if self._running:
            return False
        if not self._places.is_open:
            return True
        if self._disks.has_ever_stalled and self._runner.waiting_for_sources(self._batch_id):
            return False
        return self._holding.all_need_a_person() and not self._next_queued(1)
