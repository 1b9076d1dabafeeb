"""From Libcloud's `extra` and `headers` to `UploadOptions`. All of it before any request."""

from __future__ import annotations

import mimetypes
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from s3gui.core.acl import CannedAcl
from s3gui.core.content_type import DEFAULT_CONTENT_TYPE, guess_content_type
from s3gui.core.errors import InputError
from s3gui.core.parts import check_part_size
from s3gui.core.transfer import ConflictRule, UploadOptions
from s3gui.driver.progress import OnProgress
from s3gui.engine.ports import ObjectStore

STORAGE_CLASSES = (
    "standard",
    "reduced_redundancy",
    "standard_ia",
    "onezone_ia",
    "intelligent_tiering",
    "glacier",
    "deep_archive",
    "glacier_ir",
)
EXTRA_KEYS = frozenset(
    {
        "acl",
        "cache_control",
        "content_disposition",
        "content_encoding",
        "content_type",
        "meta_data",
        "sse",
        "storage_class",
        "tags",
    }
)

_METADATA = "x-amz-meta-"
_SSE = "x-amz-server-side-encryption"
_KMS_KEY = f"{_SSE}-aws-kms-key-id"
_HEADERS = {
    "content-type": "content_type",
    "cache-control": "cache_control",
    "content-disposition": "content_disposition",
    "content-encoding": "content_encoding",
    "x-amz-acl": "acl",
    "x-amz-storage-class": "storage_class",
    "x-amz-tagging": "tags",
    _SSE: "sse",
}
_MEANT_FOR_S3 = ("x-amz-", "content-", "expires", "if-")
"""Beginnings of headers that change what is stored, or whether: they are never dropped."""


MAX_WORKERS = 8


@dataclass(frozen=True, slots=True)
class Asked:
    """The `ex_…` arguments; `S3StorageDriver.upload_object_via_stream` says what they mean."""

    storage_class: str | None = None
    part_size: int | None = None
    max_workers: int = MAX_WORKERS
    progress: bool | OnProgress = False
    cancel: Any = None
    if_none_match: str | None = None
    if_match: str | None = None
    checksum: str | None = None
    tags: Any = None
    sse: Any = None
    resume: bool = False


def check_against(store: ObjectStore, asked: Asked) -> None:
    """Raise ValueError for what this service cannot do."""
    if asked.part_size is not None:
        try:
            check_part_size(asked.part_size, store.provider.limits)
        except InputError as error:
            raise ValueError(error.message) from None
    name = store.checksums.name
    if asked.checksum is not None and asked.checksum.upper() != name:
        raise ValueError(f"uploads to this service are verified with {name} only")


def upload_options(
    object_name: str,
    extra: Mapping[str, Any] | None,
    headers: Mapping[str, Any] | None,
    asked: Asked,
    *,
    strict: bool,
    file_path: str = "",
) -> UploadOptions:
    """What to store the object with; `extra` wins over `headers`, and `ex_…` over both.

    Where nothing names the content type, the file's name tells it, or else the object's.

    Raises ValueError for what cannot be asked for, AttributeError where `strict` finds no
    content type.
    """
    name: object = object_name
    if not isinstance(name, str):
        raise TypeError("an object's name is a text")
    if asked.resume:
        raise ValueError("ex_resume is not supported: what fails is aborted, and nothing is kept")
    extra = dict(extra or {})
    if strict and not EXTRA_KEYS.issuperset(extra):
        unknown = ", ".join(sorted(map(str, set(extra) - EXTRA_KEYS)))
        raise ValueError(f"extra holds what is not known here: {unknown}")
    found, metadata = _from_headers(dict(headers or {}))
    kms_key_id = found.pop("kms_key_id", None)
    if_none_match = asked.if_none_match or found.pop("if_none_match", None)
    if_match = _etag(asked.if_match or found.pop("if_match", None))
    metadata |= {str(name): str(value) for name, value in (extra.pop("meta_data", 0) or {}).items()}
    found |= {name: value for name, value in extra.items() if value and name in EXTRA_KEYS}
    algorithm, named_key_id = _encryption(asked.sse or found.get("sse"))
    content_type = found.get("content_type") or _told_by(file_path) or _told_by(object_name)
    if strict and content_type is None:
        raise AttributeError(f"extra holds no content_type, and “{object_name}” does not tell it")
    return UploadOptions(
        acl=_acl(found.get("acl")),
        storage_class=_storage_class(asked.storage_class, found.get("storage_class")),
        content_type=content_type,
        cache_control=found.get("cache_control"),
        content_disposition=found.get("content_disposition"),
        content_encoding=found.get("content_encoding"),
        encryption=algorithm,
        kms_key_id=named_key_id or kms_key_id,
        metadata=tuple(metadata.items()),
        tags=_tags(asked.tags or found.get("tags")),
        on_conflict=_conflict_rule(if_none_match, if_match),
        part_size=asked.part_size,
        if_match=if_match,
    )


