"""One request with a body, as a test wants it."""

from s3gui.core.transfer import Destination, MultipartUpload, UploadOptions
from s3gui.engine.source import MemoryBody

DATA = bytes(range(256)) * 8


def ignore(sent: int) -> None:
    """Nobody looks at the progress."""


def put(store, data=DATA, key="key", *, options=None, on_sent=ignore, **conditions):
    body = data if hasattr(data, "blocks") else MemoryBody(data)
    return store.put_object(
        Destination("bucket", key),
        body,
        store.checksums.of(body.blocks()),
        options or UploadOptions(),
        on_sent=on_sent,
        **{"only_if_absent": False, **conditions},
    )


def send_part(store, data=DATA, *, key="key", on_sent=ignore):
    body = MemoryBody(data)
    multipart = MultipartUpload("bucket", key, "upload id/+")
    return store.upload_part(multipart, 3, body, store.checksums.of(body.blocks()), on_sent=on_sent)
