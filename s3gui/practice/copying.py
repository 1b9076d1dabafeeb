"""Copies within the server: CopyObject and UploadPartCopy."""

import hashlib
import re
from collections.abc import Callable
from urllib.parse import unquote_to_bytes

from s3gui.practice import conditions, documents, multipart, objects, traits
from s3gui.practice.blobs import StoredContent
from s3gui.practice.call import Call, Handler
from s3gui.practice.checksums import (
    ALGORITHMS,
    DEFAULT,
    FULL_OBJECT,
    Algorithm,
    Checksum,
    algorithm_named,
    encode,
)
from s3gui.practice.clock import iso_date
from s3gui.practice.errors import S3Error
from s3gui.practice.model import Traits, Version
from s3gui.practice.payload import Received
from s3gui.practice.reading import open_content
from s3gui.practice.wire import Response

_SOURCE = "x-amz-copy-source"
_RANGE = re.compile(r"bytes=(\d{1,18})-(\d{1,18})")
_BUFFER_BYTES = 256 * 1024


def copy_object(call: Call) -> Response:
    source = _source(call)
    described = _described(call, source)
    limit = call.service.limits.maximum_put_bytes
    if source.size_bytes > limit:
        raise S3Error(
            "InvalidRequest",
            "The specified copy source is larger than the maximum allowable size for a copy "
            f"source: {limit}",
        )
    service, algorithm = call.service, _algorithm(call, source)
    mark = service.versions.removal_mark()
    with service.blobs.create() as writer:
        content = open_content(call, source, 0, source.size_bytes)
        received = _copy(content, writer.write, algorithm)
        checksum = Checksum(algorithm.name, FULL_OBJECT, received.checksum)
        with service.index.transaction():
            conditions.check_write(call, since_mark=mark)
            version = objects.commit(
                call,
                size_bytes=source.size_bytes,
                etag=objects.etag_of(described, received.md5),
                described=described,
                checksum=checksum,
                segments=[(1, writer.name, source.size_bytes, checksum.value)],
            )
        writer.keep()
    result = {
        "ETag": f'"{version.etag}"',
        "LastModified": iso_date(version.modified),
        **checksum.elements(),
    }
    headers = {
        **traits.encryption_headers(described),
        **traits.version_headers(call.bucket, version),
    }
    return Response(200, headers, documents.document("CopyObjectResult", result))


def upload_part_copy(call: Call) -> Response:
    source = _source(call)
    start, length = _range(call, source)
    upload, number = multipart.addressed_part(call)
    algorithm = ALGORITHMS[upload.algorithm]
    with call.service.blobs.create() as writer:
        content = open_content(call, source, start, length)
        part = multipart.save_part(call, number, _copy(content, writer.write, algorithm), writer)
    result = {
        "ETag": f'"{part.etag}"',
        "LastModified": iso_date(part.modified),
        algorithm.element: part.checksum if upload.declared else None,
    }
    return Response(body=documents.document("CopyPartResult", result))


def _source(call: Call) -> Version:
    """Raises S3Error for a source that is not there, or does not meet the conditions."""
    raw = call.request.headers[_SOURCE].lstrip("/")
    path, _, query = raw.partition("?versionId=")
    try:
        bucket, slash, key = unquote_to_bytes(path.encode("latin-1")).decode().partition("/")
    except UnicodeDecodeError:
        bucket, slash, key = "", "", ""
    if not (bucket and slash and key):
        raise S3Error("InvalidArgument", ArgumentName=_SOURCE, ArgumentValue=raw)
    if call.service.index.bucket(bucket) is None:
        raise S3Error("NoSuchBucket", BucketName=bucket)
    version = call.service.versions.find(bucket, key, query or None)
    if version is None or version.is_delete_marker:
        raise S3Error("NoSuchVersion" if query else "NoSuchKey", Key=key)
    conditions.check_read(call.request.headers, version, prefix=f"{_SOURCE}-")
    return version


def _described(call: Call, source: Version) -> Traits:
    headers = call.request.headers
    directive = headers.get("x-amz-metadata-directive", "COPY")
    if directive not in {"COPY", "REPLACE"}:
        raise S3Error("InvalidArgument", ArgumentName="x-amz-metadata-directive")
    described = traits.read(call)
    if directive == "COPY":
        same = (source.bucket, source.key) == (call.bucket.name, call.key)
        changes = {"x-amz-storage-class", "x-amz-server-side-encryption"}
        if same and not changes.intersection(headers):
            raise S3Error(
                "InvalidRequest",
                "This copy request is illegal because it is trying to copy an object to itself "
                "without changing the object's metadata, storage class, website redirect location "
                "or encryption attributes.",
            )
        described = described.with_changes(
            content_type=source.traits.content_type,
            headers=source.traits.headers,
            metadata=source.traits.metadata,
        )
    if headers.get("x-amz-tagging-directive", "COPY") == "COPY":
        described = described.with_changes(tags=source.traits.tags)
    return described


def _algorithm(call: Call, source: Version) -> Algorithm:
    wanted = call.request.header("x-amz-checksum-algorithm")
    if wanted is not None:
        return algorithm_named(wanted)
    if source.checksum is not None and source.checksum.type == FULL_OBJECT:
        return ALGORITHMS[source.checksum.algorithm]
    return DEFAULT


def _range(call: Call, source: Version) -> tuple[int, int]:
    """(start, bytes) of the source that become the part."""
    text = call.request.header(f"{_SOURCE}-range")
    if text is None:
        return 0, source.size_bytes
    found = _RANGE.fullmatch(text)
    if found is None:
        raise S3Error(
            "InvalidArgument",
            "The x-amz-copy-source-range value must be of the form bytes=first-last where first "
            "and last are the zero-based offsets of the first and last bytes to copy",
            ArgumentName=f"{_SOURCE}-range",
            ArgumentValue=text,
        )
    first, last = int(found[1]), int(found[2])
    if first > last or last >= source.size_bytes:
        raise S3Error(
            "InvalidArgument",
            f"Range specified is not valid for source object of size: {source.size_bytes}",
            ArgumentName=f"{_SOURCE}-range",
            ArgumentValue=text,
        )
    return first, last - first + 1


def _copy(
    content: StoredContent, write: Callable[[memoryview], object], algorithm: Algorithm
) -> Received:
    """What was copied; closes the content."""
    md5, digest = hashlib.md5(usedforsecurity=False), algorithm.new()
    buffer = memoryview(bytearray(_BUFFER_BYTES))
    try:
        for count in content.read(buffer):
            piece = buffer[:count]
            md5.update(piece)
            digest.update(piece)
            write(piece)
    finally:
        content.close()
    return Received(content.size_bytes, md5.digest(), encode(digest.digest()))


OPERATIONS: dict[str, Handler] = {"CopyObject": copy_object, "UploadPartCopy": upload_part_copy}
