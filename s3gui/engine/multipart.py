"""Asking a service for a multipart upload, so that none is ever open there without a trace here."""

from __future__ import annotations

from s3gui.core.errors import BadAnswer, S3guiError, ServiceUnavailable, Unreachable
from s3gui.core.frozen import replace
from s3gui.core.transfer import AskedUpload
from s3gui.engine.means import Means
from s3gui.engine.record import Record


def open_multipart(record: Record, means: Means) -> None:
    """One attempt. S3 knows no upload by a name that we choose, so the question is saved first.

    Where the answer does not come, bucket, key and time of the question stay in the journal:
    an upload of that key and time may be ours, and `leftovers` finds it.
    """
    transfer, journal = record.transfer, means.journal
    profile = journal.batch(transfer.batch_id).profile
    asked = AskedUpload(profile, transfer.destination, means.clock.now())
    asked_id = journal.save_asked(asked)
    asked_seconds = means.clock.steady()
    try:
        multipart = means.store.create_multipart(transfer.destination, transfer.options)
    except S3guiError as error:
        if _was_refused(error):
            journal.forget_asked(asked_id)
        raise
    means.concurrency.answered(means.clock.steady() - asked_seconds)
    algorithm = means.store.checksums.name
    record.opened(replace(multipart, algorithm=algorithm), asked_id)


def _was_refused(error: S3guiError) -> bool:
    """Whether the service said no; after an error of its own it may have opened one."""
    return not isinstance(error, BadAnswer | ServiceUnavailable | Unreachable)
