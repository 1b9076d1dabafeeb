"""Whether a file and an object are the same, by the service's checksums: nothing is downloaded."""

from __future__ import annotations

import base64
import hashlib
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from s3gui.core.checksum import BytesLike, Checksum
from s3gui.core.frozen import frozen
from s3gui.core.parts import Part
from s3gui.core.provider import MIB
from s3gui.core.transfer import Destination
from s3gui.engine.disks import Disks
from s3gui.engine.ports import Clock
from s3gui.engine.retry import PATIENCE, Retrier
from s3gui.engine.source import FileSource
from s3gui.engine.stop import Stop

_USUAL_PART_SIZES = tuple(
    size * MIB for size in (5, 8, 10, 15, 16, 20, 25, 32, 50, 64, 100, 128, 256, 512, 1024)
)
_MOST_GUESSES = 4
_BEST_FIRST = ("CRC64NVME", "SHA512", "SHA256", "CRC32C", "CRC32", "SHA1", "MD5")


class Running(Protocol):
    """A sum of bytes that go by, as `hashlib` makes them."""

    def update(self, block: BytesLike, /) -> object: ...

    def digest(self) -> bytes: ...


Sums = Mapping[str, Callable[[], Running]]
"""By S3's name of the algorithm: begins a sum."""


@frozen
class Evidence:
    """What a service says of an object. `checksums` are those that it computed or compared.

    A composite one ends in `-` and the number of parts; `part_sizes` are in bytes, empty where
    they are not known. `etag_is_md5`: False under KMS and customers' keys.
    """

    size: int
    etag: str
    version_id: str | None = None
    checksums: tuple[Checksum, ...] = ()
    etag_is_md5: bool = False
    part_sizes: tuple[int, ...] = ()


class Verdict(StrEnum):
    SAME = "same"
    DIFFERS = "differs"
    MISSING = "missing"
    UNPROVEN = "cannot-be-proven"


@frozen
class Proof:
    """`checksum` is what both have, for SAME; `reason` a sentence for the others."""

    verdict: Verdict
    reason: str = ""
    checksum: Checksum | None = None


def standard_sums() -> dict[str, Callable[[], Running]]:
    """Those of Python's own library."""
    return {
        "CRC32": lambda: RunningCrc(zlib.crc32, 32),
        "MD5": lambda: hashlib.md5(usedforsecurity=False),
        "SHA1": lambda: hashlib.sha1(usedforsecurity=False),
        "SHA256": hashlib.sha256,
        "SHA512": hashlib.sha512,
    }


class RunningCrc:
    """A CRC with the face of a hash."""

    def __init__(self, update: Callable[[BytesLike, int], int], width_bits: int) -> None:
        self._update = update
        self._bytes = width_bits // 8
        self._value = 0

    def update(self, block: BytesLike) -> None:
        self._value = self._update(block, self._value)

    def digest(self) -> bytes:
        return self._value.to_bytes(self._bytes)


def prove(source: FileSource, evidence: Evidence | None, sums: Sums, stop: Stop) -> Proof:
    """Reads the file, once as a rule. Raises SourceChanged and what reading raises, and Stopped."""
    if evidence is None:
        return Proof(Verdict.MISSING, "There is no such object.")
    if evidence.size != source.size:
        return Proof(Verdict.DIFFERS, f"{source.size:,} bytes here, {evidence.size:,} bytes there.")
    claims = sorted(
        (each for each in evidence.checksums if each.algorithm in sums), key=_preference
    )
    proof: Proof | None = None
    for claim in claims:
        proof = _by_checksum(source, claim, evidence, sums, stop)
        if proof is not None:
            break
    if proof is None and evidence.etag_is_md5:
        proof = _by_etag(source, evidence, sums, stop)
    source.check_unchanged()
    return proof or Proof(Verdict.UNPROVEN, _why_not(evidence))


def _preference(claim: Checksum) -> tuple[bool, int]:
    """Those of the whole first; they need no sizes of parts."""
    return "-" in claim.value, _BEST_FIRST.index(claim.algorithm)


