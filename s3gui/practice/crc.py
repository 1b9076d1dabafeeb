"""Cyclic redundancy checks: CRC-32, CRC-32C and CRC-64/NVME, and joining them.

awscrt computes them at memory speed where it is installed; the tables here are the fallback, and
what the tests hold awscrt against.
"""

import functools
import importlib
import zlib
from collections.abc import Callable
from typing import Protocol

Buffer = bytes | bytearray | memoryview


class Update(Protocol):
    def __call__(self, data: Buffer, previous: int = 0, /) -> int: ...


CRC32_POLYNOMIAL = 0xEDB88320
CRC32C_POLYNOMIAL = 0x82F63B78
CRC64NVME_POLYNOMIAL = 0x9A6C9329AC4BC9B5


def _table(polynomial: int) -> list[int]:
    table = []
    for byte in range(256):
        value = byte
        for _ in range(8):
            value = value >> 1 ^ (polynomial if value & 1 else 0)
        table.append(value)
    return table


def table_driven(polynomial: int, bits: int) -> Update:
    """A reflected CRC whose register starts and ends inverted, as all three do."""
    table, mask = _table(polynomial), (1 << bits) - 1

    def update(data: Buffer, previous: int = 0) -> int:
        value = previous ^ mask
        for byte in bytes(data):
            value = table[(value ^ byte) & 0xFF] ^ value >> 8
        return value ^ mask

    return update


@functools.cache
def _fast(name: str) -> Update | None:
    try:
        module = importlib.import_module("awscrt.checksums")
    except ImportError:
        return None
    return getattr(module, name, None)


@functools.cache
def crc32c() -> Update:
    return _fast("crc32c") or table_driven(CRC32C_POLYNOMIAL, 32)


@functools.cache
def crc64nvme() -> Update:
    return _fast("crc64nvme") or table_driven(CRC64NVME_POLYNOMIAL, 64)


def crc32() -> Update:
    return zlib.crc32


def combine(polynomial: int, bits: int) -> Callable[[int, int, int], int]:
    """A function (crc of A, crc of B, bytes in B) -> crc of A followed by B.

    Appending a zero bit is a linear map over GF(2); squaring it gives the map for 2, 4, 8 ...
    zeros, so B's length is paid for in its bits and not in its bytes.
    """

    def combined(first: int, second: int, second_bytes: int) -> int:
        for matrix in _powers(polynomial, bits):
            if second_bytes & 1:
                first = _apply(matrix, first)
            second_bytes >>= 1
            if not second_bytes:
                break
        return first ^ second

    return combined


@functools.cache
def _powers(polynomial: int, bits: int) -> tuple[list[int], ...]:
    """The maps for 1, 2, 4 ... zero bytes, up to sizes no object reaches (2**50 bytes)."""
    matrix = [polynomial, *(1 << bit for bit in range(bits - 1))]
    for _ in range(3):  # from one bit to one byte
        matrix = _square(matrix)
    powers = [matrix]
    while len(powers) <= 50:
        powers.append(_square(powers[-1]))
    return tuple(powers)


def _apply(matrix: list[int], vector: int) -> int:
    result = 0
    for column in matrix:
        if vector & 1:
            result ^= column
        vector >>= 1
    return result


def _square(matrix: list[int]) -> list[int]:
    return [_apply(matrix, column) for column in matrix]


combine_crc32 = combine(CRC32_POLYNOMIAL, 32)
combine_crc32c = combine(CRC32C_POLYNOMIAL, 32)
combine_crc64nvme = combine(CRC64NVME_POLYNOMIAL, 64)
