"""An `ObjectStore` in memory that behaves as Amazon S3 does, and fails when it is told to."""

from __future__ import annotations

import hashlib
import itertools
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Self

from s3gui.adapters.crc64nvme import CRC64NVME
from s3gui.core.acl import CannedAcl
from s3gui.core.checksum import CRC32, Checksum, ChecksumAlgorithm, Md5
from s3gui.core.errors import (
    AlreadyExists,
    BadDigest,
    InputError,
    NoSuchBucket,
    NoSuchUpload,
    ObjectChanged,
    ServiceError,
    TooLarge,
)
from s3gui.core.provider import AWS, Provider
from s3gui.core.transfer import (
    CompletedPart,
    Destination,
    MultipartUpload,
    StoredObject,
    UploadOptions,
)
from s3gui.engine.ports import (
    Body,
    Bucket,
    BucketRules,
    ListedObject,
    ObjectPage,
    OnSent,
    OpenUpload,
)
from s3gui.engine.stop import Stop
from tests.fakes.stored import (
    EPOCH,
    Call,
    FakeBucket,
    FakeObject,
    FakeUpload,
    Fault,
    Received,
    listed,
    received_by,
    time_of,
)

__all__ = ["Call", "FakeObjectStore"]

_CHECKSUMS: dict[str | None, ChecksumAlgorithm] = {
    None: Md5(),
    "CRC32": CRC32,
    "CRC64NVME": CRC64NVME,
}


