"""The last word: what the service holds is what was sent."""

from __future__ import annotations

import re
from collections.abc import Iterable

from s3gui.core.checksum import Checksum, ChecksumAlgorithm
from s3gui.core.errors import AccessDenied, VerificationFailed
from s3gui.core.frozen import replace
from s3gui.core.transfer import CompletedPart, StoredObject, Transfer
from s3gui.engine.ports import ObjectStore

_MD5_ETAG = re.compile(r"[0-9a-f]{32}(-\d+)?")


def verify(
    store: ObjectStore, transfer: Transfer, stored: StoredObject, expected: Checksum, size: int
) -> StoredObject:
    """The object as stored, with its size; raises VerificationFailed if it is not what was sent.

    Where the answer that created the object carries the service's own checksum of the whole
    object, that decides. Otherwise the object is looked at: its checksum, or for services
    without one its size, together with the ETag of the creating answer made from the MD5 of
    every part (each of which the service verified when it came in).
    """
    if stored.checksum is not None:
        _compare(transfer, stored.checksum, expected)
        return replace(stored, size=size)
    if _is_comparable(stored, transfer, expected):
        _compare(transfer, Checksum("MD5", stored.etag), expected)
    try:
        seen = store.head(transfer.destination, stored.version_id)
    except AccessDenied as error:
        if not _is_comparable(stored, transfer, expected):
            raise _not_to_be_looked_at(transfer, error) from error
        return replace(stored, size=size)  # may write, may not read: the ETag has decided
    if seen is None:
        raise VerificationFailed(f"“{transfer.destination.key}” is not there after its upload.")
    if seen.size != size:
        raise VerificationFailed(
            f"“{transfer.destination.key}” has {seen.size} bytes there, and {size} here."
        )
    if seen.checksum is not None:
        _compare(transfer, seen.checksum, expected)
    return replace(seen, version_id=stored.version_id or seen.version_id)


def whole_checksum(checksums: ChecksumAlgorithm, parts: Iterable[CompletedPart]) -> Checksum:
    """Of the object that the parts, in ascending order, make."""
    return checksums.whole(
        [(part.checksum, part.size) for part in parts if part.checksum is not None]
    )


def holds(stored: StoredObject, checksum: Checksum) -> bool:
    """Whether the service says of an object that this is its checksum."""
    return (stored.checksum or Checksum("MD5", stored.etag)) == checksum


def _not_to_be_looked_at(transfer: Transfer, error: AccessDenied) -> AccessDenied:
    return AccessDenied(
        f"“{transfer.destination.key}” was sent, but these credentials may not look at it, so "
        "it is not proven.",
        hint="Allow them to read objects there (s3:GetObject), then retry: it is looked at first.",
    ).quoting(error)


def _is_comparable(stored: StoredObject, transfer: Transfer, expected: Checksum) -> bool:
    """Whether the ETag is made of MD5s: with KMS or customer keys it is not."""
    is_plain = transfer.options.encryption in {None, "AES256"}
    return expected.algorithm == "MD5" and is_plain and bool(_MD5_ETAG.fullmatch(stored.etag))


def _compare(transfer: Transfer, found: Checksum, expected: Checksum) -> None:
    if found != expected:
        raise VerificationFailed(
            f"“{transfer.destination.key}” is not what was sent.",
            detail=f"{expected.algorithm} here {expected.value}, there {found.value}",
        )
