"""What the engine needs from the outside world, and nothing more."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Protocol, Self

from s3gui.core.checksum import BytesLike, Checksum, ChecksumAlgorithm
from s3gui.core.errors import Failure
from s3gui.core.events import Event
from s3gui.core.frozen import frozen
from s3gui.core.provider import Provider
from s3gui.core.transfer import (
    AskedUpload,
    Batch,
    CompletedPart,
    Destination,
    MultipartUpload,
    StoredObject,
    Transfer,
    TransferState,
    UploadOptions,
)
from s3gui.engine.order import TransferOrder
from s3gui.engine.stop import Stop

Publish = Callable[[Event], None]
"""Takes an event from any thread, at once; must not raise and must not call back."""

OnSent = Callable[[int], None]
"""Told how many bytes of the body were sent so far; may raise `Stopped` to break off."""


class Body(Protocol):
    """The bytes of one request. Can be read again from the start, as a retry needs."""

    @property
    def size(self) -> int: ...

    def blocks(self) -> Iterator[BytesLike]:
        """The bytes in order, in blocks of any size; each call starts anew.

        A block is good until the next one is asked for. Raises SourceChanged when the source
        has become shorter.
        """
        ...


@frozen
class Bucket:
    name: str
    region: str | None = None
    created_at: datetime | None = None


@frozen
class ListedObject:
    """One line of a listing; `size` in bytes."""

    key: str
    size: int
    modified_at: datetime | None = None
    storage_class: str = ""
    etag: str = ""


@frozen
class ObjectPage:
    """A page of a listing: objects, prefixes below, and where the next page starts."""

    objects: tuple[ListedObject, ...]
    prefixes: tuple[str, ...]
    next_page: str | None


@frozen
class BucketRules:
    """What a bucket allows. None: the service did not say (often: not allowed to ask)."""

    acls_enabled: bool | None = None
    public_acls_blocked: bool | None = None
    region: str | None = None


@frozen
class OpenUpload:
    """A multipart upload that is still open on the service."""

    multipart: MultipartUpload
    started_at: datetime | None = None


class ObjectStore(Protocol):
    """Live access to one service. Every method may raise S3guiError, and may block.

    One call is one attempt: the engine decides about trying again. Thread-safe.
    """

    def heeding(self, stop: Stop) -> Self:
        """The same service, whose calls raise Stopped soon after `stop` is requested.

        Also while they wait for an answer: what the service made of the request is not known.
        """
        ...

    @property
    def provider(self) -> Provider: ...

    @property
    def checksums(self) -> ChecksumAlgorithm:
        """What the service verifies parts and whole objects with."""
        ...

    def list_buckets(self) -> list[Bucket]: ...

    def bucket_rules(self, bucket: str) -> BucketRules: ...

    def create_bucket(self, bucket: str, *, region: str | None, acls_enabled: bool) -> None: ...

    def list_objects(self, prefix: Destination, page: str | None = None) -> ObjectPage:
        """One page of what lies directly under `prefix` (delimiter `/`)."""
        ...

    def head(self, destination: Destination, version_id: str | None = None) -> StoredObject | None:
        """The object as stored, checksum included; None if there is none."""
        ...

    def put_object(
        self,
        destination: Destination,
        body: Body,
        checksum: Checksum,
        options: UploadOptions,
        *,
        only_if_absent: bool,
        only_if_etag: str | None = None,
        on_sent: OnSent,
    ) -> StoredObject:
        """Store in one request.

        Raises AlreadyExists where `only_if_absent` was not met, and ObjectChanged where the
        object that is there has not the ETag `only_if_etag`.
        """
        ...

    def begin_put(
        self,
        destination: Destination,
        body: Body,
        checksum: Checksum,
        options: UploadOptions,
        *,
        only_if_absent: bool,
        on_sent: OnSent,
    ) -> Callable[[], StoredObject]:
        """As `put_object`, in two halves: what it returns awaits the answer, in the same thread.

        Meanwhile that thread may begin others. Both halves raise what `put_object` raises.
        """
        ...

    def create_multipart(
        self, destination: Destination, options: UploadOptions
    ) -> MultipartUpload: ...

    def upload_part(
        self,
        multipart: MultipartUpload,
        number: int,
        body: Body,
        checksum: Checksum,
        *,
        on_sent: OnSent,
    ) -> CompletedPart:
        """Send one part; returns only when the service acknowledged it."""
        ...

    def list_parts(self, multipart: MultipartUpload) -> list[CompletedPart]:
        """All parts the service has, over all pages. Raises NoSuchUpload."""
        ...

    def complete_multipart(
        self,
        multipart: MultipartUpload,
        parts: Sequence[CompletedPart],
        checksum: Checksum,
        *,
        only_if_absent: bool,
        only_if_etag: str | None = None,
    ) -> StoredObject:
        """Make the object of `parts` (ascending), on the conditions of `put_object`.

        Raises AlreadyExists, ObjectChanged, WriteConflict.
        """
        ...

    def abort_multipart(self, multipart: MultipartUpload) -> None:
        """Ask to drop the upload. Raises NoSuchUpload when it is gone already."""
        ...

    def list_multipart_uploads(self, prefix: Destination) -> Iterator[OpenUpload]: ...

    def delete(self, destination: Destination, version_id: str | None = None) -> None:
        """The object; with `version_id` that version of it, for good."""
        ...

    def presigned_url(self, destination: Destination, expires_seconds: int) -> str: ...

    def url(self, destination: Destination) -> str:
        """The object's address, for objects that anybody may read."""
        ...

    def is_public(self, destination: Destination) -> bool:
        """Whether anybody may read the object: asked without credentials. Raises NoSuchKey."""
        ...


