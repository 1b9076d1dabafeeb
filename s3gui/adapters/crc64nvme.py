"""CRC-64/NVME, the checksum that S3 computes over whole objects, by the AWS runtime's code."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from s3gui.core.checksum import (
    CRC64NVME_POLYNOMIAL,
    CRC64NVME_WIDTH_BITS,
    BytesLike,
    Crc,
)


@cache
def _of_the_runtime() -> Callable[[BytesLike, int], int]:
    """Imported when the first byte is summed up: it costs a tenth of a second."""
    from awscrt.checksums import crc64nvme

    update: Callable[[BytesLike, int], int] = crc64nvme
    return update


def _update(block: BytesLike, value: int) -> int:
    return _of_the_runtime()(block, value)


CRC64NVME = Crc("CRC64NVME", CRC64NVME_WIDTH_BITS, CRC64NVME_POLYNOMIAL, _update)
