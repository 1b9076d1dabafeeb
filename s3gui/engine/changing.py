"""What is asked for of rows that are there: to pause, resume, retry, cancel or remove them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from s3gui.core.events import TransfersChanged, TransfersRemoved
from s3gui.core.transfer import ACTIVE_STATES, Transfer, TransferState
from s3gui.engine.adding import forget_changed_sources
from s3gui.engine.ahead import Ahead
from s3gui.engine.allowed import CANCELLABLE, RESUMABLE, RETRYABLE, WAITING
from s3gui.engine.cancelling import Cancelling
from s3gui.engine.holding import Holding
from s3gui.engine.places import Places
from s3gui.engine.ports import Publish, TransferStore
from s3gui.engine.runner import Pools, Runner
from s3gui.engine.slices import slices
from s3gui.engine.stop import Stop, StopReason


class Changing:
    """A base of `TransferQueue`, whose lock is `_changed`."""

    _journal: TransferStore
    _publish: Publish
    _pools: Pools
    _runner: Runner
    _holding: Holding
    _ahead: Ahead
    _places: Places
    _cancelling: Cancelling
    _changed: threading.Condition
    _running: dict[int, Stop]
    _to_remove: set[int]

    def _leave(self, ids: Sequence[int]) -> None:
        """These do not run any more."""
        raise NotImplementedError

    def pause(self, ids: Sequence[int]) -> None:
        self._set_states(ids, TransferState.PAUSED, WAITING, stops=StopReason.PAUSED)

    def resume(self, ids: Sequence[int]) -> None:
        self._set_states(ids, TransferState.QUEUED, RESUMABLE)
        for profile_id in self._holding.profile_ids:
            self._holding.release(profile_id)

    def retry(self, ids: Sequence[int]) -> None:
        """Queue again what failed, was cancelled or skipped. A changed file starts anew."""
        for some in slices(ids):
            forget_changed_sources(self._journal, some)
        self._set_states(ids, TransferState.QUEUED, RETRYABLE)

    def cancel(self, ids: Sequence[int]) -> None:
        """Leave off for good; what is open on the service is dropped there.

        Should the process be killed meanwhile, the next start goes on with it.
        """
        if ids:
            cancel_id = self._cancelling.begin(ids)
            try:
                self._go_on_cancelling(cancel_id, ids)
            except BaseException:  # who is told of it decides anew
                with self._changed:
                    self._cancelling.decided(cancel_id, ())
                raise

    def remove(self, ids: Sequence[int], *, only: frozenset[TransferState] | None = None) -> None:
        """Take rows out of the list, all or `only` some; cancels first what has not ended."""
        if only is None:
            self.cancel(ids)
        for some in slices(ids):
            with self._changed:
                self._to_remove.update(self._running.keys() & set(some) if only is None else ())
                gone = [each for each in some if each not in self._running]
            self._remove(gone, only)

    def pause_all(self) -> None:
        self.pause(self._journal.ids(states=WAITING | ACTIVE_STATES))

    def resume_all(self) -> None:
        self.resume(self._journal.ids(states=RESUMABLE))

    def retry_failed(self) -> None:
        self.retry(self._journal.ids(states={TransferState.FAILED}))

    def cancel_all(self) -> None:
        self.cancel(self._journal.ids(states=CANCELLABLE - {TransferState.FAILED}))

    # Inside.

    def _go_on_cancelling(self, cancel_id: int, ids: Sequence[int]) -> None:
        """What could not be changed stays noted as to be cancelled."""
        self._set_states(
            ids,
            TransferState.CANCELLED,
            CANCELLABLE,
            self._drop_left_open,
            stops=StopReason.CANCELLED,
        )
        with self._changed:
            self._cancelling.decided(cancel_id, self._running.keys() & ids)

    def _remove(self, ids: Sequence[int], only: frozenset[TransferState] | None = None) -> None:
        self._publish(TransfersRemoved(tuple(self._journal.remove(ids, only=only))))

    def _stop_running(self, ids: Sequence[int], reason: StopReason) -> None:
        with self._changed:
            for each in self._running.keys() & ids:
                self._running[each].request(reason)

    def _set_states(
        self,
        ids: Sequence[int],
        state: TransferState,
        only: frozenset[TransferState],
        and_then: Callable[[Sequence[int]], None] = lambda _: None,
        *,
        stops: StopReason | None = None,
    ) -> None:
        """Some at a time; nothing new is started before all are done, so none slips through.

        Those of them that run are asked to stop, for this reason, or left alone where it is None.
        """
        with self._changed:
            self._places.changes_under_way += 1
        try:
            if stops is not None:
                self._stop_running(ids, stops)
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
