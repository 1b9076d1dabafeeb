"""What is on its way: the queue's row, the table's row and the database's row are one thing."""

from __future__ import annotations

from enum import StrEnum
from operator import attrgetter
from pathlib import PurePath
from typing import Any

from s3gui.core.acl import CannedAcl
from s3gui.core.archive import ArchiveManifest, SourceKind
from s3gui.core.checksum import Checksum
from s3gui.core.errors import (
    AclRefused,
    AlreadyExists,
    Failure,
    InputError,
    KeyTooLong,
    ObjectChanged,
)
from s3gui.core.frozen import draft_of, frozen, maker_of
from s3gui.core.object_options import check_header, check_metadata, check_tags
from s3gui.core.profile import Profile

MAX_KEY_BYTES = 1024
"""S3 counts the UTF-8 bytes of a key."""


@frozen
class Destination:
    """A bucket and a key; with a prefix for a key, the place where a batch goes."""

    bucket: str
    key: str = ""

    def __post_init__(self) -> None:
        """Here, where a wrong one comes from, not where it is first used."""
        names: tuple[object, object] = (self.bucket, self.key)
        if not (isinstance(names[0], str) and isinstance(names[1], str)):
            raise TypeError("the names of a bucket and of an object are texts")

    def __str__(self) -> str:
        return f"s3://{self.bucket}/{self.key}"

    def __lt__(self, other: Destination) -> bool:
        return (self.bucket, self.key) < (other.bucket, other.key)

    @property
    def is_prefix(self) -> bool:
        """Whether names are appended: a bare bucket, or a key that ends in a slash."""
        return not self.key or self.key.endswith("/")

    @classmethod
    def parse(cls, text: str) -> Destination:
        """Read `s3://bucket/key`; the key is kept byte for byte. Raises InputError."""
        scheme, separator, rest = text.partition("://")
        bucket, _, key = rest.partition("/")
        if scheme.lower() != "s3" or not separator or not bucket:
            raise InputError(f"“{text}” is not a destination; write s3://BUCKET/PREFIX/.")
        return cls(bucket, key)

    def check(self) -> None:
        """Raise unless the key can be an object's key."""
        try:
            length = len(self.key if self.key.isascii() else self.key.encode())
        except UnicodeEncodeError:
            raise InputError(
                "The name is not valid Unicode, and S3 keys are.",
                hint="Rename the file, then add it again.",
            ) from None
        if length == 0:
            raise InputError("The key is empty.")
        if length > MAX_KEY_BYTES:
            raise KeyTooLong(f"The key is {length:,} bytes long; S3 allows {MAX_KEY_BYTES:,}.")


class TransferState(StrEnum):
    QUEUED = "queued"
    PREPARING = "preparing"
    RUNNING = "running"
    FINISHING = "finishing"
    VERIFYING = "verifying"
    PAUSED = "paused"
    WAITING = "waiting"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"
    SKIPPED = "skipped"

    @property
    def is_active(self) -> bool:
        """Whether a worker has it in hand."""
        return self in ACTIVE_STATES

    @property
    def is_ended(self) -> bool:
        """Whether nothing more happens unless the user asks for it."""
        return self in ENDED_STATES


ACTIVE_STATES = frozenset(
    {
        TransferState.PREPARING,
        TransferState.RUNNING,
        TransferState.FINISHING,
        TransferState.VERIFYING,
    }
)
ENDED_STATES = frozenset(
    {
        TransferState.COMPLETED,
        TransferState.FAILED,
        TransferState.CANCELLED,
        TransferState.SKIPPED,
    }
)


class WaitingFor(StrEnum):
    NETWORK = "network"
    CREDENTIALS = "credentials"
    CLOCK = "clock"
    DISK = "disk"
    """The one that the queue is kept on."""

    SOURCE = "source"
    """The disk that the file is on does not answer."""


WAITS_FOR_PERSON = frozenset({WaitingFor.CREDENTIALS, WaitingFor.CLOCK, WaitingFor.DISK})
ASKS_PERSON = frozenset({AlreadyExists.code, ObjectChanged.code, AclRefused.code})
"""Codes of failures that are a question: nothing is wrong, somebody has to choose."""


class ConflictRule(StrEnum):
    """What to do when the key exists already; the value is the command line's word.

    REPLACE_IF_UNCHANGED replaces the object only as it was when its transfer was begun.
    """

    FAIL = "fail"
    SKIP = "skip"
    REPLACE = "replace"
    REPLACE_IF_UNCHANGED = "replace-if-unchanged"
    RENAME = "rename"


