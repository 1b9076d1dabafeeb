"""Runs one transfer to whatever end it comes, and writes that end down."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import Executor

from s3gui.core.errors import AlreadyExists, JournalUnwritable, S3guiError, SourceStalled
from s3gui.core.events import TransferChanged
from s3gui.core.frozen import frozen, replace
from s3gui.core.profile import Profile
from s3gui.core.settings import FIRST_FILES_AT_ONCE, FIRST_PARTS_AT_ONCE, MOST_AT_ONCE
from s3gui.core.transfer import ConflictRule, Transfer, TransferState, WaitingFor
from s3gui.engine.abort import drop_multipart
from s3gui.engine.ahead import Next
from s3gui.engine.bandwidth import Bandwidth
from s3gui.engine.buffers import Buffers
from s3gui.engine.concurrency import Concurrency
from s3gui.engine.disks import DIRECT, Disks
from s3gui.engine.holds import Hold, hold_for
from s3gui.engine.means import Means
from s3gui.engine.overlap import Overlap
from s3gui.engine.places import Workers
from s3gui.engine.ports import Clock, ObjectStore, Publish, TransferStore
from s3gui.engine.retry import PATIENCE
from s3gui.engine.room import Room
from s3gui.engine.sources import open_source
from s3gui.engine.steps import Pause, Steps
from s3gui.engine.stop import Stop, Stopped, StopReason
from s3gui.engine.straight import upload_small
from s3gui.engine.upload import upload

_log = logging.getLogger(__name__)

_UNCONNECTED = 3
"""Attempts without a connection after which the network counts as away."""

_STATE_AFTER = {
    StopReason.PAUSED: TransferState.PAUSED,
    StopReason.CANCELLED: TransferState.CANCELLED,
    StopReason.CLOSING: TransferState.QUEUED,
}


@frozen
class Pools:
    """Two pools, never one: transfers wait for their parts, and would wait for ever in one.

    Where no number is given there may be more at once where the line takes it.
    `waits_for_first_answer`: whether a service that never answered, or never took the
    credentials, is waited for. Who types a command wants to be told; who dropped files on a
    window may mend it there, or has left.
    """

    transfers: Executor
    parts: Executor
    files_at_once: int | None = None
    parts_at_once: int | None = None
    waits_for_first_answer: bool = True

    @property
    def most_at_once(self) -> int:
        """Requests of one connection."""
        return self.parts_at_once or MOST_AT_ONCE

    @property
    def first_parts_at_once(self) -> int:
        return self.parts_at_once or FIRST_PARTS_AT_ONCE


@frozen
class Ended:
    """How a run ended: `error` is None after a success or a stop.

    `unsaved`: how the transfer ended, where that is still to be saved and told.
    `hold`: the connection is to be held. `fails_batch`: the others would end the same way.
    """

    error: S3guiError | None = None
    hold: Hold | None = None
    fails_batch: bool = False
    unsaved: Transfer | None = None


@frozen
class Line:
    """What all transfers of a connection share."""

    concurrency: Concurrency
    overlap: Overlap
    room: Room


class Runner:
    """`on_growth` is called where more requests may be under way than before."""

    def __init__(
        self,
        journal: TransferStore,
        store_for: Callable[[Profile], ObjectStore],
        pools: Pools,
        publish: Publish,
        clock: Clock,
        *,
        disks: Disks,
        bandwidth: Bandwidth,
        on_growth: Callable[[], None],
    ) -> None:
        self.journal = journal
        self.store_for = store_for
        self.pools = pools
        self.publish = publish
        self.clock = clock
        self.disks = disks
        self.bandwidth = bandwidth
        self.on_growth = on_growth
        self._buffers = Buffers()
        self._lines: dict[str, Line] = {}
        self._lines_of_batches: dict[int, Line] = {}
        self._answered: set[str] = set()
        self._profiles: dict[int, Profile] = {}
        self._means: dict[tuple[str, bool], Means] = {}

    def run(self, following: Next, stop: Stop) -> Steps[Ended]:
        """Upload it; its state afterwards is saved and told. Raises what the journal raises.

        Where it settles later, a success is left to the caller to be saved.
        """
        transfer, settles_later = following.transfer, following.settles_later
        profile = self.profile(transfer.batch_id)
        try:
            stop.check()
            means = self.means(profile, waits=self._waits_for(profile, transfer))
            limits = means.store.provider.limits
            access = self.disks.access(transfer.source, stop)
            if settles_later and access is not DIRECT:
                yield Pause.ALONE  # others need not wait for a disk that may not answer
            with open_source(transfer, limits, stop, access, self._buffers) as source:
                if settles_later:
                    ended = yield from upload_small(transfer, source, means, stop)
                else:
                    ended = upload(transfer, source, means, stop)
        except Stopped as stopped:
            self._settle(transfer.id, _STATE_AFTER[stopped.reason])
            return Ended()
        except S3guiError as error:
            return self._failed(transfer, profile, error)
        except Exception as error:  # noqa: BLE001 - a fault of ours fails one transfer only
            _log.exception("transfer %d failed unexpectedly", transfer.id)
            unexpected = S3guiError(detail=f"{type(error).__name__}: {error}")
            return self._failed(transfer, profile, unexpected)
        self._answered.add(profile.id)
        return Ended(unsaved=ended if settles_later else None)

    def not_saved(self, transfer: Transfer, error: S3guiError) -> Ended:
        """The end of `transfer` could not be saved: it has not ended."""
        return self._failed(transfer, self.profile(transfer.batch_id), error)

    def profile(self, batch_id: int) -> Profile:
        """A batch keeps its profile for ever."""
        profile = self._profiles.get(batch_id)
        if profile is None:
            profile = self._profiles[batch_id] = self.journal.batch(batch_id).profile
        return profile

    def drop(self, transfer: Transfer) -> None:
        """Abort on the service what the transfer left open there."""
        try:
            drop_multipart(transfer, self.means(self.profile(transfer.batch_id)))
        except S3guiError as error:
            _log.warning("an upload stays open on the service: %s", error.message)

    def look(self, profile: Profile, hold: Hold) -> None:
        """Ask the service, or the disk, once; raises S3guiError as an upload would."""
        if hold.waiting_for is WaitingFor.DISK:
            self.journal.check_writable()
            return
        store = self.means(profile).store
        if hold.waiting_for is WaitingFor.CLOCK:
            # A refusal of HEAD has no body: it could not be told from “access denied”.
            store.list_objects(hold.destination)
        else:
            store.head(hold.destination)

    def waiting_for_sources(self, batch_id: int | None = None) -> list[int]:
        """The ids of transfers, of all batches or of one, whose disks do not answer."""
        ids = self.journal.ids(states={TransferState.WAITING}, batch_id=batch_id)
        waiting = self.journal.transfers(ids)
        return [each.id for each in waiting if each.waiting_for is WaitingFor.SOURCE]

    def resize(self, pools: Pools) -> None:
        self.pools = pools
        for line in list(self._lines.values()):
            line.concurrency.resize(pools.most_at_once, pools.first_parts_at_once)

    def means(self, profile: Profile, *, waits: bool = False) -> Means:
        """Made anew where something of it is another by now: they serve thousands of files.

        `waits`: a network that is away burns no attempts, for its return is waited for.
        """
        store = self.store_for(profile)
        known = self._means.get((profile.id, waits))
        most_at_once = self.pools.most_at_once
        if known is None or known.store is not store or known.parts_at_once != most_at_once:
            known = self._means[profile.id, waits] = self._made(profile, store, waits=waits)
        return known

    def _made(self, profile: Profile, store: ObjectStore, *, waits: bool) -> Means:
        line = self._line_to(profile)
        return Means(
            store=store,
            journal=self.journal,
            parts_executor=self.pools.parts,
            publish=self.publish,
            clock=self.clock,
            parts_at_once=self.pools.most_at_once,
            concurrency=line.concurrency,
            overlap=line.overlap,
            room=line.room,
            bandwidth=self.bandwidth,
            patience=replace(PATIENCE, unconnected=_UNCONNECTED) if waits else PATIENCE,
        )

    def _line(self, following: Next) -> Line:
        """Asked for several times for each file."""
        batch_id = following.transfer.batch_id
        known = self._lines_of_batches.get(batch_id)
        if known is None:
            known = self._lines_of_batches[batch_id] = self._line_to(self.profile(batch_id))
        return known

    def _line_to(self, profile: Profile) -> Line:
        known = self._lines.get(profile.id)
        if known is None:
            most, first = self.pools.most_at_once, self.pools.first_parts_at_once
            steady, on_growth = self.clock.steady, self.on_growth
            concurrency = Concurrency(most, first, steady=steady, on_growth=on_growth)
            known = self._lines.setdefault(profile.id, Line(concurrency, Overlap(), Room()))
        return known

    def has_room(self, following: Next, workers: Workers) -> bool:
        """Whether there is work for one more worker.

        A large transfer has many requests of its own. For small ones one is enough as soon as
        it is known how many answers it has to await at the same time; see `Overlap`.
        """
        if self.pools.files_at_once is not None:
            return workers.all < self.pools.files_at_once
        line = self._line(following)
        if not following.is_tiny:
            # Sending takes longer than the wait for the answer: each has a worker of its own, and
            # there are as many as it takes for all requests that may be under way.
            limit = min(line.concurrency.limit, MOST_AT_ONCE // 2)
            return workers.all < max(FIRST_FILES_AT_ONCE, limit // following.requests)
        at_once = line.overlap.at_once
        if at_once is None:
            return workers.all < FIRST_FILES_AT_ONCE
        if workers.of_small:
            return False
        # Of those that do something alone there may be as many as answers are worth awaiting.
        most = max(FIRST_FILES_AT_ONCE, min(at_once, line.concurrency.limit))
        return workers.all < most

    def awaited(self, following: Next) -> int:
        """How many answers of small ones one worker may await at the same time."""
        if self.pools.files_at_once is not None:
            return 1
        line = self._line(following)
        return line.overlap.awaited(line.concurrency.limit)

    def _failed(self, transfer: Transfer, profile: Profile, error: S3guiError) -> Ended:
        if isinstance(error, SourceStalled):
            self._settle(transfer.id, TransferState.WAITING, error, WaitingFor.SOURCE)
            return Ended(error)
        hold = hold_for(error, transfer.destination)
        if hold is not None and (hold.is_for_disk or self._waits_for(profile, transfer)):
            self._settle(transfer.id, TransferState.WAITING, error, hold.waiting_for)
            return Ended(error, hold)
        is_skipped = isinstance(error, AlreadyExists) and (
            transfer.options.on_conflict is ConflictRule.SKIP
        )
        state = TransferState.SKIPPED if is_skipped else TransferState.FAILED
        self._settle(transfer.id, state, error)
        return Ended(None if is_skipped else error, fails_batch=hold is not None)

    def _waits_for(self, profile: Profile, transfer: Transfer) -> bool:
        if self.pools.waits_for_first_answer or profile.id in self._answered:
            return True
        saved = self.journal.transfer(transfer.id)
        return saved is not None and saved.multipart is not None

    def _settle(
        self,
        transfer_id: int,
        state: TransferState,
        error: S3guiError | None = None,
        waiting_for: WaitingFor | None = None,
    ) -> None:
        transfer = self.journal.transfer(transfer_id)
        if transfer is None:
            return  # removed while it ran
        settled = replace(
            transfer,
            state=state,
            waiting_for=waiting_for,
            failure=error.failure() if error is not None else None,
            ended_at=self.clock.now() if state.is_ended else None,
        )
        try:
            self.journal.save(settled)
        except JournalUnwritable:
            _log.warning("the end of transfer %d could not be written down yet", transfer_id)
        finally:
            self.publish(TransferChanged(settled))
