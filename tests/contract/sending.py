"""How the contract's tests send bytes."""

import base64
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from s3gui.core.checksum import BytesLike, Checksum
from s3gui.core.transfer import (
    CompletedPart,
    Destination,
    MultipartUpload,
    StoredObject,
    UploadOptions,
)
from s3gui.engine.source import MemoryBody
from tests.contract.conftest import Subject

DATA = bytes(range(256)) * 40
MIB = 1024**2


def ignore(sent: int) -> None:
    """Nobody looks at the progress."""


@dataclass(frozen=True)
class LyingBody:
    """Says another size than it has."""

    data: bytes
    size: int

    def blocks(self) -> Iterator[BytesLike]:
        yield self.data


def put(
    subject: Subject,
    key: str,
    data: bytes = DATA,
    *,
    bucket: str | None = None,
    options: UploadOptions | None = None,
    only_if_absent: bool = False,
    only_if_etag: str | None = None,
    on_sent: Callable[[int], None] = ignore,
) -> StoredObject:
    return subject.store.put_object(
        Destination(bucket or subject.bucket, key),
        MemoryBody(data),
        subject.store.checksums.of([data]),
        options or UploadOptions(),
        only_if_absent=only_if_absent,
        only_if_etag=only_if_etag,
        on_sent=on_sent,
    )


def send_part(
    subject: Subject, multipart: MultipartUpload, number: int, data: bytes
) -> CompletedPart:
    checksum = subject.store.checksums.of([data])
    return subject.store.upload_part(multipart, number, MemoryBody(data), checksum, on_sent=ignore)


def complete(
    subject: Subject,
    multipart: MultipartUpload,
    parts: list[CompletedPart],
    *,
    only_if_absent: bool = False,
    only_if_etag: str | None = None,
) -> StoredObject:
    return subject.store.complete_multipart(
        multipart,
        parts,
        whole(subject, parts),
        only_if_absent=only_if_absent,
        only_if_etag=only_if_etag,
    )


def whole(subject: Subject, parts: list[CompletedPart]) -> Checksum:
    pairs = [(part.checksum, part.size) for part in parts if part.checksum is not None]
    return subject.store.checksums.whole(pairs)


def wrong(checksum: Checksum) -> Checksum:
    """One bit of it turned."""
    is_hex = checksum.algorithm == "MD5"
    digest = bytes.fromhex(checksum.value) if is_hex else base64.b64decode(checksum.value)
    turned = bytes([digest[0] ^ 1]) + digest[1:]
    return Checksum(
        checksum.algorithm, turned.hex() if is_hex else base64.b64encode(turned).decode()
    )