class FakeObjectStore:
    """Starts with one bucket, `bucket`. `calls` lists every request in the order they came.

    `before` maps an operation to what is called with each `Call` of it, in the caller's
    thread: tests block there, or change the world. Sizes are limited by the provider: give it
    small limits to test large objects.
    """

    def __init__(self, provider: Provider = AWS, *, page_size: int = 1000) -> None:
        self.provider = provider
        self.checksums = _CHECKSUMS[provider.checksum]
        self.buckets: dict[str, FakeBucket] = {}
        self.uploads: dict[str, FakeUpload] = {}
        self.calls: list[Call] = []
        self.before: dict[str, Callable[[Call], None]] = {}
        self.versions: dict[Destination, list[FakeObject]] = {}
        self._page_size = page_size
        self._faults: list[Fault] = []
        self._numbers = itertools.count(1)
        self._lock = threading.RLock()
        self.add_bucket("bucket")

    # What tests arrange and look at

    def add_bucket(
        self,
        name: str,
        *,
        region: str = "us-east-1",
        acls_enabled: bool = True,
        public_acls_blocked: bool = False,
    ) -> None:
        self.buckets[name] = FakeBucket(region, acls_enabled, public_acls_blocked)

    def fail(
        self,
        operation: str,
        error: BaseException,
        *,
        times: int = 1,
        number: int | None = None,
        after_bytes: int | None = None,
        reply_lost: bool = False,
    ) -> None:
        """Let the next `times` calls of `operation` raise `error`.

        `number` picks a part; `after_bytes` breaks off when that much of the body was sent;
        with `reply_lost` the request takes effect first.
        """
        self._faults.append(Fault(operation, error, times, number, after_bytes, reply_lost))

    def object(self, destination: Destination) -> FakeObject | None:
        return self.buckets[destination.bucket].objects.get(destination.key)

    def data(self, destination: Destination) -> bytes | None:
        found = self.object(destination)
        return None if found is None else found.data

    def put_foreign(
        self, destination: Destination, data: bytes, acl: CannedAcl = CannedAcl.PRIVATE
    ) -> None:
        """Store an object as somebody else would, without a call."""
        body = Received(data, self.checksums.of([data]))
        self._store(destination, body, UploadOptions(acl), hashlib.md5(data).hexdigest())

    def open_uploads(self) -> list[FakeUpload]:
        return [upload for upload in self.uploads.values() if upload.result is None]

    def count(self, operation: str) -> int:
        return sum(call.operation == operation for call in self.calls)

    # The port

    def heeding(self, stop: Stop) -> Self:
        """Calls of the fake end by themselves."""
        del stop
        return self

    def list_buckets(self) -> list[Bucket]:
        self._enter(Call("list_buckets"))
        return [Bucket(name, bucket.region, EPOCH) for name, bucket in self.buckets.items()]

    def bucket_rules(self, bucket: str) -> BucketRules:
        self._enter(Call("bucket_rules", bucket))
        found = self._bucket(bucket)
        return BucketRules(found.acls_enabled, found.public_acls_blocked, found.region)

    def create_bucket(self, bucket: str, *, region: str | None, acls_enabled: bool) -> None:
        self._enter(Call("create_bucket", bucket))
        if bucket in self.buckets:
            if self.buckets[bucket].region == "us-east-1":
                return  # AWS's oldest region has always answered so to a bucket's owner
            raise AlreadyExists(service_code="BucketAlreadyOwnedByYou", status=409)
        self.add_bucket(
            bucket,
            region=region or self.provider.default_region,
            acls_enabled=acls_enabled,
            public_acls_blocked=True,
        )

    def list_objects(self, prefix: Destination, page: str | None = None) -> ObjectPage:
        self._enter(Call("list_objects", prefix.bucket, prefix.key))
        rows: dict[str, ListedObject | None] = {}
        for key, found in sorted(self._bucket(prefix.bucket).objects.items()):
            if key.startswith(prefix.key):
                name, slash, _ = key[len(prefix.key) :].partition("/")
                row = ListedObject(key, len(found.data), found.modified_at, "", found.stored.etag)
                rows[prefix.key + name + slash] = None if slash else row
        left = [(name, row) for name, row in rows.items() if page is None or name > page]
        shown, rest = left[: self._page_size], left[self._page_size :]
        return ObjectPage(
            tuple(row for _, row in shown if row is not None),
            tuple(name for name, row in shown if row is None),
            shown[-1][0] if rest else None,
        )

    def head(self, destination: Destination, version_id: str | None = None) -> StoredObject | None:
        self._enter(Call("head", destination.bucket, destination.key))
        destination.check()
        for version in reversed(self.versions.get(destination, [])):
            if version.stored.version_id == version_id:
                return version.stored
        bucket = self.buckets.get(destination.bucket)
        found = None if bucket is None else bucket.objects.get(destination.key)
        return None if found is None or version_id is not None else found.stored

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
        call = Call("put_object", destination.bucket, destination.key)
        fault = self._enter(call)
        destination.check()
        if body.size > self.provider.limits.max_put_size:
            raise TooLarge
        received = received_by(self.checksums, body, checksum, on_sent, fault)
        with self._lock:
            self._bucket(destination.bucket).check_writable(options)
            self._check_condition(destination, only_if_absent=only_if_absent, etag=only_if_etag)
            etag = hashlib.md5(received.data).hexdigest()
            stored = self._store(destination, received, options, etag)
        self._leave(fault)
        return stored

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
        return partial(
            self.put_object,
            destination,
            body,
            checksum,
            options,
            only_if_absent=only_if_absent,
            on_sent=on_sent,
        )

    def create_multipart(self, destination: Destination, options: UploadOptions) -> MultipartUpload:
        fault = self._enter(Call("create_multipart", destination.bucket, destination.key))
        destination.check()
        with self._lock:
            self._bucket(destination.bucket).check_writable(options)
            number = next(self._numbers)
            multipart = MultipartUpload(destination.bucket, destination.key, f"upload-{number}")
            self.uploads[multipart.upload_id] = FakeUpload(multipart, options, time_of(number))
        self._leave(fault)
        return multipart

    def upload_part(
        self,
        multipart: MultipartUpload,
        number: int,
        body: Body,
        checksum: Checksum,
        *,
        on_sent: OnSent,
    ) -> CompletedPart:
        fault = self._enter(Call("upload_part", multipart.bucket, multipart.key, number))
        limits = self.provider.limits
        if not 1 <= number <= limits.max_parts:
            raise ServiceError("bad part number", service_code="InvalidArgument", status=400)
        if body.size > limits.max_part_size:
            raise TooLarge
        self._upload(multipart)
        received = received_by(self.checksums, body, checksum, on_sent, fault)
        etag = hashlib.md5(received.data).hexdigest()
        part = CompletedPart(number, body.size, etag, received.checksum)
        with self._lock:
            self._upload(multipart).parts[number] = (part, received.data)
        self._leave(fault)
        return part

    def list_parts(self, multipart: MultipartUpload) -> list[CompletedPart]:
        self._enter(Call("list_parts", multipart.bucket, multipart.key))
        with self._lock:
            return [part for _, (part, _) in sorted(self._upload(multipart).parts.items())]

    def complete_multipart(
        self,
        multipart: MultipartUpload,
        parts: Sequence[CompletedPart],
        checksum: Checksum,
        *,
        only_if_absent: bool,
        only_if_etag: str | None = None,
    ) -> StoredObject:
        fault = self._enter(Call("complete_multipart", multipart.bucket, multipart.key))
        destination = Destination(multipart.bucket, multipart.key)
        with self._lock:
            upload = self.uploads.get(multipart.upload_id)
            if upload is not None and upload.result is not None:
                return upload.result  # AWS answers a repeated Complete with success
            upload = self._upload(multipart)
            data = b"".join(listed(upload, parts, self.provider.limits))
            digests = b"".join(bytes.fromhex(part.etag) for part in parts)
            etag = f"{hashlib.md5(digests).hexdigest()}-{len(parts)}"
            is_md5 = self.provider.checksum is None
            whole = Checksum("MD5", etag) if is_md5 else self.checksums.of([data])
            if not is_md5 and checksum != whole:
                raise BadDigest(service_code="BadDigest", status=400)
            self._bucket(destination.bucket).check_writable(upload.options)
            self._check_condition(destination, only_if_absent=only_if_absent, etag=only_if_etag)
            received = Received(data, whole)
            upload.result = self._store(destination, received, upload.options, etag)
            upload.parts.clear()
        self._leave(fault)
        return upload.result

    def abort_multipart(self, multipart: MultipartUpload) -> None:
        fault = self._enter(Call("abort_multipart", multipart.bucket, multipart.key))
        with self._lock:
            self._upload(multipart)
            del self.uploads[multipart.upload_id]
        self._leave(fault)

    def list_multipart_uploads(self, prefix: Destination) -> Iterator[OpenUpload]:
        self._enter(Call("list_multipart_uploads", prefix.bucket, prefix.key))
        self._bucket(prefix.bucket)
        for upload in self.open_uploads():
            multipart = upload.multipart
            if multipart.bucket == prefix.bucket and multipart.key.startswith(prefix.key):
                yield OpenUpload(multipart, upload.started_at)

    def delete(self, destination: Destination, version_id: str | None = None) -> None:
        fault = self._enter(Call("delete", destination.bucket, destination.key))
        with self._lock:
            found = self.object(destination)
            if found is not None and version_id in {None, found.stored.version_id}:
                self._bucket(destination.bucket).objects.pop(destination.key, None)
        self._leave(fault)

    def presigned_url(self, destination: Destination, expires_seconds: int) -> str:
        if not 1 <= expires_seconds <= 604_800:
            raise InputError
        return f"{self.url(destination)}?X-Amz-Expires={expires_seconds}"

    def url(self, destination: Destination) -> str:
        return f"https://{destination.bucket}.example.com/{destination.key}"

    def is_public(self, destination: Destination) -> bool:
        self._enter(Call("is_public", destination.bucket, destination.key))
        return self._bucket(destination.bucket).is_public(destination.key)

    # How it behaves

    def _enter(self, call: Call) -> Fault | None:
        """Note the call; the fault that is to come later in it, if any."""
        with self._lock:
            self.calls.append(call)
            fault = next((fault for fault in self._faults if fault.fits(call)), None)
            if fault is not None:
                fault.times -= 1
        before = self.before.get(call.operation)
        if before is not None:
            before(call)
        if fault is not None and fault.after_bytes is None and not fault.reply_lost:
            raise fault.error
        return fault

    def _leave(self, fault: Fault | None) -> None:
        if fault is not None and fault.reply_lost:
            raise fault.error

    def _check_condition(
        self, destination: Destination, *, only_if_absent: bool, etag: str | None
    ) -> None:
        found = self.object(destination)
        if only_if_absent and self.provider.conditional_writes and found is not None:
            raise AlreadyExists(service_code="PreconditionFailed", status=412)
        is_expected = found is not None and found.stored.etag == etag
        if etag and self.provider.conditional_replaces and not is_expected:
            raise ObjectChanged(service_code="PreconditionFailed", status=412)

    def _store(
        self, destination: Destination, received: Received, options: UploadOptions, etag: str
    ) -> StoredObject:
        number = next(self._numbers)
        stored = StoredObject(
            size=len(received.data),
            etag=etag,
            version_id=f"version-{number}",
            checksum=received.checksum,
            request_id=f"request-{number}",
        )
        described = replace(stored, content_type=options.content_type or "binary/octet-stream")
        found = FakeObject(received.data, described, options, time_of(number))
        self._bucket(destination.bucket).objects[destination.key] = found
        self.versions.setdefault(destination, []).append(found)
        return stored

    def _bucket(self, name: str) -> FakeBucket:
        try:
            return self.buckets[name]
        except KeyError:
            raise NoSuchBucket(service_code="NoSuchBucket", status=404) from None

    def _upload(self, multipart: MultipartUpload) -> FakeUpload:
        upload = self.uploads.get(multipart.upload_id)
        if upload is None or upload.result is not None:
            raise NoSuchUpload(service_code="NoSuchUpload", status=404)
        return upload
