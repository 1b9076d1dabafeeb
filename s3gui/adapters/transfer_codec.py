"""Transfers and batches as the rows of the database, and back.

Small values live as JSON in one column. Fields that a newer version wrote are passed over, so
that an older program still opens the queue.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from enum import Enum
from functools import cache, lru_cache
from operator import attrgetter
from typing import Any, NamedTuple, TypeVar

from s3gui.core.acl import CannedAcl
from s3gui.core.archive import ArchiveManifest, SkippedMember, SourceKind
from s3gui.core.checksum import Checksum
from s3gui.core.errors import Failure
from s3gui.core.profile import Addressing, Profile
from s3gui.core.transfer import (
    AskedUpload,
    Batch,
    CompletedPart,
    ConflictRule,
    Destination,
    MultipartUpload,
    SourceIdentity,
    StoredObject,
    Transfer,
    TransferState,
    UploadOptions,
    WaitingFor,
    make_transfer,
)

Row = tuple[Any, ...]
Value = TypeVar("Value")
_NO_DEFAULT = object()
_KEPT = 256
"""How many different options are remembered: the files of a batch mostly share theirs."""


def _pairs(values: Any) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in values)


_STATES = {each.value: each for each in TransferState}
_KINDS = {each.value: each for each in SourceKind}
_OPTION_KINDS = {
    "acl": CannedAcl,
    "on_conflict": ConflictRule,
    "metadata": _pairs,
    "tags": _pairs,
}
TRANSFER_COLUMNS = (
    "batch_id",
    "source",
    "bucket",
    "key",
    "size",
    "state",
    "waiting_for",
    "sent_bytes",
    "options",
    "failure",
    "identity",
    "upload_id",
    "part_size",
    "stored",
    "started_at",
    "ended_at",
    "depth",
    "kind",
    "manifest",
    "upload_checksum",
)


def transfer_row(transfer: Transfer) -> Row:
    """The values of TRANSFER_COLUMNS."""
    multipart = transfer.multipart
    return (
        transfer.batch_id,
        os.fsencode(transfer.source),
        transfer.destination.bucket,
        storable(transfer.destination.key),
        transfer.size,
        transfer.state.value,
        transfer.waiting_for.value if transfer.waiting_for else None,
        transfer.sent_bytes,
        options_text(transfer.options),
        dumped(transfer.failure),
        dumped(transfer.identity),
        multipart.upload_id if multipart else None,
        transfer.part_size,
        dumped(transfer.stored),
        transfer.started_at,
        transfer.ended_at,
        transfer.depth,
        transfer.kind.value,
        dumped(transfer.manifest),
        multipart.algorithm if multipart else None,
    )


END_COLUMNS = (
    "state",
    "size",
    "sent_bytes",
    "options",
    "identity",
    "stored",
    "started_at",
    "ended_at",
    "manifest",
)


def ends_text(transfers: Sequence[Transfer]) -> str:
    """A list of lists: an id, and the values of END_COLUMNS.

    SQLite extracts what stands for an object as its text, which is what the column holds.
    """
    rows = [
        (
            each.id,
            each.state,
            each.size,
            each.sent_bytes,
            options_text(each.options),
            _kept(each.identity),
            _kept(each.stored),
            each.started_at,
            each.ended_at,
            _kept(each.manifest),
        )
        for each in transfers
    ]
    return _ENCODER.encode(rows)


@lru_cache(_KEPT)
def options_text(options: UploadOptions) -> str | None:
    """The files of a folder have the same: a million of them are not written out one by one."""
    return dumped(options)


def transfer_from(row: Row) -> Transfer:
    """From (id, *TRANSFER_COLUMNS)."""
    destination = Destination(row[3], _restored(row[4]))
    upload_id = row[12]
    return make_transfer(
        id=row[0],
        batch_id=row[1],
        source=os.fsdecode(row[2]),
        destination=destination,
        size=row[5],
        state=_STATES[row[6]],
        waiting_for=WaitingFor(row[7]) if row[7] else None,
        sent_bytes=row[8],
        options=_options(row[9]),
        failure=_load(Failure, row[10]),
        identity=_load(SourceIdentity, row[11]),
        multipart=(
            MultipartUpload(destination.bucket, destination.key, upload_id, row[20] or "")
            if upload_id
            else None
        ),
        part_size=row[13],
        stored=_stored(row[14]),
        started_at=row[15],
        ended_at=row[16],
        depth=row[17],
        kind=_KINDS[row[18]],
        manifest=_manifest(row[19]),
    )


def batch_row(batch: Batch) -> Row:
    """Name, bucket, key, profile."""
    destination = batch.destination
    return (batch.name, destination.bucket, storable(destination.key), dumped(batch.profile))


def batch_from(row: Row) -> Batch:
    """From (id, created_at, name, bucket, key, profile)."""
    destination = Destination(row[3], _restored(row[4]))
    return Batch(row[2], destination, _profile(row[5]), id=row[0], created_at=row[1])


def asked_row(asked: AskedUpload) -> Row:
    """The time, the profile, bucket, key and upload id."""
    destination = asked.destination
    key = storable(destination.key)
    return (asked.asked_at, dumped(asked.profile), destination.bucket, key, asked.upload_id)


def asked_from(row: Row) -> AskedUpload:
    """From (id, asked_at, profile, bucket, key, upload id)."""
    profile = _profile(row[2])
    return AskedUpload(
        profile, Destination(row[3], _restored(row[4])), row[1], upload_id=row[5], id=row[0]
    )


def failure_text(failure: Failure) -> str | None:
    return dumped(failure)


def part_row(part: CompletedPart) -> Row:
    """Number, size, ETag, checksum."""
    return (part.number, part.size, part.etag, dumped(part.checksum))


def part_from(row: Row) -> CompletedPart:
    return CompletedPart(row[0], row[1], row[2], _load(Checksum, row[3]))


def _profile(text: str) -> Profile:
    kept = _kept_fields(Profile, json.loads(text))
    kept["addressing"] = Addressing(kept.get("addressing", Addressing.AUTO))
    return Profile(**kept)


@lru_cache(_KEPT)
def _options(text: str) -> UploadOptions:
    kept = _kept_fields(UploadOptions, json.loads(text))
    for name, kind in _OPTION_KINDS.items():
        if name in kept:
            kept[name] = kind(kept[name])
    return UploadOptions(**kept)


def _stored(text: str | None) -> StoredObject | None:
    if text is None:
        return None
    kept = _kept_fields(StoredObject, json.loads(text))
    if kept.get("checksum") is not None:
        kept["checksum"] = Checksum(**kept["checksum"])
    return StoredObject(**kept)


def _manifest(text: str | None) -> ArchiveManifest | None:
    if text is None:
        return None
    kept = _kept_fields(ArchiveManifest, json.loads(text))
    skipped = kept.get("skipped", ())
    kept["skipped"] = tuple(SkippedMember(**_kept_fields(SkippedMember, each)) for each in skipped)
    return ArchiveManifest(**kept)


def dumped(value: Any) -> str | None:
    return None if value is None else _ENCODER.encode(_kept(value))


def _kept(value: Any) -> dict[str, Any] | None:
    """What differs from the defaults: a million rows mostly repeat them."""
    if value is None:
        return None
    kind: Any = type(value)
    shape = _shape(kind)
    values = shape.values_of(value)
    if not shape.has_defaults:
        return dict(zip(shape.names, values, strict=True))
    return {
        name: its
        for name, its, default in zip(shape.names, values, shape.defaults, strict=True)
        if its is not default and its != default
    }


def _plain(value: Any) -> object:
    if isinstance(value, Enum):
        return value.value
    kind: Any = type(value)
    shape = _shape(kind)
    return dict(zip(shape.names, shape.values_of(value), strict=True))


_ENCODER = json.JSONEncoder(default=_plain, separators=(",", ":"))


class _Shape(NamedTuple):
    """The fields of a value; `values_of` gives those of one value, all at once."""

    names: tuple[str, ...]
    defaults: tuple[Any, ...]
    has_defaults: bool
    values_of: Callable[[Any], tuple[Any, ...]]


@cache
def _shape(kind: Any) -> _Shape:
    """Of a kind with two fields at least: of one, `attrgetter` would give no tuple."""
    names: tuple[str, ...] = kind.__match_args__
    defaults: dict[str, Any] = kind.__field_defaults__
    in_order = tuple(defaults.get(name, _NO_DEFAULT) for name in names)
    return _Shape(names, in_order, bool(defaults), attrgetter(*names))


def _load(kind: type[Value], text: str | None) -> Value | None:
    return kind(**_kept_fields(kind, json.loads(text))) if text is not None else None


def _kept_fields(kind: Any, values: dict[str, Any]) -> dict[str, Any]:
    names = _shape(kind).names
    return {name: value for name, value in values.items() if name in names}


def storable(text: str) -> str | bytes:
    """SQLite's text must be Unicode; a key that is not (it will be refused) goes as bytes."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogateescape")
    return text


def _restored(value: str | bytes) -> str:
    return value if isinstance(value, str) else value.decode("utf-8", "surrogateescape")
