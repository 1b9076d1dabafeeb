"""CompleteMultipartUpload: the parts become an object, or nothing changes."""

import hashlib
import itertools
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from s3gui.practice import checksums, conditions, documents, objects, payload, traits
from s3gui.practice.call import Call, Handler
from s3gui.practice.checksums import ALGORITHMS, COMPOSITE, Algorithm, Checksum
from s3gui.practice.errors import S3Error
from s3gui.practice.model import Part, Upload, Version
from s3gui.practice.wire import Response


@dataclass(frozen=True)
class _Listed:
    """A part as the client lists it; `checksums` by element name."""

    number: int
    etag: str
    checksums: tuple[tuple[str, str], ...]


def complete_multipart_upload(call: Call) -> Response:
    uploads = call.service.uploads
    upload_id = call.request.argument("uploadId") or ""
    if uploads.find(upload_id, call.bucket.name, call.key) is None:
        raise S3Error("NoSuchUpload", UploadId=upload_id)
    listed = _read_list(call)
    with call.service.index.transaction():
        upload = uploads.find(upload_id, call.bucket.name, call.key)
        if upload is None:
            raise S3Error("NoSuchUpload", UploadId=upload_id)
        if upload.result is not None:
            version = _repeated(call, upload, listed)
        else:
            version = _complete(call, upload, listed)
    return _answer(call, upload, version)


def _read_list(call: Call) -> list[_Listed]:
    # Its checksum headers are those of the object, not of this list.
    body = payload.receive_document(call, with_checksum=False)
    root = documents.parse(body, "CompleteMultipartUpload")
    listed = []
    for node in root.all("Part"):
        number = node.require("PartNumber").strip()
        if not (number.isascii() and number.isdigit() and len(number) < 10):
            raise S3Error("MalformedXML")
        sent = tuple(
            (algorithm.element, value)
            for algorithm in ALGORITHMS.values()
            if (value := node.get(algorithm.element)) is not None
        )
        listed.append(_Listed(int(number), node.require("ETag").strip().strip('"'), sent))
    if not 1 <= len(listed) <= call.service.limits.maximum_part_number:
        raise S3Error("MalformedXML")
    return listed


def _complete(call: Call, upload: Upload, listed: Sequence[_Listed]) -> Version:
    parts = _chosen(
        upload, listed, {part.number: part for part in call.service.uploads.parts(upload)}
    )
    _check_sizes(call, parts)
    checksum = _checksum(call, upload, parts)
    conditions.check_write(call, since_mark=upload.removal_mark)
    digest = hashlib.md5(usedforsecurity=False)
    for part in parts:
        digest.update(bytes.fromhex(part.etag))
    version = objects.commit(
        call,
        size_bytes=sum(part.size_bytes for part in parts),
        etag=f"{digest.hexdigest()}-{len(parts)}",
        described=upload.traits,
        checksum=checksum,
        segments=[(part.number, part.blob, part.size_bytes, part.checksum) for part in parts],
        parts_count=len(parts),
        upload_id=upload.upload_id,
    )
    used = {part.number for part in parts}
    call.service.uploads.close(upload, version.row, _fingerprint(listed), used)
    call.bytes_accepted = version.size_bytes
    return version


def _chosen(upload: Upload, listed: Sequence[_Listed], stored: dict[int, Part]) -> list[Part]:
    """The stored parts that the client lists. Raises S3Error for a list that does not fit."""
    if any(first.number >= second.number for first, second in itertools.pairwise(listed)):
        raise S3Error("InvalidPartOrder", UploadId=upload.upload_id)
    algorithm = ALGORITHMS[upload.algorithm]
    composite = upload.checksum_type == COMPOSITE
    chosen = []
    for entry in listed:
        part = stored.get(entry.number)
        sent = dict(entry.checksums)
        if part is None or entry.etag != part.etag or not sent.items() <= _known(algorithm, part):
            raise S3Error(
                "InvalidPart",
                UploadId=upload.upload_id,
                PartNumber=entry.number,
                ETag=entry.etag,
            )
        if composite and algorithm.element not in sent:
            raise S3Error(
                "InvalidRequest",
                f"The upload was created using a {algorithm.name.lower()} checksum. The complete "
                "request must include the checksum for each part. It was missing for part "
                f"{entry.number} in the request.",
            )
        chosen.append(part)
    if composite and [part.number for part in chosen] != list(range(1, len(chosen) + 1)):
        # "Otherwise, Amazon S3 generates an HTTP 500 Internal Server Error": CompletedPart, note.
        raise S3Error("InternalError")
    return chosen