def _by_checksum(
    source: FileSource, claim: Checksum, evidence: Evidence, sums: Sums, stop: Stop
) -> Proof | None:
    begin = sums[claim.algorithm]
    if "-" not in claim.value:
        found = base64.b64encode(_sum(source, None, begin, stop)).decode()
        return _compared(claim, found)
    count = int(claim.value.rpartition("-")[2])
    if len(evidence.part_sizes) != count:
        return None
    digest = _joined(source, evidence.part_sizes, begin, stop)
    return _compared(claim, f"{base64.b64encode(digest).decode()}-{count}")


def _by_etag(source: FileSource, evidence: Evidence, sums: Sums, stop: Stop) -> Proof | None:
    claim, begin = Checksum("MD5", evidence.etag), sums["MD5"]
    if "-" not in evidence.etag:
        return _compared(claim, _sum(source, None, begin, stop).hex())
    count = int(evidence.etag.rpartition("-")[2])
    if len(evidence.part_sizes) == count:
        found = _joined(source, evidence.part_sizes, begin, stop).hex()
        return _compared(claim, f"{found}-{count}")
    # Whoever guesses right has proven it; whoever does not has proven nothing.
    for sizes in _likely_part_sizes(evidence.size, count):
        if f"{_joined(source, sizes, begin, stop).hex()}-{count}" == evidence.etag:
            return Proof(Verdict.SAME, checksum=claim)
    return None


def _compared(claim: Checksum, found: str) -> Proof:
    if claim.value == found:
        return Proof(Verdict.SAME, checksum=claim)
    reason = f"{claim.algorithm} is {found} here and {claim.value} there."
    return Proof(Verdict.DIFFERS, reason)


def _joined(
    source: FileSource, sizes: Sequence[int], begin: Callable[[], Running], stop: Stop
) -> bytes:
    """The sum of the parts' sums, as S3 makes it."""
    whole, offset = begin(), 0
    for number, size in enumerate(sizes, start=1):
        whole.update(_sum(source, Part(number, offset, size), begin, stop))
        offset += size
    return whole.digest()


def _sum(source: FileSource, part: Part | None, begin: Callable[[], Running], stop: Stop) -> bytes:
    running = begin()
    for block in source.body(part or Part(1, 0, source.size)).blocks():
        stop.check()
        running.update(block)
    return running.digest()


def _likely_part_sizes(size: int, count: int) -> Iterator[list[int]]:
    fitting = [each for each in _USUAL_PART_SIZES if -(-size // each) == count]
    for part_size in fitting[:_MOST_GUESSES]:
        yield equal_parts(size, part_size)


def equal_parts(size: int, part_size: int) -> list[int]:
    """Parts of one size, the last one with what is left.

    >>> equal_parts(23, 10)
    [10, 10, 3]
    """
    full, rest = divmod(size, part_size)
    return [part_size] * full + ([rest] if rest else [])


def _why_not(evidence: Evidence) -> str:
    if evidence.etag_is_md5 or any("-" in each.value for each in evidence.checksums):
        return "It was sent in parts whose sizes the service does not tell."
    return "The service keeps no checksum of it that can be compared."


class EvidenceStore(Protocol):
    def evidence(self, destination: Destination) -> Evidence | None:
        """None where there is no such object. May block; raises S3guiError."""
        ...


class Prover:
    """Compares files with objects of one service. Thread-safe."""

    def __init__(
        self, store: EvidenceStore, sums: Sums, clock: Clock, disks: Disks | None = None
    ) -> None:
        self._disks = disks or Disks()
        self._store = store
        self._sums = sums
        self._clock = clock

    def prove(
        self, path: str, depth: int, destination: Destination, stop: Stop
    ) -> tuple[Proof, Evidence | None]:
        """Blocks while the file is read, unless its disk hangs. Raises S3guiError, and Stopped."""
        access = self._disks.access(Path(path), stop)
        with FileSource(path, depth, access) as source:
            retrier = Retrier(self._clock, stop, PATIENCE)
            evidence = retrier.call(lambda: self._store.evidence(destination))
            return prove(source, evidence, self._sums, stop), evidence
