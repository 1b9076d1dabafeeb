"""Conditional reads and writes.

Source: S3 User Guide, "Add preconditions to S3 operations with conditional requests".
"""

from email.utils import parsedate_to_datetime

from s3gui.practice.call import Call
from s3gui.practice.errors import S3Error
from s3gui.practice.model import Version


def check_read(headers: dict[str, str], version: Version, prefix: str = "") -> None:
    """GET, HEAD, and with the prefix x-amz-copy-source- CopyObject.

    Raises S3Error PreconditionFailed or NotModified.
    """
    unchanged_code = "PreconditionFailed" if prefix else "NotModified"
    modified = int(version.modified)
    match = headers.get(f"{prefix}if-match")
    if match is not None and not _matches(match, version.etag):
        raise S3Error("PreconditionFailed", Condition="If-Match")
    since = _seconds(headers.get(f"{prefix}if-unmodified-since"))
    if match is None and since is not None and modified > since:
        raise S3Error("PreconditionFailed", Condition="If-Unmodified-Since")
    none_match = headers.get(f"{prefix}if-none-match")
    validators = {"ETag": f'"{version.etag}"'}
    if none_match is not None and _matches(none_match, version.etag):
        raise S3Error(unchanged_code, headers=validators, Condition="If-None-Match")
    since = _seconds(headers.get(f"{prefix}if-modified-since"))
    if none_match is None and since is not None and modified <= since:
        raise S3Error(unchanged_code, headers=validators, Condition="If-Modified-Since")


def check_write(call: Call, *, since_mark: int) -> None:
    """PutObject and CompleteMultipartUpload; to be asked in the transaction that writes.

    412 when the condition does not hold; 404 when If-Match names an object that is not there; 409
    when it holds again, but the object was deleted after this write began at `since_mark`.
    """
    headers = call.request.headers
    match, none_match = headers.get("if-match"), headers.get("if-none-match")
    if match is None and none_match is None:
        return
    if none_match not in {None, "*"} or (match is not None and none_match is not None):
        raise S3Error("NotImplemented", Header="If-None-Match")
    versions, bucket = call.service.versions, call.bucket.name
    current = versions.find(bucket, call.key)
    exists = current is not None and not current.is_delete_marker
    if none_match is not None and exists:
        raise S3Error("PreconditionFailed", Condition="If-None-Match")
    if match is not None:
        if current is None or not exists:
            raise S3Error("NoSuchKey", Key=call.key)
        if not _matches(match, current.etag):
            raise S3Error("PreconditionFailed", Condition="If-Match")
    if versions.removed_since(since_mark, bucket, call.key):
        raise S3Error(
            "ConditionalRequestConflict", Condition="If-Match" if match else "If-None-Match"
        )


def check_delete(call: Call, current: Version | None) -> None:
    """If-Match on DeleteObject."""
    match = call.request.header("if-match")
    if match is None:
        return
    if current is None or current.is_delete_marker:
        raise S3Error("NoSuchKey", Key=call.key)
    if not _matches(match, current.etag):
        raise S3Error("PreconditionFailed", Condition="If-Match")


def _matches(condition: str, etag: str) -> bool:
    names = [name.strip().removeprefix("W/").strip('"') for name in condition.split(",")]
    return "*" in names or etag in names


def _seconds(date: str | None) -> float | None:
    """A date that cannot be read is ignored, as RFC 9110 asks."""
    if date is None:
        return None
    try:
        return parsedate_to_datetime(date).timestamp()
    except ValueError:
        return None