@frozen
class UploadOptions:
    """How objects are stored. None leaves the choice to the service.

    `metadata` and `tags` are (name, value) pairs; `part_size` is in bytes.
    `marks_empty_folders`: whether an empty folder is stored as an empty object. `encryption` is
    `AES256` or `aws:kms` (then `kms_key_id` may name the key).
    `if_match` is the ETag, without quotes, that REPLACE_IF_UNCHANGED expects: None until the
    object is looked at, `""` where there was none.
    """

    acl: CannedAcl = CannedAcl.PRIVATE
    storage_class: str | None = None
    content_type: str | None = None
    cache_control: str | None = None
    content_disposition: str | None = None
    content_encoding: str | None = None
    encryption: str | None = None
    kms_key_id: str | None = None
    metadata: tuple[tuple[str, str], ...] = ()
    tags: tuple[tuple[str, str], ...] = ()
    on_conflict: ConflictRule = ConflictRule.FAIL
    part_size: int | None = None
    if_match: str | None = None
    marks_empty_folders: bool = False

    def __hash__(self) -> int:
        """Of what differs most: they are looked up for each file, and there are few of them."""
        return hash((self.content_type, self.metadata))

    def check(self) -> None:
        """Raise InputError if S3 would refuse them for every object alike."""
        headers = {
            "the storage class": self.storage_class,
            "the content type": self.content_type,
            "Cache-Control": self.cache_control,
            "Content-Disposition": self.content_disposition,
            "Content-Encoding": self.content_encoding,
            "the encryption": self.encryption,
            "the KMS key": self.kms_key_id,
            "If-Match": self.if_match,
        }
        for name, value in headers.items():
            if value is not None:
                check_header(name, value)
        check_metadata(self.metadata)
        check_tags(self.tags)


@frozen
class SourceIdentity:
    """What tells that a file is still the one that was started: times in nanoseconds."""

    size: int
    mtime_ns: int
    ctime_ns: int
    inode: int
    device: int


@frozen
class MultipartUpload:
    """What S3 opened for us; `algorithm` is that of its checksums, empty where unknown."""

    bucket: str
    key: str
    upload_id: str
    algorithm: str = ""


@frozen
class CompletedPart:
    """A part that the service acknowledged; `size` in bytes."""

    number: int
    size: int
    etag: str
    checksum: Checksum | None = None


@frozen
class StoredObject:
    """An object as the service describes it; `etag` without quotes, `size` in bytes."""

    size: int | None = None
    etag: str = ""
    version_id: str | None = None
    checksum: Checksum | None = None
    content_type: str | None = None
    request_id: str = ""


@frozen
class Batch:
    """The transfers of one drop or one call. `id` 0 means not saved yet.

    `profile` is kept with the batch so that it can go on after the profile was removed.
    """

    name: str
    destination: Destination
    profile: Profile
    id: int = 0
    created_at: float = 0.0


@frozen
class Transfer:
    """One source on its way to one destination. `id` 0 means not saved yet.

    `source` is a path (surrogate-escaped where it is not Unicode); `size` and `sent_bytes` are
    bytes, `size` None while unknown; `sent_bytes` counts what the service acknowledged.
    `depth` is how many of the source's last names lie below the folder that the user named, in
    which no link is followed; 0 for a file that was named itself. `kind` says what is made of
    the source, and `manifest` what went into an archive, once all of it was read.
    Times are seconds since the epoch.
    """

    batch_id: int
    source: str
    destination: Destination
    size: int | None = None
    options: UploadOptions = UploadOptions()
    id: int = 0
    depth: int = 0
    kind: SourceKind = SourceKind.FILE
    state: TransferState = TransferState.QUEUED
    waiting_for: WaitingFor | None = None
    failure: Failure | None = None
    identity: SourceIdentity | None = None
    multipart: MultipartUpload | None = None
    part_size: int | None = None
    sent_bytes: int = 0
    stored: StoredObject | None = None
    started_at: float | None = None
    ended_at: float | None = None
    manifest: ArchiveManifest | None = None

    @property
    def needs_person(self) -> bool:
        """Whether it goes on only after the user decided or did something."""
        if self.state is TransferState.WAITING:
            return self.waiting_for in WAITS_FOR_PERSON
        failure = self.failure
        is_failed = self.state is TransferState.FAILED
        return is_failed and failure is not None and failure.code in ASKS_PERSON

    def changed(self, **changes: Any) -> Transfer:
        """As dataclasses.replace, in a third of its time: with thousands of files that shows."""
        changed: Any = _DRAFT(*_VALUES(self))
        for name, value in changes.items():
            setattr(changed, name, value)
        changed.__class__ = Transfer
        made: Transfer = changed
        return made

    @property
    def name(self) -> str:
        """What to call it in a list: the key's last part."""
        return self.destination.key.rsplit("/", 1)[-1] or self.destination.key

    @property
    def source_name(self) -> str:
        """What its owner calls it: the file's name, not the key's that it is to get."""
        return PurePath(self.source).name or self.name


_DRAFT = draft_of(Transfer)
_VALUES = attrgetter(*Transfer.__match_args__)
make_transfer = maker_of(Transfer, _DRAFT)
"""As `Transfer`, for who makes thousands."""


@frozen
class AskedUpload:
    """A multipart upload that s3gui asked a service for, and does not know to be gone.

    `upload_id` is None where the answer did not come: it may be open there all the same.
    `transfer` is the row that has it; None where no row does, and then `id` names this record.
    `asked_at` is seconds since the epoch.
    """

    profile: Profile
    destination: Destination
    asked_at: float
    upload_id: str | None = None
    transfer: Transfer | None = None
    id: int = 0
