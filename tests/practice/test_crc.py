import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s3gui.practice import crc

TABLES = {
    "crc32": crc.table_driven(crc.CRC32_POLYNOMIAL, 32),
    "crc32c": crc.table_driven(crc.CRC32C_POLYNOMIAL, 32),
    "crc64nvme": crc.table_driven(crc.CRC64NVME_POLYNOMIAL, 64),
}
# Check values of the "Catalogue of parametrised CRC algorithms", all of the text "123456789".
CHECKS = {"crc32": 0xCBF43926, "crc32c": 0xE3069283, "crc64nvme": 0xAE8B14860A799888}
COMBINE = {
    "crc32": crc.combine_crc32,
    "crc32c": crc.combine_crc32c,
    "crc64nvme": crc.combine_crc64nvme,
}
names = pytest.mark.parametrize("name", sorted(TABLES))


@names
def test_the_tables_give_the_published_check_values(name):
    assert TABLES[name](b"123456789") == CHECKS[name]


@names
@given(first=st.binary(max_size=200), second=st.binary(max_size=200))
def test_the_fast_ones_agree_with_the_tables(name, first, second):
    fast, slow = getattr(crc, name)(), TABLES[name]
    assert fast(first) == slow(first)
    assert (
        fast(memoryview(second), fast(first)) == slow(second, slow(first)) == slow(first + second)
    )


def test_crc32_is_zlibs():
    assert crc.crc32() is zlib.crc32


@names
@given(first=st.binary(max_size=200), second=st.binary(max_size=200))
def test_two_values_combine_into_that_of_both(name, first, second):
    update = TABLES[name]
    combined = COMBINE[name](update(first), update(second), len(second))
    assert combined == update(first + second)


@names
def test_combining_spans_the_largest_parts(name):
    """5 GiB of zeros are joined in 33 steps; checked by joining them half by half."""
    join = COMBINE[name]
    value, size = TABLES[name](bytes(1024)), 1024
    while size < 5 * 1024**3:
        value, size = join(value, value, size), size * 2
    assert value == join(TABLES[name](b""), value, size)


def test_there_is_a_fallback_where_awscrt_is_missing(monkeypatch):
    def missing(name):
        raise ImportError(name)

    monkeypatch.setattr(crc.importlib, "import_module", missing)
    for function in (crc._fast, crc.crc32c, crc.crc64nvme):
        function.cache_clear()
    try:
        assert crc.crc32c()(b"123456789") == CHECKS["crc32c"]
        assert crc.crc64nvme()(b"123456789") == CHECKS["crc64nvme"]
    finally:
        for function in (crc._fast, crc.crc32c, crc.crc64nvme):
            function.cache_clear()
