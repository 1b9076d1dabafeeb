"""Standard input on its way to one object. It is read once, so it cannot be resumed."""

from __future__ import annotations

import os
import select
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import Executor

from s3gui.bootstrap import Workspace
from s3gui.cli.arguments import STANDARD_INPUT
from s3gui.cli.tally import Counts
from s3gui.core.errors import AlreadyExists, InputError, S3guiError, SourceUnreadable
from s3gui.core.events import Event, TransferChanged, TransfersAdded
from s3gui.core.frozen import replace
from s3gui.core.profile import Profile
from s3gui.core.settings import FIRST_PARTS_AT_ONCE, MOST_AT_ONCE
from s3gui.core.transfer import (
    Batch,
    ConflictRule,
    Destination,
    Transfer,
    TransferState,
    UploadOptions,
)
from s3gui.engine.clock import SystemClock
from s3gui.engine.concurrency import Concurrency
from s3gui.engine.means import Means
from s3gui.engine.overlap import Overlap
from s3gui.engine.ports import Publish
from s3gui.engine.room import Room
from s3gui.engine.stop import Stop, Stopped, StopReason
from s3gui.engine.stream import StreamSource
from s3gui.engine.upload import upload

_READ_AT_ONCE = 1024**2
_LISTENING_SECONDS = 0.2


class StreamJob:
    """One upload beside the queue: a pipe has no place in a list that outlives its writer."""

    is_kept = False
    size_is_known = False

    def __init__(
        self,
        workspace: Workspace,
        chunks: Iterator[bytes],
        destination: Destination,
        options: UploadOptions,
        profile: Profile,
        *,
        parts_executor: Executor,
        parts_at_once: int | None,
        publish: Publish,
        stop: Stop,
    ) -> None:
        self._workspace = workspace
        self._chunks = chunks
        self._parts_executor = parts_executor
        self._parts_at_once = parts_at_once
        self._publish = publish
        self._stop = stop
        self._is_over = threading.Event()
        self._clock = SystemClock()
        # In memory, and what it opens on the service is noted: a kill must not hide it.
        self._journal = workspace.transfers
        self._profile = profile
        batch = self._journal.add_batch(Batch(STANDARD_INPUT, destination, profile))
        (self._id,) = self._journal.add_transfers(
            [Transfer(batch.id, STANDARD_INPUT, destination, options=options)]
        )

    def work(self) -> None:
        self._publish(TransfersAdded(self._transfer.batch_id, (self._id,), is_last=True))
        try:
            store = self._workspace.store(self._profile)
            options = self._transfer.options
            source = StreamSource(self._chunks, store.provider.limits, options.part_size)
            most_at_once = self._parts_at_once or MOST_AT_ONCE
            means = Means(
                store=store,
                journal=self._journal,
                parts_executor=self._parts_executor,
                publish=self._publish,
                clock=self._clock,
                concurrency=Concurrency(most_at_once, self._parts_at_once or FIRST_PARTS_AT_ONCE),
                overlap=Overlap(),
                room=Room(),
                parts_at_once=most_at_once,
                bandwidth=self._workspace.queue.bandwidth,
                keeps_parts=False,
            )
            upload(self._transfer, source, means, self._stop)
        except Stopped:
            self._settle(TransferState.CANCELLED)
        except AlreadyExists as error:
            is_skipped = self._transfer.options.on_conflict is ConflictRule.SKIP
            self._settle(TransferState.SKIPPED if is_skipped else TransferState.FAILED, error)
        except S3guiError as error:
            self._settle(TransferState.FAILED, error)
        finally:
            self._is_over.set()

    def apply(self, event: Event) -> None:
        """Nothing waits for an event here."""

    def leave_off(self, timeout_seconds: float) -> bool:
        """What was sent is dropped on the service: nobody could send the rest."""
        self._stop.request(StopReason.CANCELLED)
        return self._is_over.wait(timeout_seconds)

    def counts(self) -> Counts:
        return self._journal.counts()

    def failed(self) -> Iterator[Transfer]:
        return iter([self._transfer] if self._transfer.state is TransferState.FAILED else [])

    def transfers(self) -> Iterator[Transfer]:
        return iter([self._transfer])

    def ended(self) -> None:
        """Nothing to be left: whatever was opened was made an object, or dropped."""

    @property
    def _transfer(self) -> Transfer:
        transfer = self._journal.transfer(self._id)
        assert transfer is not None
        return transfer

    def _settle(self, state: TransferState, error: S3guiError | None = None) -> None:
        failure = error.failure() if error is not None else None
        settled = replace(self._transfer, state=state, failure=failure, ended_at=self._clock.now())
        self._journal.save(settled)
        self._publish(TransferChanged(settled))


def check_standard_input() -> None:
    """Raise where it was closed: reading nothing would look like an empty file."""
    if sys.stdin is None:
        raise InputError("Standard input is closed, so there is nothing to upload.")


def read_standard_input(stop: Stop) -> Iterator[bytes]:
    """What comes in, as it comes. A stop is heard while nothing comes, too.

    Raises SourceUnreadable and Stopped.
    """
    descriptor = sys.stdin.fileno()
    try:
        while True:
            # Windows can wait for sockets only.
            while os.name == "posix" and not _has_input(descriptor):
                stop.check()
            stop.check()
            block = os.read(descriptor, _READ_AT_ONCE)
            if not block:
                return
            yield block
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else str(error)
        raise SourceUnreadable(f"Standard input cannot be read: {reason}.") from error


def _has_input(descriptor: int) -> bool:
    ready, _, _ = select.select([descriptor], [], [], _LISTENING_SECONDS)
    return bool(ready)