def _known(algorithm: Algorithm, part: Part) -> AbstractSet[tuple[str, str]]:
    """The checksums that a client may give for a part, by element name."""
    known = {algorithm.element: part.checksum}
    if part.sent:
        name, _, value = part.sent.partition(" ")
        known[ALGORITHMS[name].element] = value
    return known.items()


def _check_sizes(call: Call, parts: Sequence[Part]) -> None:
    limits = call.service.limits
    for part in parts[:-1]:
        if part.size_bytes < limits.minimum_part_bytes:
            raise S3Error(
                "EntityTooSmall",
                ProposedSize=part.size_bytes,
                MinSizeAllowed=limits.minimum_part_bytes,
                PartNumber=part.number,
                ETag=part.etag,
            )
    total = sum(part.size_bytes for part in parts)
    if total > limits.maximum_object_bytes:
        raise S3Error(
            "EntityTooLarge", ProposedSize=total, MaxSizeAllowed=limits.maximum_object_bytes
        )
    expected = call.request.header("x-amz-mp-object-size")
    if expected is not None and expected != str(total):
        raise S3Error(
            "InvalidRequest",
            f"The provided 'x-amz-mp-object-size' header value {expected} does not match what was "
            f"computed: {total}",
        )


def _checksum(call: Call, upload: Upload, parts: Sequence[Part]) -> Checksum:
    """The object's; compared with the one the client sent, if it did."""
    algorithm = ALGORITHMS[upload.algorithm]
    wanted_type = call.request.header("x-amz-checksum-type")
    if wanted_type not in {None, upload.checksum_type}:
        raise S3Error(
            "InvalidRequest",
            f"The upload was created using the {upload.checksum_type} checksum mode. The complete "
            "request must use the same checksum mode.",
        )
    computed = checksums.of_parts(
        algorithm, upload.checksum_type, ((part.checksum, part.size_bytes) for part in parts)
    )
    value = call.request.header(algorithm.header)
    if value is not None and value != computed.value:
        raise S3Error(
            "BadDigest",
            f"The {algorithm.name.lower()} you specified did not match the calculated checksum.",
        )
    return computed


def _repeated(call: Call, upload: Upload, listed: Sequence[_Listed]) -> Version:
    """The same list again succeeds again, as on AWS; for any other the upload is gone."""
    assert upload.result is not None
    version = call.service.versions.by_row(upload.result)
    same = call.service.uploads.fingerprint(upload) == _fingerprint(listed)
    if version is None or not same:
        raise S3Error("NoSuchUpload", UploadId=upload.upload_id)
    call.version_id = version.version_id
    return version


def _fingerprint(listed: Sequence[_Listed]) -> str:
    text = "\n".join(f"{entry.number} {entry.etag}" for entry in listed)
    return hashlib.sha256(text.encode()).hexdigest()


def _answer(call: Call, upload: Upload, version: Version) -> Response:
    host = call.request.header("host") or ""
    result: dict[str, object] = {
        "Location": f"http://{host}{call.request.canonical_path()}",
        "Bucket": upload.bucket,
        "Key": upload.key,
        "ETag": f'"{version.etag}"',
    }
    if version.checksum is not None:
        result.update(version.checksum.elements())
    headers = {
        **traits.encryption_headers(upload.traits),
        **traits.version_headers(call.bucket, version),
    }
    return Response(200, headers, documents.document("CompleteMultipartUploadResult", result))


OPERATIONS: dict[str, Handler] = {"CompleteMultipartUpload": complete_multipart_upload}
