from hypothesis import given
from hypothesis import strategies as st

from s3gui.adapters.crc64nvme import CRC64NVME
from s3gui.core.checksum import Checksum


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
