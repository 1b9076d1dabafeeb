"""What the window asks of the queue, off the GUI thread."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from s3gui.core.acl import CannedAcl
from s3gui.core.archive import SourceKind
from s3gui.core.profile import Profile
from s3gui.core.transfer import ConflictRule, Destination, TransferState, UploadOptions
from s3gui.engine.ports import TransferStore
from s3gui.engine.stop import Stop, Stopped, StopReason
from s3gui.gui.background import Background
from s3gui.gui.transfer_actions import Action, Place

if TYPE_CHECKING:
    from s3gui.engine.adding import Choose
    from s3gui.engine.queue import TransferQueue


class QueueCommands(QObject):
    """Every method returns at once; errors come out of the background's `unhandled`."""

    def __init__(
        self,
        queue: TransferQueue,
        transfers: TransferStore,
        background: Background,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._queue = queue
        self._transfers = transfers
        self._background = background
        self._scans: set[Stop] = set()

    @property
    def is_reading(self) -> bool:
        """Whether folders are still being read."""
        return bool(self._scans)

    def add(
        self,
        paths: Sequence[str],
        destination: Destination,
        options: UploadOptions,
        profile: Profile,
        choose: Choose | None = None,
    ) -> None:
        """`choose` as in `TransferQueue.add`."""
        stop = Stop()
        self._scans.add(stop)

        def read() -> None:
            try:
                self._queue.add(paths, destination, options, profile, stop=stop, choose=choose)
            except Stopped:
                pass
            finally:
                self._scans.discard(stop)

        self._run(read)

    def add_archive(
        self,
        folder: str,
        destination: Destination,
        options: UploadOptions,
        profile: Profile,
        kind: SourceKind,
    ) -> None:
        def add() -> None:
            self._queue.add_archive(folder, destination, options, profile, kind)

        self._run(add)

    def act(self, action: Action, ids: Sequence[int]) -> None:
        self._run(lambda: action.of(self._queue)(ids))

    def act_on_batch(self, action: Action, batch_id: int) -> None:
        """Removes only what has ended, so that a slip of the mouse cancels nothing."""

        def act() -> None:
            states = [state for state in self._transfers.counts(batch_id) if action.fits(state)]
            action.of(self._queue)(self._transfers.ids(states=states, batch_id=batch_id))

        self._run(act)

    def send_first(self, ids: Sequence[int]) -> None:
        self._run(lambda: self._queue.ranking.send_first(ids))

    def send_last(self, ids: Sequence[int]) -> None:
        self._run(lambda: self._queue.ranking.send_last(ids))

    def send_batch(self, place: Place, batch_id: int) -> None:
        """What of it is queued."""

        def send() -> None:
            ids = self._transfers.ids(states={TransferState.QUEUED}, batch_id=batch_id)
            ranking = self._queue.ranking
            (ranking.send_first if place is Place.FIRST else ranking.send_last)(ids)

        self._run(send)

    def send_before(self, ids: Sequence[int], before: int) -> None:
        self._run(lambda: self._queue.ranking.send_before(ids, before))

    def pause_all(self) -> None:
        self._run(self._queue.pause_all)

    def resume_all(self) -> None:
        self._run(self._queue.resume_all)

    def retry_failed(self) -> None:
        self._run(self._queue.retry_failed)

    def release(self, profile_id: str) -> None:
        """Let a held connection try again."""
        self._run(lambda: self._queue.release(profile_id))

    def send_without_acl(self, ids: Sequence[int]) -> None:
        """Retry with the default access: what a bucket with ACLs disabled asks for."""
        self._retry_with(ids, lambda options: replace(options, acl=CannedAcl.PRIVATE))

    def resolve_conflicts(self, ids: Sequence[int], rule: ConflictRule) -> None:
        """Retry what met a key that exists, by the rule that was chosen now."""
        self._retry_with(ids, lambda options: replace(options, on_conflict=rule))

    def _retry_with(
        self, ids: Sequence[int], change: Callable[[UploadOptions], UploadOptions]
    ) -> None:
        def send() -> None:
            for transfer in self._transfers.transfers(ids):
                self._transfers.save(replace(transfer, options=change(transfer.options)))
            self._queue.retry(ids)

        self._run(send)

    def stop_reading(self) -> None:
        for stop in list(self._scans):
            stop.request(StopReason.CANCELLED)

    def _run(self, work: Callable[[], None]) -> None:
        self._background.run(work, _nothing_more)


def _nothing_more(_result: None) -> None:
    """The queue's events tell the rest."""
