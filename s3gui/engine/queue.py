"""Decides what runs. The journal remembers; the pools do the work."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Collection, Sequence

from s3gui.core.errors import JournalDamaged, JournalUnwritable, S3guiError, SourceStalled
from s3gui.core.events import ConnectionHeld, ConnectionReleased
from s3gui.core.frozen import replace
from s3gui.core.profile import Profile
from s3gui.core.transfer import (
    ACTIVE_STATES,
    Destination,
    Transfer,
    TransferState,
    WaitingFor,
)
from s3gui.engine.adding import Adding
from s3gui.engine.ahead import Ahead, Next
from s3gui.engine.allowed import LEFT
from s3gui.engine.bandwidth import Bandwidth
from s3gui.engine.cancelling import Cancelling
from s3gui.engine.changing import Changing
from s3gui.engine.disks import Disks
from s3gui.engine.holding import Holding
from s3gui.engine.holds import Hold, Refusals
from s3gui.engine.places import Places
from s3gui.engine.ports import Clock, Count, ObjectStore, Publish, TransferStore
from s3gui.engine.ranking import Ranking
from s3gui.engine.runner import Ended, Pools, Runner
from s3gui.engine.settling import Settler
from s3gui.engine.steps import Steps
from s3gui.engine.stop import StopReason

__all__ = ["Pools", "TransferQueue"]

_log = logging.getLogger(__name__)
_STOPPED = Ended()
_ONLY_WAITING = frozenset({TransferState.WAITING})
_EVERY_CONNECTION = Profile(id="", name="")
"""What is held where the queue cannot be read."""


class TransferQueue(Adding, Changing):
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
            journal,
            store_for,
            pools,
            publish,
            clock,
            disks=self._disks,
            bandwidth=self.bandwidth,
            on_growth=self._fill,
        )
        self._holding = Holding(self._runner.look, clock, self._released)
        self._refusals = Refusals()
        self._ahead = Ahead(journal, clock, self._next_queued)
        self._settler = Settler(journal, publish, self._settled)
        self._cancelling = Cancelling(journal)
        self._to_remove: set[int] = set()
        self._given_up: set[int] = set()
        self._changed = threading.Condition()
        self._places = Places(
            pools.transfers,
            self._changed,
            self._ahead,
            self._run,
            self._runner,
            on_rest=self._settler.no_more,
        )
        self._running = self._places.running
        self._batch_id: int | None = None
        self._is_beginning = False
        """Nothing new runs before what an earlier process left is in order."""

    # Running.

    def start(self, batch_id: int | None = None) -> None:
        """Run what is queued, and go on with what an earlier process left in the middle.

        With `batch_id` only that batch is run, and nothing else is touched. Where the disk fails
        just now nothing runs before it has let all that be written down. Raises JournalDamaged.
        """
        with self._changed:
            self._batch_id = batch_id
            self._places.is_open = self._is_beginning = True
            self._ahead.forget()
        try:
            self._begin()
        except JournalDamaged:
            self._places.is_open = False
            raise
        except JournalUnwritable as error:
            self._wait_for_disk(error)

    def _begin(self) -> None:
        if self._batch_id is None:
            for cancel_id, ids in self._cancelling.left().items():
                self._go_on_cancelling(cancel_id, ids)
        with self._changed:
            left = self._queue_again(LEFT, self._batch_id)
            self._is_beginning = False
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

    # Inside.

    def _run(self, following: Next) -> Steps[None]:
        """In a worker of the transfers pool: one transfer, to whatever end it comes."""
        transfer, ended = following.transfer, _STOPPED
        try:
            ended = yield from self._runner.run(following, self._running[transfer.id])
            self._learn(transfer, ended)
        except JournalDamaged as error:
            self._stop_for_damage(error)
        except Exception:  # noqa: BLE001 - one transfer must not take the pool with it
            self._give_up(transfer)
        finally:
            self._let_go(transfer, ended)

    def _let_go(self, transfer: Transfer, ended: Ended) -> None:
        """Raises nothing: its worker has others to run."""
        try:
            if ended.unsaved is None:
                self._leave([transfer.id])
            else:
                self._settler.settle(ended.unsaved)
            if isinstance(ended.error, SourceStalled) and not self._disks.has_stalled:
                self._go_on_with_stalled()  # it answered before this was written down
        except JournalDamaged as error:
            self._stop_for_damage(error)
        except Exception:  # noqa: BLE001 - a full disk takes no row out of the list, for one
            _log.exception("what follows the end of transfer %d could not be done", transfer.id)

    def _settled(self, transfers: Sequence[Transfer], error: S3guiError | None) -> None:
        try:
            if error is not None:
                for transfer in transfers:
                    self._not_saved(transfer, error)
        finally:
            self._leave([each.id for each in transfers])

    def _not_saved(self, transfer: Transfer, error: S3guiError) -> None:
        try:
            self._learn(transfer, self._runner.not_saved(transfer, error))
        except JournalDamaged as damage:
            self._stop_for_damage(damage)
        except Exception:  # noqa: BLE001 - the others are to be told too
            self._give_up(transfer)

    def _give_up(self, transfer: Transfer) -> None:
        """By a fault of ours its row does not say how it ended: only the next start tries again."""
        _log.exception("transfer %d could not be settled", transfer.id)
        with self._changed:
            self._given_up.add(transfer.id)

    def _go_on_with_stalled(self) -> None:
        """A disk answers again, to whoever asked it: those that wait for one try theirs."""
        try:
            with self._changed:
                again = self._queue_stalled() if self._places.is_open else []
        except JournalUnwritable as error:
            self._wait_for_disk(error)
        else:
            self._tell_changed(again)
            self._places.fill()

    def _queue_stalled(self) -> list[int]:
        waiting = self._runner.waiting_for_sources()
        idle = [each for each in waiting if each not in self._running]
        return self._journal.set_states(idle, TransferState.QUEUED, only=_ONLY_WAITING)

    def _learn(self, transfer: Transfer, ended: Ended) -> None:
        """What the end of one transfer means for others."""
        if ended.hold is not None:
            profile, hold = self._runner.profile(transfer.batch_id), ended.hold
            is_news = self._holding.hold(profile, hold)
            with self._changed:
                self._ahead.forget()
            if is_news:
                self._tell_held(profile, hold)
        elif ended.error is None:
            self._refusals.succeeded(transfer.batch_id)
        elif ended.fails_batch or self._refusals.is_whole_batch(transfer.batch_id, ended.error):
            with self._changed:
                self._ahead.forget()
                failed = self._journal.fail_queued(transfer.batch_id, ended.error.failure())
            self._tell_changed(failed)

    def _tell_held(self, profile: Profile, hold: Hold) -> None:
        self._publish(ConnectionHeld(profile.id, hold.waiting_for, hold.failure))

    def _fill(self) -> None:
        self._places.fill()

    def _released(self, profile: Profile, hold: Hold) -> Callable[[], None]:
        again: list[int] = []
        try:
            if self._is_beginning:
                self._begin()
            with self._changed:
                # Where the disk was full, a state may be one that could not be written down.
                self._ahead.forget()
                again = self._queue_again(ACTIVE_STATES, self._batch_id)
                waiting = self._journal.waiting(profile.id)
                again += self._journal.set_states(waiting, TransferState.QUEUED, only=_ONLY_WAITING)
                if self._disks.has_ever_stalled and not self._disks.has_stalled:
                    again += self._queue_stalled()  # that it answers may have met a full disk
        except JournalDamaged as error:
            self._stop_for_damage(error)
        except JournalUnwritable as error:
            # Now the disk is what is waited for.
            disk = Hold(WaitingFor.DISK, error.failure(), hold.destination)
            if self._holding.hold(profile, disk):
                self._tell_held(profile, disk)
            return lambda: None
        self._publish(ConnectionReleased(profile.id))

        def go_on() -> None:
            with self._changed:
                self._ahead.forget()
            self._tell_changed(again)
            self._places.fill()

        return go_on

    def _queue_again(self, states: frozenset[TransferState], batch_id: int | None) -> list[int]:
        left = self._journal.ids(states=states, batch_id=batch_id)
        idle = [each for each in left if each not in self._running]
        return self._journal.set_states(idle, TransferState.QUEUED, only=states)

    def _next_queued(self, limit: int, running: Collection[int] = ()) -> list[Transfer]:
        if self._is_beginning:
            return []
        held, others = self._holding.profile_ids, {*running, *self._given_up}
        try:
            rows = self._journal.next_queued(limit, self._batch_id, but_not=held, running=others)
            for each in rows:
                self._runner.profile(each.batch_id)  # once a batch: whoever needs it finds it read
        except JournalUnwritable as error:
            self._wait_for_disk(error)
        else:
            return rows
        return []

    def _wait_for_disk(self, error: JournalUnwritable) -> None:
        if isinstance(error, JournalDamaged):
            self._stop_for_damage(error)
            return
        disk = Hold(WaitingFor.DISK, error.failure(), Destination("", ""))
        if self._holding.hold(_EVERY_CONNECTION, disk):
            self._tell_held(_EVERY_CONNECTION, disk)

    def _stop_for_damage(self, error: JournalDamaged) -> None:
        """Nothing more is started: nobody can tell what would be. It is told once."""
        with self._changed:
            is_news, self._places.is_open = self._places.is_open, False
        if is_news:
            self._publish(ConnectionHeld("", WaitingFor.DISK, error.failure()))

    def _leave(self, ids: Sequence[int]) -> None:
        with self._changed:
            gone = self._to_remove.intersection(ids)
            try:
                if gone:
                    self._to_remove -= gone
                    self._remove(sorted(gone))
            except JournalUnwritable as error:
                _log.warning("ended transfers stay in the list: %s", error.detail)
            finally:
                # Only now: who waits for it to leave shall find its row gone.
                for each in ids:
                    del self._running[each]
                self._ahead.look_again()  # one of them may be queued again already
                self._cancelling.leave(ids)
                self._changed.notify_all()

    def _is_idle(self) -> bool:
        """Nothing moves, and nothing will unless a person does something."""
        if self._running:
            return False
        if not self._places.is_open:
            return True
        if self._is_beginning:
            return False
        if self._disks.has_ever_stalled and self._runner.waiting_for_sources(self._batch_id):
            return False
        return self._holding.all_need_a_person() and not self._next_queued(1)
