"""What s3gui's values are called in S3 requests, and what must not be sent at all."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from s3gui.adapters.s3_parameters import Parameters, Shared
from s3gui.core.checksum import Checksum
from s3gui.core.errors import InputError
from s3gui.core.transfer import Destination, MultipartUpload, UploadOptions

_METADATA_NAME = re.compile(r"[A-Za-z0-9!#$&'*+.^_`|~-]+")
_MAX_METADATA_BYTES = 2048
_MAX_TAGS = 10
_KEPT = 64
"""How many different options are remembered: the files of a folder mostly share theirs."""

_MAX_PRESIGNED_SECONDS = 7 * 24 * 3600


def object_parameters(options: UploadOptions) -> dict[str, Any]:
    """The parameters of PutObject and CreateMultipartUpload. Raises InputError."""
    return dict(_object_parameters(options))


@lru_cache(_KEPT)
def _object_parameters(options: UploadOptions) -> dict[str, Any]:
    parameters = {
        "ACL": options.acl.header,
        "StorageClass": options.storage_class,
        "ContentType": options.content_type,
        "CacheControl": options.cache_control,
        "ContentDisposition": options.content_disposition,
        "ContentEncoding": options.content_encoding,
        "ServerSideEncryption": options.encryption,
        "SSEKMSKeyId": options.kms_key_id,
    }
    for name, value in parameters.items():
        if value is not None:
            _check_header(name, value)
    return {
        **{name: value for name, value in parameters.items() if value is not None},
        **_metadata(options.metadata),
        **_tagging(options.tags),
    }


def put_parameters(
    destination: Destination,
    size: int,
    checksum: Checksum,
    options: UploadOptions,
    condition: Mapping[str, str],
) -> Parameters:
    """All of PutObject but its body, of `size` bytes. Raises InputError."""
    destination.check()
    shared = _shared_by_puts(
        destination.bucket, options, checksum.algorithm, tuple(condition.items())
    )
    own = {"Key": destination.key, "ContentLength": size, **checksum_parameters(checksum)}
    return Parameters(shared, own)


@lru_cache(_KEPT)
def _shared_by_puts(
    bucket: str, options: UploadOptions, algorithm: str, condition: tuple[tuple[str, str], ...]
) -> Shared:
    named = _named(algorithm)
    return Shared({**_object_parameters(options), "Bucket": bucket, **named, **dict(condition)})


def checksum_parameters(checksum: Checksum | None) -> dict[str, str]:
    """What the service compares the received bytes with."""
    if checksum is None:
        return {}
    if checksum.algorithm == "MD5":
        digest = bytes.fromhex(checksum.value)
        return {"ContentMD5": base64.b64encode(digest).decode()}
    return {f"Checksum{checksum.algorithm}": checksum.value}


def body_checksum_parameters(checksum: Checksum) -> dict[str, str]:
    """As `checksum_parameters`, and named: not every server reads the header's name."""
    return {**checksum_parameters(checksum), **_named(checksum.algorithm)}


def _named(algorithm: str) -> dict[str, str]:
    return {} if algorithm == "MD5" else {"ChecksumAlgorithm": algorithm}


def check_expiry(expires_seconds: int) -> None:
    if not 1 <= expires_seconds <= _MAX_PRESIGNED_SECONDS:
        raise InputError("A signed address is valid for one second up to seven days.")


def _metadata(pairs: tuple[tuple[str, str], ...]) -> dict[str, dict[str, str]]:
    metadata: dict[str, str] = {}
    for name, value in pairs:
        if not _METADATA_NAME.fullmatch(name):
            raise InputError(f"“{name}” cannot be a metadata name: letters, digits and - only.")
        _check_header(f"metadata “{name}”", value)
        # S3 keeps metadata names in lower case: two that differ in case only are one.
        if name.lower() in metadata:
            raise InputError(f"The metadata name “{name}” is given twice.")
        metadata[name.lower()] = value
    if sum(len(name) + len(value) for name, value in metadata.items()) > _MAX_METADATA_BYTES:
        raise InputError("The metadata is longer than the 2,048 bytes that S3 allows.")
    return {"Metadata": metadata} if metadata else {}


def _tagging(pairs: tuple[tuple[str, str], ...]) -> dict[str, str]:
    if len(pairs) > _MAX_TAGS:
        raise InputError(f"S3 allows {_MAX_TAGS} tags on an object; {len(pairs)} were given.")
    if len({name for name, _ in pairs}) < len(pairs):
        raise InputError("Each tag name can be given once only.")
    return {"Tagging": urlencode(pairs)} if pairs else {}


def _check_header(name: str, value: str) -> None:
    """Values travel as HTTP headers: a line break in one would start another header."""
    if not (value.isascii() and value.isprintable()):
        raise InputError(f"The value of {name} can hold printable ASCII characters only.")


def upload_parameters(multipart: MultipartUpload) -> dict[str, str]:
    """What names the upload in every request about it."""
    return {
        "Bucket": multipart.bucket,
        "Key": multipart.key,
        "UploadId": multipart.upload_id,
    }


def place_of(multipart: MultipartUpload) -> Destination:
    return Destination(multipart.bucket, multipart.key)


def given(**parameters: Any) -> dict[str, Any]:
    """Those that say something."""
    return {name: value for name, value in parameters.items() if value}
