import array
import gzip
import io

import pytest

from s3gui.driver.chunks import chunks_of, known_size


@pytest.mark.parametrize(
    ("source", "chunks"),
    [
        (iter([b"ab", b"c"]), [b"ab", b"c"]),
        ([b"ab", b"c"], [b"ab", b"c"]),
        ((b"ab",), [b"ab"]),
        ((chunk for chunk in [b"ab", b"", b"c"]), [b"ab", b"", b"c"]),
        (["ä", b"c"], ["ä".encode(), b"c"]),
        ([bytearray(b"ab"), memoryview(b"cd"), memoryview(b"efgh")[::2]], [b"ab", b"cd", b"eg"]),
        ([array.array("H", [1, 2])], [array.array("H", [1, 2]).tobytes()]),
        ([], []),
        (io.BytesIO(b"abc"), [b"abc"]),
        (io.StringIO("äb"), ["äb".encode()]),
        (io.BytesIO(b""), []),
    ],
)
def test_whatever_yields_bytes_is_taken(source, chunks):
    assert list(chunks_of(source)) == chunks


@pytest.mark.parametrize("source", [b"abc", "abc", bytearray(b"abc"), memoryview(b"abc"), None, 7])
def test_what_is_one_value_instead_of_many_is_refused_at_once(source):
    with pytest.raises(TypeError):
        chunks_of(source)


@pytest.mark.parametrize("chunk", [65, None, 1.5, {"a": 1}])
def test_a_chunk_without_bytes_is_refused_when_it_comes(chunk):
    chunks = chunks_of(iter([b"good", chunk]))

    assert next(chunks) == b"good"
    with pytest.raises(TypeError, match=type(chunk).__name__):
        next(chunks)


def test_a_file_is_read_from_where_it_stands_and_stays_open():
    file = io.BytesIO(b"skipped" + b"x" * 3_000_000)
    file.seek(7)

    assert b"".join(chunks_of(file)) == b"x" * 3_000_000
    assert not file.closed


def test_a_file_that_does_not_wait_for_its_bytes_is_refused():
    class NonBlocking:
        def read(self, _size):
            return None

    with pytest.raises(TypeError, match="wait"):
        next(chunks_of(NonBlocking()))


def test_a_buffer_may_be_used_again_after_it_was_yielded():
    def chunks():
        buffer = bytearray(b"first")
        yield buffer
        buffer.clear()
        buffer += b"the second"
        yield buffer

    assert b"".join(chunks_of(chunks())) == b"firstthe second"


def test_only_a_plain_file_knows_how_much_is_left(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"0123456789")
    with path.open("rb") as file:
        file.seek(4)
        assert known_size(file) == 6
    assert known_size(file) is None, "it is closed"
    with path.open("rb", buffering=0) as file:
        assert known_size(file) == 10
    with path.open() as file:
        assert known_size(file) is None, "characters are not bytes"
    with gzip.open(path) as file:
        assert known_size(file) is None, "the size of what is compressed says nothing"
    assert known_size(io.BytesIO(b"abc")) == 3
    assert known_size(iter([b"abc"])) is None
