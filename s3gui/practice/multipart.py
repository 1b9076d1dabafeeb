"""Multipart uploads: opening them, sending parts, listing both, aborting."""

import secrets

from s3gui.practice import checksums, documents, listing, objects, payload, traits
from s3gui.practice.blobs import BlobWriter
from s3gui.practice.call import OWNER_ID, Call, Handler
from s3gui.practice.checksums import ALGORITHMS, COMPOSITE
from s3gui.practice.clock import iso_date
from s3gui.practice.errors import S3Error
from s3gui.practice.model import Part, Upload
from s3gui.practice.payload import Received
from s3gui.practice.wire import Response

OWNER = {"ID": OWNER_ID}


def create_multipart_upload(call: Call) -> Response:
    headers = call.request.headers
    named = headers.get("x-amz-checksum-algorithm")
    wanted_type = headers.get("x-amz-checksum-type")
    if named is None and wanted_type is not None:
        raise S3Error(
            "InvalidRequest",
            "The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm "
            "header.",
        )
    algorithm = checksums.DEFAULT if named is None else checksums.algorithm_named(named)
    upload = Upload(
        upload_id=_new_upload_id(call.now),
        bucket=call.bucket.name,
        key=call.key,
        initiated=call.now,
        traits=traits.read(call),
        algorithm=algorithm.name,
        checksum_type=checksums.resolve_type(algorithm, wanted_type),
        declared=named is not None,
        removal_mark=call.service.versions.removal_mark(),
    )
    with call.service.index.transaction():
        call.service.uploads.add(upload)
    answer = traits.encryption_headers(upload.traits)
    if upload.declared:
        answer["x-amz-checksum-algorithm"] = upload.algorithm
        answer["x-amz-checksum-type"] = upload.checksum_type
    result = {"Bucket": upload.bucket, "Key": upload.key, "UploadId": upload.upload_id}
    return Response(200, answer, documents.document("InitiateMultipartUploadResult", result))


def _new_upload_id(now: float) -> str:
    """Later ones are greater: so a listing can go on after one that was aborted meanwhile."""
    return f"{int(now * 1e6):016x}{secrets.token_urlsafe(36)}"


def open_upload(call: Call) -> Upload:
    upload_id = call.request.argument("uploadId") or ""
    upload = call.service.uploads.find(upload_id, call.bucket.name, call.key)
    if upload is None or upload.result is not None:
        raise S3Error("NoSuchUpload", UploadId=upload_id)
    return upload


def addressed_part(call: Call) -> tuple[Upload, int]:
    limit = call.service.limits.maximum_part_number
    text = call.request.argument("partNumber") or ""
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
    if not 1 <= number <= limit:
        raise S3Error(
            "InvalidArgument",
            f"Part number must be an integer between 1 and {limit}, inclusive",
            ArgumentName="partNumber",
            ArgumentValue=text,
        )
    return open_upload(call), number


def upload_part(call: Call) -> Response:
    upload, number = addressed_part(call)
    promised = payload.promise(call, call.service.limits.maximum_part_bytes)
    _check_algorithm(upload, promised.algorithm)
    algorithm = ALGORITHMS[upload.algorithm]
    with call.service.blobs.create() as writer:
        received = payload.receive(call, promised, writer.write, algorithm)
        part = save_part(call, number, received, writer)
    call.bytes_accepted = received.size_bytes
    shown, value = received.sent or (algorithm.name, part.checksum)
    headers = {
        "ETag": f'"{part.etag}"',
        ALGORITHMS[shown].header: value,
        **traits.encryption_headers(upload.traits),
    }
    return Response(200, headers)


def _check_algorithm(upload: Upload, sent: checksums.Algorithm | None) -> None:
    """Parts carry the upload's checksum: a COMPOSITE upload's must, a FULL_OBJECT one's may.

    An upload that named no algorithm takes parts with any, or none: SDKs add CRC32 by themselves.
    """
    if not upload.declared or (sent is None and upload.checksum_type != COMPOSITE):
        return
    actual = "null" if sent is None else sent.name
    if actual != upload.algorithm:
        raise S3Error(
            "InvalidRequest",
            "Checksum Type mismatch occurred, expected checksum Type: "
            f"{upload.algorithm.lower()}, actual checksum Type: {actual.lower()}",
        )


