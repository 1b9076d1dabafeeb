"""Every request that an `S3Store` can make, ready to be made."""

from collections.abc import Callable
from typing import Any

from s3gui.adapters.s3 import S3Store
from s3gui.core.checksum import Checksum
from s3gui.core.transfer import CompletedPart, Destination, MultipartUpload, UploadOptions
from s3gui.engine.source import MemoryBody

HERE = Destination("bucket", "key")
UPLOAD = MultipartUpload("bucket", "key", "upload-id")
BODY = MemoryBody(b"data" * 1000)


def _put(store: S3Store) -> object:
    return store.put_object(
        HERE,
        BODY,
        store.checksums.of(BODY.blocks()),
        UploadOptions(),
        only_if_absent=False,
        on_sent=lambda _: None,
    )


def _part(store: S3Store) -> object:
    checksum = store.checksums.of(BODY.blocks())
    return store.upload_part(UPLOAD, 1, BODY, checksum, on_sent=lambda _: None)


def _complete(store: S3Store) -> object:
    checksum = Checksum("CRC64NVME", "AAAAAAAAAAA=")
    parts = [CompletedPart(1, 4, "0123", checksum)]
    return store.complete_multipart(UPLOAD, parts, checksum, only_if_absent=False)


OPERATIONS: dict[str, Callable[[Any], object]] = {
    "list_buckets": lambda store: store.list_buckets(),
    "bucket_rules": lambda store: store.bucket_rules("bucket"),
    "create_bucket": lambda store: store.create_bucket("bucket", region=None, acls_enabled=True),
    "list_objects": lambda store: store.list_objects(Destination("bucket", "")),
    "head": lambda store: store.head(HERE),
    "put_object": _put,
    "create_multipart": lambda store: store.create_multipart(HERE, UploadOptions()),
    "upload_part": _part,
    "list_parts": lambda store: store.list_parts(UPLOAD),
    "complete_multipart": _complete,
    "abort_multipart": lambda store: store.abort_multipart(UPLOAD),
    "list_multipart_uploads": lambda store: list(
        store.list_multipart_uploads(Destination("bucket", ""))
    ),
    "delete": lambda store: store.delete(HERE),
}
