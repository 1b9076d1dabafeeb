import base64
import hashlib
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s3gui.practice import checksums
from s3gui.practice.checksums import ALGORITHMS, COMPOSITE, FULL_OBJECT
from s3gui.practice.errors import S3Error


def value_of(name: str, data: bytes) -> str:
    digest = ALGORITHMS[name].new()
    digest.update(data)
    return checksums.encode(digest.digest())


@pytest.mark.parametrize("name", ["CRC32", "CRC32C", "CRC64NVME"])
@given(parts=st.lists(st.binary(max_size=100), min_size=1, max_size=8))
def test_a_full_object_checksum_of_parts_is_that_of_their_bytes(name, parts):
    made = checksums.of_parts(
        ALGORITHMS[name], FULL_OBJECT, [(value_of(name, part), len(part)) for part in parts]
    )
    assert made.value == value_of(name, b"".join(parts))
    assert made.type == FULL_OBJECT


@pytest.mark.parametrize("name", ["CRC32", "CRC32C", "SHA1", "SHA256"])
def test_a_composite_checksum_is_that_of_the_parts_checksums(name):
    parts = [b"one", b"two", b"three"]
    made = checksums.of_parts(
        ALGORITHMS[name], COMPOSITE, [(value_of(name, part), len(part)) for part in parts]
    )
    joined = b"".join(base64.b64decode(value_of(name, part)) for part in parts)
    assert made.value == value_of(name, joined) + "-3"


def test_values_are_big_endian_base64():
    assert value_of("CRC32", b"x") == base64.b64encode(zlib.crc32(b"x").to_bytes(4, "big")).decode()
    assert value_of("SHA256", b"x") == base64.b64encode(hashlib.sha256(b"x").digest()).decode()


@pytest.mark.parametrize(
    ("name", "default", "allowed"),
    [
        ("CRC32", COMPOSITE, {COMPOSITE, FULL_OBJECT}),
        ("CRC32C", COMPOSITE, {COMPOSITE, FULL_OBJECT}),
        ("CRC64NVME", FULL_OBJECT, {FULL_OBJECT}),
        ("SHA1", COMPOSITE, {COMPOSITE}),
        ("SHA256", COMPOSITE, {COMPOSITE}),
    ],
)
def test_each_algorithm_has_the_types_that_aws_gives_it(name, default, allowed):
    algorithm = ALGORITHMS[name]
    assert checksums.resolve_type(algorithm, None) == default
    for wanted in (COMPOSITE, FULL_OBJECT):
        if wanted in allowed:
            assert checksums.resolve_type(algorithm, wanted) == wanted
        else:
            with pytest.raises(S3Error, match="InvalidRequest"):
                checksums.resolve_type(algorithm, wanted)
    with pytest.raises(S3Error, match="InvalidRequest"):
        checksums.resolve_type(algorithm, "HALF_OBJECT")


@pytest.mark.parametrize(
    "headers",
    [
        {"x-amz-checksum-crc32": "AAAAAA==", "x-amz-checksum-sha1": "A" * 27 + "="},
        {"x-amz-checksum-crc32": "not base64"},
        {"x-amz-checksum-crc32": "AAAA"},
        {"x-amz-checksum-xxhash64": "AAAAAAAAAAA="},
    ],
)
def test_a_checksum_header_that_cannot_be_right_is_refused(headers):
    with pytest.raises(S3Error, match="InvalidRequest"):
        checksums.sent_in(headers)


def test_the_one_checksum_of_a_request_is_found():
    headers = {"x-amz-checksum-algorithm": "CRC32", "x-amz-checksum-crc32": "AAAAAA=="}
    assert checksums.sent_in(headers) == (ALGORITHMS["CRC32"], "AAAAAA==")
    assert checksums.sent_in({"x-amz-checksum-mode": "ENABLED"}) is None
