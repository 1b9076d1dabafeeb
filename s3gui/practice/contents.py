"""What is in a bucket: ListObjectsV2, ListObjects and ListObjectVersions."""

import base64
import binascii

from s3gui.practice import documents, listing
from s3gui.practice.call import OWNER_ID, Call, Handler
from s3gui.practice.clock import iso_date
from s3gui.practice.errors import S3Error
from s3gui.practice.model import NULL_VERSION, Version
from s3gui.practice.wire import Response

_OWNER = {"ID": OWNER_ID}


def list_objects_v2(call: Call) -> Response:
    request = call.request
    query = listing.Query.of(call, limit_name="max-keys")
    token = request.argument("continuation-token")
    start_after = request.argument("start-after") or ""
    page = _latest(call, query, _read_token(token) if token else start_after)
    owner = _OWNER if request.argument("fetch-owner") == "true" else None
    result: dict[str, object] = {
        "Name": call.bucket.name,
        "Prefix": query.encode(query.prefix),
        "StartAfter": query.encode(start_after) if start_after else None,
        "ContinuationToken": token,
        "NextContinuationToken": _token(page.last_name) if page.truncated else None,
        "KeyCount": page.count,
        "MaxKeys": query.limit,
        "Delimiter": query.encode(query.delimiter) if query.delimiter else None,
        "EncodingType": query.encoding_type,
        "IsTruncated": page.truncated,
        "Contents": [_content(query, version, owner) for version in page.entries],
        "CommonPrefixes": [{"Prefix": query.encode(prefix)} for prefix in page.prefixes],
    }
    headers = {"x-amz-bucket-region": call.bucket.region}
    return Response(200, headers, documents.document("ListBucketResult", result))


def list_objects(call: Call) -> Response:
    query = listing.Query.of(call, limit_name="max-keys")
    marker = call.request.argument("marker") or ""
    page = _latest(call, query, marker)
    # V1 names the next marker only where there is a delimiter; else it is the last key.
    named = page.truncated and query.delimiter
    result: dict[str, object] = {
        "Name": call.bucket.name,
        "Prefix": query.encode(query.prefix),
        "Marker": query.encode(marker),
        "NextMarker": query.encode(page.last_name) if named else None,
        "MaxKeys": query.limit,
        "Delimiter": query.encode(query.delimiter) if query.delimiter else None,
        "EncodingType": query.encoding_type,
        "IsTruncated": page.truncated,
        "Contents": [_content(query, version, _OWNER) for version in page.entries],
        "CommonPrefixes": [{"Prefix": query.encode(prefix)} for prefix in page.prefixes],
    }
    headers = {"x-amz-bucket-region": call.bucket.region}
    return Response(200, headers, documents.document("ListBucketResult", result))


def _latest(call: Call, query: listing.Query, marker: str) -> listing.Page[Version]:
    versions, bucket = call.service.versions, call.bucket.name
    return listing.walk(
        query,
        (query.after(marker) if marker else b"", None),
        lambda key, after, limit: versions.page_of_latest(
            bucket, key if after is None else key + b"\0", limit
        ),
        key_of=lambda version: version.key,
        state_of=lambda version: version.row,
    )


def _content(
    query: listing.Query, version: Version, owner: dict[str, str] | None
) -> dict[str, object]:
    return {
        "Key": query.encode(version.key),
        "LastModified": iso_date(version.modified),
        "ETag": f'"{version.etag}"',
        "ChecksumAlgorithm": version.checksum.algorithm if version.checksum else None,
        "ChecksumType": version.checksum.type if version.checksum else None,
        "Size": version.size_bytes,
        "Owner": owner,
        "StorageClass": version.traits.storage_class,
    }


def _token(name: str) -> str:
    return base64.urlsafe_b64encode(name.encode()).decode()


def _read_token(token: str) -> str:
    try:
        return base64.b64decode(token, altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError) as error:
        raise S3Error(
            "InvalidArgument",
            "The continuation token provided is incorrect",
            ArgumentName="continuation-token",
        ) from error


def list_object_versions(call: Call) -> Response:
    versions, bucket = call.service.versions, call.bucket.name
    query = listing.Query.of(call, limit_name="max-keys")
    key_marker = call.request.argument("key-marker") or ""
    id_marker = call.request.argument("version-id-marker") or ""
    if id_marker and not key_marker:
        raise S3Error(
            "InvalidArgument", "A version-id marker cannot be specified without a key marker."
        )
    start: tuple[bytes, int | None] = (query.after(key_marker) if key_marker else b"", None)
    if id_marker:
        row = versions.row_of(bucket, key_marker, id_marker)
        if row is None and id_marker != NULL_VERSION:
            raise S3Error("InvalidArgument", "Invalid version id specified")
        start = (key_marker.encode(), row)
    page = listing.walk(
        query,
        start,
        lambda key, below_row, limit: versions.page_of_all(bucket, key, below_row, limit),
        key_of=lambda version: version.key,
        state_of=lambda version: version.row,
    )
    last = page.last
    result: dict[str, object] = {
        "Name": bucket,
        "Prefix": query.encode(query.prefix),
        "KeyMarker": query.encode(key_marker),
        "VersionIdMarker": id_marker,
        "NextKeyMarker": query.encode(page.last_name) if page.truncated else None,
        "NextVersionIdMarker": last.version_id if page.truncated and last is not None else None,
        "MaxKeys": query.limit,
        "Delimiter": query.encode(query.delimiter) if query.delimiter else None,
        "EncodingType": query.encoding_type,
        "IsTruncated": page.truncated,
        "Version": [_entry(query, entry) for entry in page.entries if not entry.is_delete_marker],
        "DeleteMarker": [_entry(query, entry) for entry in page.entries if entry.is_delete_marker],
        "CommonPrefixes": [{"Prefix": query.encode(prefix)} for prefix in page.prefixes],
    }
    return Response(body=documents.document("ListVersionsResult", result))


def _entry(query: listing.Query, version: Version) -> dict[str, object]:
    content: dict[str, object] = {
        "Key": query.encode(version.key),
        "VersionId": version.version_id,
        "IsLatest": version.is_latest,
        "LastModified": iso_date(version.modified),
        "Owner": _OWNER,
    }
    if not version.is_delete_marker:
        content["ETag"] = f'"{version.etag}"'
        content["Size"] = version.size_bytes
        content["StorageClass"] = version.traits.storage_class
    return content


OPERATIONS: dict[str, Handler] = {
    "ListObjectsV2": list_objects_v2,
    "ListObjects": list_objects,
    "ListObjectVersions": list_object_versions,
}
