"""Which checksum goes with what is sent to a kind of service."""

from __future__ import annotations

from s3gui.adapters.crc64nvme import CRC64NVME
from s3gui.core.checksum import CRC32, ChecksumAlgorithm, Md5
from s3gui.core.provider import Provider

_CHECKSUMS: dict[str | None, ChecksumAlgorithm] = {
    None: Md5(),
    "CRC32": CRC32,
    "CRC64NVME": CRC64NVME,
}


def checksums_of(provider: Provider) -> ChecksumAlgorithm:
    return _CHECKSUMS[provider.checksum]
