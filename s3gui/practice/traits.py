"""An object's traits: from the headers of a request, and back into those of an answer."""

import base64
import re
from urllib.parse import parse_qsl

from s3gui.practice import access
from s3gui.practice.call import ACCOUNT_ID, Call
from s3gui.practice.clock import http_date
from s3gui.practice.errors import S3Error
from s3gui.practice.model import Bucket, Traits, Version

STORAGE_CLASSES = (
    "STANDARD",
    "REDUCED_REDUNDANCY",
    "STANDARD_IA",
    "ONEZONE_IA",
    "INTELLIGENT_TIERING",
    "GLACIER",
    "DEEP_ARCHIVE",
    "GLACIER_IR",
)
_KEPT = (
    "cache-control",
    "content-disposition",
    "content-encoding",
    "content-language",
    "expires",
    "x-amz-website-redirect-location",
)
_METADATA = "x-amz-meta-"
_ENCRYPTIONS = ("AES256", "aws:kms", "aws:kms:dsse")
_SSE = "x-amz-server-side-encryption"
_TAG = re.compile(r"[\w\s+=.:/@-]*")
_MAXIMUM_TAGS = 10


def read(call: Call) -> Traits:
    """What PutObject, CreateMultipartUpload and a replacing CopyObject say in their headers."""
    headers = call.request.headers
    storage_class = headers.get("x-amz-storage-class", "STANDARD")
    if storage_class not in STORAGE_CLASSES:
        raise S3Error("InvalidStorageClass", StorageClassRequested=storage_class)
    encryption, kms_key = _encryption(headers, call.bucket)
    return Traits(
        content_type=headers.get("content-type") or "binary/octet-stream",
        headers=_kept_headers(headers),
        metadata=_metadata(headers, call.service.limits.maximum_metadata_bytes),
        storage_class=storage_class,
        encryption=encryption,
        kms_key=kms_key,
        acl=access.requested_acl(call.bucket, headers) or "private",
        tags=parse_tags(headers.get("x-amz-tagging", "")),
    )


def _kept_headers(headers: dict[str, str]) -> dict[str, str]:
    kept = {name: headers[name] for name in _KEPT if name in headers}
    encodings = [name.strip() for name in kept.pop("content-encoding", "").split(",")]
    # aws-chunked is how the body travelled, not what the object is.
    real = [name for name in encodings if name and name.lower() != "aws-chunked"]
    if real:
        kept["content-encoding"] = ",".join(real)
    return kept


def _metadata(headers: dict[str, str], limit: int) -> dict[str, str]:
    metadata = {
        name.removeprefix(_METADATA): value
        for name, value in headers.items()
        if name.startswith(_METADATA)
    }
    size = sum(len(name) + len(value) for name, value in metadata.items())
    if size > limit:
        raise S3Error("MetadataTooLarge", Size=size, MaxSizeAllowed=limit)
    return metadata


def _encryption(headers: dict[str, str], bucket: Bucket) -> tuple[str, str | None]:
    if f"{_SSE}-customer-algorithm" in headers:
        # Blocked for new buckets since April 2026.
        raise S3Error("AccessDenied", "SSE-C is blocked for this bucket")
    encryption = headers.get(_SSE, "AES256")
    if encryption not in _ENCRYPTIONS:
        raise S3Error(
            "InvalidArgument",
            "The encryption method specified is not supported",
            ArgumentName=_SSE,
            ArgumentValue=encryption,
        )
    key = headers.get(f"{_SSE}-aws-kms-key-id")
    if encryption == "AES256":
        if key is not None:
            raise S3Error(
                "InvalidArgument",
                f"Server Side Encryption with KMS managed key requires HTTP header {_SSE} : "
                "aws:kms",
            )
        return encryption, None
    key = key or "alias/aws/s3"
    if not key.startswith("arn:"):
        kind = "" if key.startswith("alias/") else "key/"
        key = f"arn:aws:kms:{bucket.region}:{ACCOUNT_ID}:{kind}{key}"
    return encryption, key


def parse_tags(text: str) -> dict[str, str]:
    """The x-amz-tagging header. Raises S3Error."""
    try:
        pairs = parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=100)
    except ValueError as error:
        raise S3Error("InvalidArgument", ArgumentName="x-amz-tagging") from error
    return check_tags(pairs)


def check_tags(pairs: list[tuple[str, str]]) -> dict[str, str]:
    tags = dict(pairs)
    if len(pairs) > _MAXIMUM_TAGS:
        raise S3Error("BadRequest", "Object tags cannot be greater than 10")
    if len(tags) < len(pairs):
        raise S3Error("InvalidTag", "Cannot provide multiple Tags with the same key")
    for key, value in pairs:
        if not 1 <= len(key) <= 128 or not _TAG.fullmatch(key):
            raise S3Error("InvalidTag", "The TagKey you have provided is invalid", TagKey=key)
        if len(value) > 256 or not _TAG.fullmatch(value):
            raise S3Error("InvalidTag", "The TagValue you have provided is invalid", TagKey=key)
    return tags


def encryption_headers(traits: Traits) -> dict[str, str]:
    headers = {_SSE: traits.encryption}
    if traits.kms_key is not None:
        headers[f"{_SSE}-aws-kms-key-id"] = traits.kms_key
    return headers


def version_headers(bucket: Bucket, version: Version) -> dict[str, str]:
    """None for a bucket that never had versioning."""
    if bucket.versioning is None:
        return {}
    return {"x-amz-version-id": version.version_id}


def answer_headers(bucket: Bucket, version: Version) -> dict[str, str]:
    """Those of GetObject and HeadObject, without the checksums and the range."""
    traits = version.traits
    headers = {
        "Last-Modified": http_date(version.modified),
        "ETag": f'"{version.etag}"',
        "Content-Type": traits.content_type,
        "Accept-Ranges": "bytes",
        **{_title(name): value for name, value in traits.headers.items()},
        **{_METADATA + name: _printable(value) for name, value in traits.metadata.items()},
        **encryption_headers(traits),
        **version_headers(bucket, version),
    }
    if traits.storage_class != "STANDARD":
        headers["x-amz-storage-class"] = traits.storage_class
    if traits.tags:
        headers["x-amz-tagging-count"] = str(len(traits.tags))
    return headers


def _title(name: str) -> str:
    return name if name.startswith("x-amz-") else name.title()


def _printable(value: str) -> str:
    """Metadata beyond ASCII comes back as S3 gives it: RFC 2047, in UTF-8."""
    if value.isascii():
        return value
    return f"=?UTF-8?B?{base64.b64encode(value.encode('latin-1')).decode()}?="