def save_part(call: Call, number: int, received: Received, writer: BlobWriter) -> Part:
    """Raises S3Error NoSuchUpload when the upload ended while the part came."""
    with call.service.index.transaction():
        upload = open_upload(call)
        part = Part(
            number,
            received.size_bytes,
            objects.etag_of(upload.traits, received.md5),
            received.checksum,
            writer.name,
            call.now,
            " ".join(received.sent or ()),
        )
        call.service.uploads.save_part(upload, part)
    writer.keep()
    return part


def abort_multipart_upload(call: Call) -> Response:
    with call.service.index.transaction():
        call.service.uploads.remove(open_upload(call))
    return Response(204)


def list_parts(call: Call) -> Response:
    upload = open_upload(call)
    limit = call.request.number(
        "max-parts", call.service.limits.page_entries, highest=call.service.limits.page_entries
    )
    marker = call.request.number("part-number-marker", 0)
    parts = call.service.uploads.parts(upload, after=marker, limit=limit + 1)
    page = parts[:limit]
    element = ALGORITHMS[upload.algorithm].element
    result: dict[str, object] = {
        "Bucket": upload.bucket,
        "Key": upload.key,
        "UploadId": upload.upload_id,
        "PartNumberMarker": marker,
        "NextPartNumberMarker": page[-1].number if page else 0,
        "MaxParts": limit,
        "IsTruncated": len(parts) > limit,
        "ChecksumAlgorithm": upload.algorithm if upload.declared else None,
        "ChecksumType": upload.checksum_type if upload.declared else None,
        "Part": [
            {
                "PartNumber": part.number,
                "LastModified": iso_date(part.modified),
                "ETag": f'"{part.etag}"',
                "Size": part.size_bytes,
                element: part.checksum,
            }
            for part in page
        ],
        "Initiator": OWNER,
        "Owner": OWNER,
        "StorageClass": upload.traits.storage_class,
    }
    return Response(body=documents.document("ListPartsResult", result))


def list_multipart_uploads(call: Call) -> Response:
    service, bucket = call.service, call.bucket.name
    query = listing.Query.of(call, limit_name="max-uploads")
    key_marker = call.request.argument("key-marker") or ""
    id_marker = call.request.argument("upload-id-marker") or ""
    start: tuple[bytes, str | None] = (query.after(key_marker) if key_marker else b"", None)
    if key_marker and id_marker:
        start = (key_marker.encode(), id_marker)
    page = listing.walk(
        query,
        start,
        lambda key, after, limit: service.uploads.page(bucket, key, after, limit),
        key_of=lambda upload: upload.key,
        state_of=lambda upload: upload.upload_id,
    )
    last = page.last
    result: dict[str, object] = {
        "Bucket": call.bucket.name,
        "KeyMarker": query.encode(key_marker),
        "UploadIdMarker": id_marker,
        "NextKeyMarker": query.encode(page.last_name) if page.truncated else "",
        "NextUploadIdMarker": last.upload_id if page.truncated and last is not None else "",
        "Prefix": query.encode(query.prefix),
        "Delimiter": query.encode(query.delimiter) if query.delimiter else None,
        "EncodingType": query.encoding_type,
        "MaxUploads": query.limit,
        "IsTruncated": page.truncated,
        "Upload": [
            {
                "Key": query.encode(upload.key),
                "UploadId": upload.upload_id,
                "Initiator": OWNER,
                "Owner": OWNER,
                "StorageClass": upload.traits.storage_class,
                "Initiated": iso_date(upload.initiated),
                "ChecksumAlgorithm": upload.algorithm if upload.declared else None,
                "ChecksumType": upload.checksum_type if upload.declared else None,
            }
            for upload in page.entries
        ],
        "CommonPrefixes": [{"Prefix": query.encode(prefix)} for prefix in page.prefixes],
    }
    return Response(body=documents.document("ListMultipartUploadsResult", result))


OPERATIONS: dict[str, Handler] = {
    "CreateMultipartUpload": create_multipart_upload,
    "UploadPart": upload_part,
    "AbortMultipartUpload": abort_multipart_upload,
    "ListParts": list_parts,
    "ListMultipartUploads": list_multipart_uploads,
}