@frozen
class Count:
    """How many transfers, of how many bytes, with how many acknowledged."""

    files: int = 0
    bytes: int = 0
    sent_bytes: int = 0
    files_of_unknown_size: int = 0


class TransferStore(Protocol):
    """The queue's memory. A method returns when what it was given is safe. Thread-safe."""

    def add_batch(self, batch: Batch) -> Batch:
        """Save; returns it with its id and time."""
        ...

    def add_transfers(self, transfers: Sequence[Transfer]) -> list[int]:
        """Save in one transaction; returns their ids in order."""
        ...

    def batch(self, batch_id: int) -> Batch: ...

    def batches(self, newest: int) -> list[Batch]: ...

    def transfer(self, transfer_id: int) -> Transfer | None: ...

    def transfers(self, ids: Sequence[int]) -> list[Transfer]:
        """Those of `ids` that exist, in the order of `ids`."""
        ...

    def with_upload(self, ids: Sequence[int]) -> list[Transfer]:
        """Those of them that name a multipart upload."""
        ...

    def save(self, transfer: Transfer) -> None: ...

    def save_ends(self, transfers: Sequence[Transfer]) -> None:
        """Save, in one transaction, how these ended: well, and with no upload left open."""
        ...

    def begin(self, ids: Sequence[int], started_at: float) -> None:
        """Save, in one transaction, that these may be sent from now on. Times of earlier stay."""
        ...

    def remove(
        self, ids: Sequence[int], *, only: Collection[TransferState] | None = None
    ) -> list[int]:
        """Those in one of the states `only`, None for any; returns which were removed."""
        ...

    def ids(
        self,
        *,
        states: Iterable[TransferState] | None = None,
        batch_id: int | None = None,
        text: str = "",
        needs_person: bool = False,
        before: float | None = None,
        order: TransferOrder = TransferOrder.AGE,
        is_reversed: bool = False,
    ) -> list[int]:
        """Of these states, of this batch, with this in the key.

        `needs_person` as in `Transfer`. `before`, in seconds since the epoch: what ended by then,
        or began where it never ended, or was added where it never began.
        """
        ...

    def failed_by_code(self) -> dict[str, list[int]]:
        """The ids of what failed, the oldest first, by the codes of their failures."""
        ...

    def set_ranks(self, ranks: Mapping[int, int]) -> None:
        """Which queued transfers go first: those of a higher rank. By id; 0 without a choice."""
        ...

    def ranks(self, ids: Sequence[int]) -> dict[int, int]:
        """Of those that exist."""
        ...

    def extreme_ranks(self) -> tuple[int, int]:
        """The lowest and the highest rank of what is queued; 0 counts always."""
        ...

    def next_queued(
        self,
        limit: int,
        batch_id: int | None = None,
        *,
        but_not: Collection[str] = (),
        running: Collection[int] = (),
    ) -> list[Transfer]:
        """The highest ranks, the oldest first; by ids, no profile `but_not` and none `running`."""
        ...

    def fail_queued(self, batch_id: int, failure: Failure) -> list[int]:
        """Let all queued transfers of a batch fail for one reason; returns their ids."""
        ...

    def waiting(self, profile_id: str) -> list[int]:
        """The ids of the transfers of a connection that wait."""
        ...

    def check_writable(self) -> None:
        """Raises JournalUnwritable."""
        ...

    def counts(self, batch_id: int | None = None) -> dict[TransferState, Count]:
        """Kept up to date by the store, so that asking costs the same at any number."""
        ...

    def set_states(
        self, ids: Sequence[int], state: TransferState, *, only: Iterable[TransferState]
    ) -> list[int]:
        """Change, in one transaction, those of `ids` now in a state of `only`; returns them."""
        ...

    def save_cancel(self, ids: Sequence[int]) -> int:
        """Remember, in one short transaction, that these shall be cancelled; returns its id."""
        ...

    def forget_cancel(self, cancel_id: int) -> None:
        """They are."""
        ...

    def cancels(self) -> dict[int, list[int]]:
        """What is remembered, by its id: the ids of transfers that still exist."""
        ...

    def save_parts(self, transfer_id: int, parts: Sequence[CompletedPart], sent_bytes: int) -> None:
        """Save acknowledged parts, and the transfer's `sent_bytes` with them."""
        ...

    def parts(self, transfer_id: int) -> list[CompletedPart]:
        """In ascending order of number."""
        ...

    def forget_parts(self, transfer_id: int) -> None: ...

    def save_asked(self, asked: AskedUpload) -> int:
        """Remember, before it is asked for, an upload that no transfer names; returns its id."""
        ...

    def forget_asked(self, asked_id: int, *, named_by: Transfer | None = None) -> None:
        """It is not there, or `named_by` has it: that transfer is saved at the same moment."""
        ...

    def asked_uploads(self) -> list[AskedUpload]:
        """All that may be open on a service: those of transfers, and those that no row names.

        A transfer that is removed leaves its upload here.
        """
        ...

    def close(self) -> None: ...


class Clock(Protocol):
    def now(self) -> float:
        """Seconds since the epoch."""
        ...

    def steady(self) -> float:
        """Seconds of a clock that never jumps."""
        ...

    def random(self) -> float:
        """A number from 0 up to 1, for the jitter of retries."""
        ...

    def pause(self, seconds: float, stop: Stop) -> None:
        """Let `seconds` pass; raises Stopped as soon as a stop is requested."""
        ...
