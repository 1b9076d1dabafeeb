"""A whole object's checksum, made of its parts' checksums, is that of the whole."""

import base64
import hashlib
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s3gui.core.checksum import CRC32, CRC64NVME_POLYNOMIAL, CRC64NVME_WIDTH_BITS, Crc, Md5


def slow_crc64nvme(data, start):
    """Bit by bit, from the definition."""
    value = start ^ 0xFFFF_FFFF_FFFF_FFFF
    for byte in bytes(data):
        value ^= byte
        for _ in range(8):
            value = (value >> 1) ^ CRC64NVME_POLYNOMIAL if value & 1 else value >> 1
    return value ^ 0xFFFF_FFFF_FFFF_FFFF


SLOW_CRC64NVME = Crc("CRC64NVME", CRC64NVME_WIDTH_BITS, CRC64NVME_POLYNOMIAL, slow_crc64nvme)


def test_the_crcs_give_the_published_check_values():
    check = [b"123456789"]
    assert base64.b64decode(CRC32.of(check).value).hex() == "cbf43926"
    assert base64.b64decode(SLOW_CRC64NVME.of(check).value).hex() == "ae8b14860a799888"


@pytest.mark.parametrize("algorithm", [CRC32, SLOW_CRC64NVME], ids=lambda each: each.name)
@given(parts=st.lists(st.binary(max_size=40), min_size=1, max_size=8))
def test_combining_the_parts_gives_the_checksum_of_the_whole(algorithm, parts):
    pairs = [(algorithm.of([part]), len(part)) for part in parts]
    assert algorithm.whole(pairs) == algorithm.of([b"".join(parts)])


@given(st.lists(st.binary(max_size=50), max_size=6))
def test_how_the_bytes_are_cut_into_blocks_does_not_matter(blocks):
    for algorithm in (CRC32, Md5()):
        assert algorithm.of(blocks) == algorithm.of([b"".join(blocks)])


def test_parts_of_gigabytes_combine_at_once():
    megabyte = bytes(1024**2)
    part = CRC32.of([megabyte] * 64)
    whole = CRC32.whole([(part, 64 * 1024**2)] * 3)
    value = 0
    for _ in range(3 * 64):
        value = zlib.crc32(megabyte, value)
    assert base64.b64decode(whole.value) == value.to_bytes(4)


def test_md5_of_a_multipart_object_is_its_etag():
    parts = [b"a" * 10, b"b"]
    md5 = Md5()
    pairs = [(md5.of([part]), len(part)) for part in parts]
    digests = b"".join(hashlib.md5(part, usedforsecurity=False).digest() for part in parts)
    expected = hashlib.md5(digests, usedforsecurity=False).hexdigest()
    assert md5.whole(pairs).value == f"{expected}-2"
