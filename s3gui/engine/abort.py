"""Dropping a multipart upload until nothing of it is left."""

from __future__ import annotations

from s3gui.core.errors import NoSuchUpload, NotSupported
from s3gui.core.transfer import MultipartUpload
from s3gui.engine.ports import ObjectStore
from s3gui.engine.retry import Retrier

_ATTEMPTS = 20


def abort_until_gone(multipart: MultipartUpload, store: ObjectStore, retrier: Retrier) -> None:
    """Abort again while parts are listed: one in flight may still land after an abort.

    Raises S3guiError if the service does not let go of it.
    """
    for _ in range(_ATTEMPTS):
        try:
            retrier.call(lambda: store.abort_multipart(multipart))
            if not retrier.call(lambda: store.list_parts(multipart)):
                return
        except (NoSuchUpload, NotSupported):
            return
