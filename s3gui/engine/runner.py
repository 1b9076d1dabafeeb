"""Runs one transfer to whatever end it comes, and writes that end down."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace

from s3gui.core.errors import AlreadyExists, JournalUnwritable, S3guiError, SourceStalled
from s3gui.core.events import TransferChanged
from s3gui.core.profile import Profile
from s3gui.core.transfer import ConflictRule, Transfer, TransferState, WaitingFor
from s3gui.engine.abort import drop_multipart
from s3gui.engine.concurrency import Concurrency
from s3gui.engine.disks import Disks
from s3gui.engine.holds import Hold, hold_for
from s3gui.engine.means import Means
from s3gui.engine.ports import Clock, ObjectStore, Publish, TransferStore
from s3gui.engine.sources import open_source
from s3gui.engine.stop import Stop, Stopped, StopReason
from s3gui.engine.upload import upload

_log = logging.getLogger(__name__)

_UNCONNECTED = 3
"""Attempts without a connection after which the network counts as away."""

_STATE_AFTER = {
    StopReason.PAUSED: TransferState.PAUSED,
    StopReason.CANCELLED: TransferState.CANCELLED,
    StopReason.CLOSING: TransferState.QUEUED,
}


@dataclass(frozen=True, slots=True)
class Pools:
    """Two pools, never one: transfers wait for their parts, and would wait for ever in one.

    `waits_for_first_answer`: whether a service that never answered, or never took the
    credentials, is waited for. Who types a command wants to be told; who dropped files on a
    window may mend it there, or has left.
    """

    transfers: Executor
    parts: Executor
    files_at_once: int = 4
    parts_at_once: int = 8
    waits_for_first_answer: bool = True


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run ended: `error` is None after a success or a stop.

    `hold`: the connection is to be held. `fails_batch`: the others would end the same way.
    """

    error: S3guiError | None = None
    hold: Hold | None = None
    fails_batch: bool = False


@dataclass
class Runner:
    journal: TransferStore
    store_for: Callable[[Profile], ObjectStore]
    pools: Pools
    publish: Publish
    clock: Clock
    disks: Disks
    _concurrency: dict[str, Concurrency] = field(default_factory=dict)
    _answered: set[str] = field(default_factory=set)

    def run(self, transfer: Transfer, stop: Stop) -> Ended:
        """Upload it; its state afterwards is saved and told. Raises what the journal raises."""
        profile = self.journal.batch(transfer.batch_id).profile
        try:
            stop.check()
            means = self._means_for(transfer, profile)
            with open_source(transfer, means.store.provider.limits, stop, self.disks) as source:
                upload(transfer, source, means, stop)
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
        return Ended()

    def drop(self, transfer: Transfer) -> None:
        """Abort on the service what the transfer left open there."""
        try:
            drop_multipart(transfer, self.means(self.journal.batch(transfer.batch_id).profile))
        except S3guiError as error:
            _log.warning("an upload stays open on the service: %s", error.message)

    def resize(self, pools: Pools) -> None:
        self.pools = pools
        for concurrency in list(self._concurrency.values()):
            concurrency.resize(pools.parts_at_once)

    def means(self, profile: Profile) -> Means:
        most = self.pools.parts_at_once
        return Means(
            store=self.store_for(profile),
            journal=self.journal,
            parts_executor=self.pools.parts,
            publish=self.publish,
            clock=self.clock,
            parts_at_once=most,
            concurrency=self._concurrency.setdefault(profile.id, Concurrency(most)),
        )

    def _means_for(self, transfer: Transfer, profile: Profile) -> Means:
        means = self.means(profile)
        if not self._waits_for(profile, transfer):
            return means
        # A network that is away burns no attempts: its return is waited for.
        return replace(means, patience=replace(means.patience, unconnected=_UNCONNECTED))

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
        self.publish(TransferChanged(settled))
