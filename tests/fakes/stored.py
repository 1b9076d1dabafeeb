"""What the fake object store keeps, and what it is told to do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from s3gui.core.acl import CannedAcl
from s3gui.core.checksum import Checksum, ChecksumAlgorithm
from s3gui.core.errors import (
    AccessDenied,
    AclRefused,
    BadDigest,
    ServiceError,
    SourceChanged,
    TooLarge,
)
from s3gui.core.provider import Limits
from s3gui.core.transfer import CompletedPart, MultipartUpload, StoredObject, UploadOptions
from s3gui.engine.ports import Body, OnSent

EPOCH = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class FakeObject:
    """A stored version of an object."""

    data: bytes
    stored: StoredObject
    options: UploadOptions
    modified_at: datetime


@dataclass
class FakeBucket:
    region: str
    acls_enabled: bool
    public_acls_blocked: bool
    objects: dict[str, FakeObject] = field(default_factory=dict)

    def check_writable(self, options: UploadOptions) -> None:
        header = options.acl.header
        if not self.acls_enabled and header not in {None, CannedAcl.BUCKET_OWNER_FULL_CONTROL}:
            raise AclRefused(service_code="AccessControlListNotSupported", status=400)
        if self.public_acls_blocked and options.acl.is_public:
            raise AccessDenied(service_code="AccessDenied", status=403)

    def is_public(self, key: str) -> bool:
        """Strangers may not learn whether there is such an object."""
        found = self.objects.get(key)
        acl = CannedAcl.PRIVATE if found is None else found.options.acl
        return self.acls_enabled and acl in {CannedAcl.PUBLIC_READ, CannedAcl.PUBLIC_READ_WRITE}


@dataclass
class FakeUpload:
    multipart: MultipartUpload
    options: UploadOptions
    started_at: datetime
    parts: dict[int, tuple[CompletedPart, bytes]] = field(default_factory=dict)
    result: StoredObject | None = None


@dataclass(frozen=True)
class Call:
    """A request as the ledger keeps it; `number` is a part's."""

    operation: str
    bucket: str = ""
    key: str = ""
    number: int | None = None


@dataclass
class Fault:
    """What `fail` scripts; see there."""

    operation: str
    error: BaseException
    times: int
    number: int | None
    after_bytes: int | None
    reply_lost: bool

    def fits(self, call: Call) -> bool:
        is_meant = self.operation == call.operation and self.number in {None, call.number}
        return is_meant and self.times > 0


@dataclass(frozen=True)
class Received:
    """The bytes of a request, and what the store makes of them."""

    data: bytes
    checksum: Checksum


def listed(upload: FakeUpload, parts: Sequence[CompletedPart], limits: Limits) -> Iterator[bytes]:
    """The bytes of the parts that Complete lists. Raises what the service would answer."""
    numbers = [part.number for part in parts]
    if not parts or numbers != sorted(set(numbers)):
        raise ServiceError(service_code="InvalidPartOrder", status=400)
    if limits.equal_parts and len({part.size for part in parts[:-1]}) > 1:
        raise ServiceError(service_code="InvalidPart", status=400)
    known = {number: part.etag for number, (part, _) in upload.parts.items()}
    if any(known.get(part.number) != part.etag for part in parts):
        raise ServiceError(service_code="InvalidPart", status=400)
    for part in parts:
        _, data = upload.parts[part.number]
        if len(data) < limits.min_part_size and part is not parts[-1]:
            raise ServiceError(service_code="EntityTooSmall", status=400)
        yield data
    if sum(part.size for part in parts) > limits.max_object_size:
        raise TooLarge


def received_by(
    checksums: ChecksumAlgorithm,
    body: Body,
    checksum: Checksum,
    on_sent: OnSent,
    fault: Fault | None,
) -> Received:
    """What arrives of a body, if its checksum is right and no fault breaks it off."""
    breaks_at = None if fault is None else fault.after_bytes
    data = bytearray()
    for block in body.blocks():
        data += block
        on_sent(len(data))
        if breaks_at is not None and len(data) >= breaks_at:
            assert fault is not None
            raise fault.error
    if len(data) != body.size:
        raise SourceChanged
    received = checksums.of([data])
    if checksum != received:
        raise BadDigest(service_code="BadDigest", status=400)
    return Received(bytes(data), received)


def time_of(number: int) -> datetime:
    """Of the change with this number: one comes each second."""
    return EPOCH + timedelta(seconds=number)
