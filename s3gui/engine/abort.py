"""Dropping a multipart upload until nothing of it is left."""

from __future__ import annotations

from s3gui.core.errors import AccessDenied, NoSuchUpload, NotSupported, ServiceError
from s3gui.core.events import TransferChanged
from s3gui.core.frozen import replace
from s3gui.core.transfer import MultipartUpload, Transfer
from s3gui.engine.means import Means
from s3gui.engine.ports import Clock, ObjectStore
from s3gui.engine.retry import PATIENCE, Patience, Retrier
from s3gui.engine.stop import Stop

_ATTEMPTS = 20
_PAUSE_SECONDS = 0.5


def drop_multipart(transfer: Transfer, means: Means) -> Transfer:
    """Abort what the transfer has open and forget its parts; returns it without them.

    Raises S3guiError if the service does not let go; the journal then still names the upload.
    """
    if transfer.multipart is None:
        return transfer
    abort_until_gone(transfer.multipart, means.store, means.clock, means.patience)
    return forget_multipart(transfer, means)


def forget_multipart(transfer: Transfer, means: Means) -> Transfer:
    """Take the multipart upload and its parts out of the journal."""
    means.journal.forget_parts(transfer.id)
    without = replace(transfer, multipart=None, sent_bytes=0)
    means.journal.save(without)
    means.publish(TransferChanged(without))
    return without


def abort_until_gone(
    multipart: MultipartUpload, store: ObjectStore, clock: Clock, patience: Patience = PATIENCE
) -> None:
    """Again while parts are listed: one that was in flight may still land after an abort.

    Raises S3guiError if the service does not let go.
    """
    # With a stop of its own: a cancelled transfer's would end what the cancel asked for.
    stop = Stop()
    retrier = Retrier(clock, stop, patience)
    for _ in range(_ATTEMPTS):
        try:
            retrier.call(lambda: store.abort_multipart(multipart))
        except NoSuchUpload:
            return
        try:
            if not retrier.call(lambda: store.list_parts(multipart)):
                return
        except (NoSuchUpload, NotSupported, AccessDenied):
            return  # gone, or the service does not tell
        clock.pause(_PAUSE_SECONDS, stop)
    raise ServiceError(f"Parts of “{multipart.key}” are still there after {_ATTEMPTS} aborts.")
