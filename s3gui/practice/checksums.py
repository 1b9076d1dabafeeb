"""The checksums S3 keeps with objects and parts, and the rules for those of multipart uploads.

Source: S3 User Guide, "Checking object integrity". A checksum of a whole object is FULL_OBJECT
when it is that of its bytes, COMPOSITE when it is that of its parts' checksums (then it ends in
the number of parts, as multipart ETags do).
"""

import base64
import binascii
import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from s3gui.practice import crc
from s3gui.practice.errors import S3Error

COMPOSITE = "COMPOSITE"
FULL_OBJECT = "FULL_OBJECT"
HEADER_PREFIX = "x-amz-checksum-"


class Digest(Protocol):
    def update(self, data: crc.Buffer, /) -> None: ...
    def digest(self) -> bytes: ...


class _RunningCrc:
    def __init__(self, update: crc.Update, size_bytes: int) -> None:
        self._update = update
        self._size_bytes = size_bytes
        self._value = 0

    def update(self, data: crc.Buffer) -> None:
        self._value = self._update(data, self._value)

    def digest(self) -> bytes:
        return self._value.to_bytes(self._size_bytes, "big")


@dataclass(frozen=True)
class Algorithm:
    """`name` as in XML and in x-amz-checksum-algorithm: CRC32, CRC64NVME, SHA256 ..."""

    name: str
    size_bytes: int
    new: Callable[[], Digest]
    combine: Callable[[int, int, int], int] | None
    types: tuple[str, ...]

    @property
    def header(self) -> str:
        return HEADER_PREFIX + self.name.lower()

    @property
    def element(self) -> str:
        return f"Checksum{self.name}"

    @property
    def default_type(self) -> str:
        return self.types[0]


ALGORITHMS = {
    algorithm.name: algorithm
    for algorithm in (
        Algorithm(
            "CRC32",
            4,
            lambda: _RunningCrc(crc.crc32(), 4),
            crc.combine_crc32,
            (COMPOSITE, FULL_OBJECT),
        ),
        Algorithm(
            "CRC32C",
            4,
            lambda: _RunningCrc(crc.crc32c(), 4),
            crc.combine_crc32c,
            (COMPOSITE, FULL_OBJECT),
        ),
        Algorithm(
            "CRC64NVME",
            8,
            lambda: _RunningCrc(crc.crc64nvme(), 8),
            crc.combine_crc64nvme,
            (FULL_OBJECT,),
        ),
        Algorithm("SHA1", 20, hashlib.sha1, None, (COMPOSITE,)),
        Algorithm("SHA256", 32, hashlib.sha256, None, (COMPOSITE,)),
    )
}
DEFAULT = ALGORITHMS["CRC64NVME"]  # what S3 adds when the client sends none
_NOT_VALUES = ("x-amz-checksum-algorithm", "x-amz-checksum-type", "x-amz-checksum-mode")


@dataclass(frozen=True)
class Checksum:
    """`value` in Base64; a composite one with its "-parts" ending."""

    algorithm: str
    type: str
    value: str

    def headers(self) -> dict[str, str]:
        return {
            ALGORITHMS[self.algorithm].header: self.value,
            "x-amz-checksum-type": self.type,
        }

    def elements(self) -> dict[str, object]:
        return {ALGORITHMS[self.algorithm].element: self.value, "ChecksumType": self.type}


def encode(digest: bytes) -> str:
    return base64.b64encode(digest).decode()


def decode(value: str, size_bytes: int) -> bytes | None:
    """None when the value is no Base64 of that many bytes."""
    try:
        digest = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        return None
    return digest if len(digest) == size_bytes else None


def algorithm_named(name: str) -> Algorithm:
    found = ALGORITHMS.get(name.upper())
    if found is None:
        raise S3Error(
            "InvalidRequest",
            "Checksum algorithm provided is unsupported. Please try again with any of the valid "
            f"types: [{', '.join(ALGORITHMS)}]",
        )
    return found


def sent_in(headers: Mapping[str, str]) -> tuple[Algorithm, str] | None:
    """The one x-amz-checksum-... value of a request's headers, its form checked.

    Raises S3Error InvalidRequest when there are two, or it is no value of its algorithm.
    """
    names = [name for name in headers if name.startswith(HEADER_PREFIX) and name not in _NOT_VALUES]
    if not names:
        return None
    if len(names) > 1:
        raise S3Error(
            "InvalidRequest",
            "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.",
        )
    algorithm = algorithm_named(names[0].removeprefix(HEADER_PREFIX))
    value = headers[names[0]]
    if decode(value, algorithm.size_bytes) is None:
        raise S3Error("InvalidRequest", f"Value for {names[0]} header is invalid.")
    return algorithm, value


def resolve_type(algorithm: Algorithm, wanted: str | None) -> str:
    """The checksum type of a multipart upload. Raises S3Error InvalidRequest."""
    if wanted is None:
        return algorithm.default_type
    if wanted not in {COMPOSITE, FULL_OBJECT}:
        raise S3Error("InvalidRequest", "Value for x-amz-checksum-type header is invalid.")
    if wanted not in algorithm.types:
        raise S3Error(
            "InvalidRequest",
            f"The {wanted} checksum type cannot be used with the {algorithm.name.lower()} "
            "checksum algorithm.",
        )
    return wanted


def of_parts(
    algorithm: Algorithm, checksum_type: str, parts: Iterable[tuple[str, int]]
) -> Checksum:
    """The object's checksum from each part's (Base64 value, bytes), in their order."""
    if checksum_type == COMPOSITE:
        digest, count = algorithm.new(), 0
        for value, _ in parts:
            digest.update(base64.b64decode(value))
            count += 1
        return Checksum(algorithm.name, COMPOSITE, f"{encode(digest.digest())}-{count}")
    assert algorithm.combine is not None
    total = 0
    for value, size_bytes in parts:
        part = int.from_bytes(base64.b64decode(value), "big")
        total = algorithm.combine(total, part, size_bytes)
    return Checksum(
        algorithm.name, FULL_OBJECT, encode(total.to_bytes(algorithm.size_bytes, "big"))
    )
