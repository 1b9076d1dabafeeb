import random
from collections.abc import Callable

import pytest
from awscrt.checksums import crc64nvme
from hypothesis import given
from hypothesis import strategies as st

from s3gui.adapters.crc64nvme import CRC64NVME, Crc64Nvme, plain_update
from s3gui.core.checksum import BytesLike, Checksum


def test_the_check_value_of_the_standard_comes_out() -> None:
    # CRC-64/NVME of "123456789" is 0xAE8B14860A799888 (the catalogue of CRCs, and NVMe's own).
    assert CRC64NVME.of([b"123456789"]) == Checksum("CRC64NVME", "rosUhgp5mIg=")


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=5))
def test_the_checksums_of_parts_combine_to_that_of_the_whole(parts: list[bytes]) -> None:
    pairs = [(CRC64NVME.of([part]), len(part)) for part in parts]

    assert CRC64NVME.whole(pairs) == CRC64NVME.of([b"".join(parts)])


@given(st.binary(max_size=300), st.integers(0, 300))
def test_how_the_bytes_are_cut_into_blocks_changes_nothing(data: bytes, at: int) -> None:
    view = memoryview(data)

    assert CRC64NVME.of([view[:at], view[at:]]) == CRC64NVME.of([bytearray(data)])


@given(st.binary(max_size=1500), st.integers(0, 2**64 - 1))
def test_plain_python_comes_to_what_the_runtime_does(data: bytes, value: int) -> None:
    assert plain_update(data, value) == crc64nvme(data, value)


@pytest.mark.parametrize("size", [0, 1, 7, 8, 23, 24, 25, 4095, 4096, 4097, 131_072])
def test_plain_python_does_it_for_any_size(size: int) -> None:
    data = random.Random(size).randbytes(size)
    assert plain_update(memoryview(data), 0) == crc64nvme(data)


def test_the_runtime_is_loaded_for_more_than_a_few_bytes_only() -> None:
    loaded = []

    def load() -> Callable[[BytesLike, int], int]:
        loaded.append(len(loaded))
        return crc64nvme

    update = Crc64Nvme(load)
    few, many = bytes(60_000), bytes(100_000)
    value = update(few, 0)
    assert loaded == []
    value = update(many, value)
    assert loaded == [0]
    value = update(few, value)
    assert loaded == [0]
    assert value == crc64nvme(few + many + few)
