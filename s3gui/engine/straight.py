"""The straight line that nearly every small file takes: read, sent and proven by one request.

It does for a file what `upload` does for it where nothing goes wrong, and holds it to the same.
Whatever is no plain success is left to `upload`, which begins with the failure of the attempt.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, partial

from s3gui.core.content_type import guess_content_type
from s3gui.core.errors import S3guiError
from s3gui.core.events import PartFailed, TransferChanged
from s3gui.core.frozen import replace
from s3gui.core.parts import DEFAULT_PART_SIZE
from s3gui.core.provider import Provider
from s3gui.core.transfer import (
    ConflictRule,
    StoredObject,
    Transfer,
    TransferState,
    UploadOptions,
)
from s3gui.engine.means import Means
from s3gui.engine.meter import PartMeter
from s3gui.engine.retry import Retrier, after
from s3gui.engine.source import Source
from s3gui.engine.steps import Pause, Steps
from s3gui.engine.stop import Stop
from s3gui.engine.upload import upload
from s3gui.engine.verify import verify

_KEPT = 256


def may_go_straight(transfer: Transfer, provider: Provider) -> bool:
    """Whether a small file needs no look beforehand at what an earlier run did, or at the key.

    As `settling.is_small`, which is asked first.
    """
    return (
        transfer.started_at is None
        and transfer.identity is None
        and transfer.options.part_size is None
        and (transfer.options.on_conflict is ConflictRule.REPLACE or provider.conditional_writes)
    )


def upload_small(transfer: Transfer, source: Source, means: Means, stop: Stop) -> Steps[Transfer]:
    """As `upload` with `settles_later`, mostly by the straight line."""
    failure: S3guiError | None = None
    if may_go_straight(transfer, means.store.provider):
        ended = yield from _sent_straight(transfer, source, means, stop)
        if isinstance(ended, Transfer):
            return ended
        failure = ended
    yield Pause.ALONE
    return upload(transfer, source, means, stop, settles_later=True, failed_already=failure)


def _sent_straight(
    transfer: Transfer, source: Source, means: Means, stop: Stop
) -> Steps[Transfer | S3guiError | None]:
    """The transfer as it ended, COMPLETED, neither saved nor told: only that it runs is told.

    Else the failure of the one attempt; None where none was made, for the file is large by now.
    Raises S3guiError, Stopped and what the source raises, as `upload` does.
    """
    stop.check()
    means.overlap.begun()
    destination = transfer.destination
    destination.check()
    most_bytes = min(DEFAULT_PART_SIZE, means.store.provider.limits.max_put_size)
    body = source.whole(most_bytes)
    if body is None:
        return None
    yield Pause.STEP
    store, size, options = means.store.heeding(stop), body.size, transfer.options
    checksum = store.checksums.of(body.blocks())
    if options.content_type is None:
        options = _of_type(options, guess_content_type(destination.key))
    running = transfer.changed(
        state=TransferState.RUNNING,
        identity=source.identity,
        size=size,
        options=options,
        failure=None,
        waiting_for=None,
        started_at=means.clock.now(),
    )
    means.publish(TransferChanged(running))
    meter = PartMeter(
        transfer.id,
        1,
        size,
        publish=means.publish,
        clock=means.clock,
        stop=stop,
        moved=means.allow,
        is_brief=True,
    )

    yield Pause.STEP
    if not means.concurrency.take_at_once():
        yield Pause.ALONE
        means.concurrency.take(stop)
    try:
        with means.place_taken(size):
            source.check_unchanged()
            stored_by = store.begin_put(
                destination,
                body,
                checksum,
                options,
                only_if_absent=options.on_conflict is not ConflictRule.REPLACE,
                on_sent=meter,
            )
            yield Pause.AWAITING
            stored = stored_by()
    except S3guiError as error:
        return error
    means.answered(means.clock.steady() - meter.ended_at)
    yield Pause.STEP
    if stored.checksum != checksum or stored.size != size:
        look = partial(verify, store, running, stored, checksum, size)
        try:
            stored = look()
        except S3guiError as error:
            yield Pause.ALONE
            stored = _proven(after(error, look), running, means, stop)
    return running.changed(
        state=TransferState.COMPLETED, sent_bytes=size, stored=stored, ended_at=means.clock.now()
    )


def _proven(
    look: Callable[[], StoredObject], running: Transfer, means: Means, stop: Stop
) -> StoredObject:
    """It takes long by now: the row says so, and why."""

    def failed(error: S3guiError, will_retry: bool) -> None:  # noqa: FBT001 - Retrier's call
        if will_retry:
            means.publish(PartFailed(running.id, 0, error.message, will_retry))

    verifying = running.changed(state=TransferState.VERIFYING, sent_bytes=running.size)
    means.journal.save(verifying)
    means.publish(TransferChanged(verifying))
    retrier = Retrier(means.clock, stop, means.patience, was_answered=True)
    return retrier.call(look, failed)


@lru_cache(_KEPT)
def _of_type(options: UploadOptions, content_type: str) -> UploadOptions:
    """The files of a folder share a few: they are not made anew for each."""
    return replace(options, content_type=content_type)
