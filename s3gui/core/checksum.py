"""Checksums of parts and of whole objects.

A CRC of a whole object is combined from those of its parts, so no byte is read twice. The
arithmetic is that of polynomials over GF(2): appending n bytes multiplies the CRC by x^(8n).
"""

from __future__ import annotations

import base64
import hashlib
import zlib
from binascii import b2a_base64
from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from s3gui.core.frozen import frozen

BytesLike = bytes | bytearray | memoryview


@frozen
class Checksum:
    """`algorithm` as S3 names it (`CRC64NVME`, `CRC32`, `MD5`); `value` as S3 writes it."""

    algorithm: str
    value: str


class ChecksumAlgorithm(Protocol):
    """How the bytes of a part, and of an object made of parts, are summed up."""

    @property
    def name(self) -> str: ...

    def of(self, blocks: Iterable[BytesLike]) -> Checksum:
        """The checksum of one part, or of an object sent in one request."""
        ...

    def whole(self, parts: Sequence[tuple[Checksum, int]]) -> Checksum:
        """The checksum of the object made of `parts`: (checksum, size in bytes) in order."""
        ...


@frozen
class Crc:
    """A reflected CRC with all-ones start and end, such as CRC-32 and CRC-64/NVME."""

    name: str
    width_bits: int
    polynomial: int
    update: Callable[[BytesLike, int], int]

    def of(self, blocks: Iterable[BytesLike]) -> Checksum:
        value = 0
        for block in blocks:
            value = self.update(block, value)
        return self._checksum(value)

    def whole(self, parts: Sequence[tuple[Checksum, int]]) -> Checksum:
        value = 0
        shift_by_size: dict[int, int] = {}
        for checksum, size in parts:
            shift = shift_by_size.get(size)
            if shift is None:
                shift = shift_by_size[size] = self._shift(size)
            part = int.from_bytes(base64.b64decode(checksum.value))
            value = self._multiply(shift, value) ^ part
        return self._checksum(value)

    def _checksum(self, value: int) -> Checksum:
        digest = value.to_bytes(self.width_bits // 8)
        return Checksum(self.name, b2a_base64(digest, newline=False).decode())

    def _shift(self, size_bytes: int) -> int:
        """x^(8 * size_bytes) modulo the polynomial, by repeated squaring."""
        top = 1 << (self.width_bits - 1)
        result, square = top, top >> 8
        while size_bytes:
            if size_bytes & 1:
                result = self._multiply(square, result)
            square = self._multiply(square, square)
            size_bytes >>= 1
        return result

    def _multiply(self, a: int, b: int) -> int:
        """a * b modulo the polynomial, bit-reversed as the CRC itself is."""
        product, bit = 0, 1 << (self.width_bits - 1)
        while a:
            if a & bit:
                product ^= b
                a ^= bit
            bit >>= 1
            b = (b >> 1) ^ self.polynomial if b & 1 else b >> 1
        return product


class Md5:
    """For services without checksums of their own: Content-MD5 and the ETag made of it."""

    name = "MD5"

    def of(self, blocks: Iterable[BytesLike]) -> Checksum:
        digest = hashlib.md5(usedforsecurity=False)
        for block in blocks:
            digest.update(block)
        return Checksum(self.name, digest.hexdigest())

    def whole(self, parts: Sequence[tuple[Checksum, int]]) -> Checksum:
        digests = b"".join(bytes.fromhex(checksum.value) for checksum, _ in parts)
        whole = hashlib.md5(digests, usedforsecurity=False).hexdigest()
        return Checksum(self.name, f"{whole}-{len(parts)}")


CRC32 = Crc("CRC32", 32, 0xEDB88320, zlib.crc32)
CRC64NVME_WIDTH_BITS = 64
CRC64NVME_POLYNOMIAL = 0x9A6C9329AC4BC9B5