def _from_headers(headers: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    found: dict[str, Any] = {}
    metadata: dict[str, str] = {}
    for name, value in headers.items():
        lower = name.lower()
        if lower.startswith(_METADATA):
            metadata[lower.removeprefix(_METADATA)] = str(value)
        elif lower in _HEADERS:
            found[_HEADERS[lower]] = value
        elif lower == _KMS_KEY:
            found["kms_key_id"] = value
        elif lower in {"if-none-match", "if-match"}:
            found[lower.replace("-", "_")] = value
        elif lower.startswith(_MEANT_FOR_S3):
            raise ValueError(f"the header {name} cannot be sent with an upload")
    return found, metadata


def _told_by(name: str) -> str | None:
    content_type = guess_content_type(name.replace(os.sep, "/"))
    is_told = content_type != DEFAULT_CONTENT_TYPE or mimetypes.guess_type(name)[0]
    return content_type if is_told else None


def _acl(name: str | None) -> CannedAcl:
    if name is None:
        return CannedAcl.PRIVATE
    try:
        return CannedAcl(name)
    except ValueError:
        known = ", ".join(CannedAcl)
        raise ValueError(f"“{name}” is not a canned ACL; those are: {known}") from None


def _storage_class(argument: str | None, other: str | None) -> str | None:
    """S3's name for it. None sends nothing: some services refuse even STANDARD."""
    name = argument or (other.lower() if other else None)
    if name is None:
        return None
    if name not in STORAGE_CLASSES:
        known = ", ".join(STORAGE_CLASSES)
        raise ValueError(f"invalid storage class “{name}”; the known ones are: {known}")
    return name.upper()


def _encryption(sse: Any) -> tuple[str | None, str | None]:
    """The algorithm, and the id of the KMS key where `sse` is a pair of both."""
    if sse is None or isinstance(sse, str):
        return sse, None
    algorithm, kms_key_id = sse
    return algorithm, kms_key_id


def _tags(tags: Any) -> tuple[tuple[str, str], ...]:
    """From a dict, pairs, or the text of the x-amz-tagging header."""
    if not tags:
        return ()
    if isinstance(tags, str):
        return tuple(parse_qsl(tags, keep_blank_values=True))
    pairs = tags.items() if isinstance(tags, Mapping) else tags
    return tuple((str(name), str(value)) for name, value in pairs)


def _etag(text: str | None) -> str | None:
    """Without its quotes, which Libcloud's `hash` may have."""
    if text is None:
        return None
    etag = text.strip('"')
    if not etag or etag == "*":
        raise ValueError("ex_if_match is the ETag of the object that may be replaced")
    return etag


def _conflict_rule(if_none_match: str | None, if_match: str | None) -> ConflictRule:
    if if_none_match not in {None, "*"}:
        raise ValueError('ex_if_none_match can only be "*": fail if the object exists')
    if if_match is not None:
        if if_none_match:
            raise ValueError("ex_if_match and ex_if_none_match cannot both hold")
        return ConflictRule.REPLACE_IF_UNCHANGED
    return ConflictRule.FAIL if if_none_match else ConflictRule.REPLACE
