import os
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s3gui.core.errors import (
    SourceChanged,
    SourceMissing,
    SourceNotAFile,
    SourceUnreadable,
    TooLarge,
)
from s3gui.core.parts import Part, plan_parts
from s3gui.core.provider import AWS, MIB, Limits
from s3gui.engine.buffers import ReadAnewBody
from s3gui.engine.source import FileSource, MemoryBody
from s3gui.engine.stream import StreamSource

SMALL = Limits(min_part_size=5, max_part_size=20, max_parts=40, max_object_size=400)


def joined(body):
    return b"".join(bytes(block) for block in body.blocks())


def parts_of(stream):
    first = stream.whole(0)
    if first is not None:
        return [joined(first)]
    return [joined(piece.body()) for piece in stream.pieces(())]


def test_a_file_is_read_in_parts_and_can_be_read_again(tmp_path):
    data = os.urandom(3 * MIB + 17)
    path = tmp_path / "file.bin"
    path.write_bytes(data)
    with FileSource(path) as source:
        plan = plan_parts(len(data), Limits(min_part_size=MIB), MIB)
        bodies = [piece.body() for piece in source.pieces(plan)]
        assert b"".join(map(joined, bodies)) == data
        assert joined(bodies[1]) == joined(bodies[1])
        assert source.size == len(data)
        source.check_unchanged()


def test_a_large_part_stays_on_the_disk(tmp_path):
    path = tmp_path / "sparse.bin"
    path.touch()
    os.truncate(path, 200 * MIB)
    with FileSource(path) as source:
        tracemalloc.start()
        body = source.body(Part(1, 0, 200 * MIB))
        assert isinstance(body, ReadAnewBody)
        assert sum(len(block) for block in body.blocks()) == 200 * MIB
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert peak < 8 * MIB


def test_a_small_file_is_whole_and_a_larger_one_is_not(tmp_path):
    path = tmp_path / "a"
    path.write_bytes(b"12345")
    with FileSource(path) as source:
        assert joined(source.whole(5)) == b"12345"
        assert source.whole(4) is None


@pytest.mark.parametrize(
    "change",
    [
        lambda path: path.write_bytes(path.read_bytes() + b"more"),
        lambda path: os.truncate(path, 1),
        lambda path: os.utime(path, (1, 1)),
        lambda path: path.chmod(0o640),
    ],
    ids=["appended", "truncated", "touched", "rights changed"],
)
def test_a_file_that_changes_is_noticed(tmp_path, change):
    path = tmp_path / "a"
    path.write_bytes(b"12345")
    with FileSource(path) as source:
        change(path)
        with pytest.raises(SourceChanged, match="changed"):
            source.check_unchanged()


def test_a_file_replaced_by_another_is_still_read_as_it_was(tmp_path):
    path = tmp_path / "a"
    path.write_bytes(b"old")
    (tmp_path / "b").write_bytes(b"new")
    with FileSource(path) as source:
        (tmp_path / "b").replace(path)
        assert joined(source.whole(10)) == b"old"


def test_a_truncated_file_is_an_error_and_never_a_short_part(tmp_path):
    path = tmp_path / "a"
    path.write_bytes(b"1234567890")
    with FileSource(path) as source:
        os.truncate(path, 4)
        with pytest.raises(SourceChanged, match="shorter"):
            list(source.body(Part(1, 0, 10)).blocks())


def test_what_cannot_be_read_is_said_in_one_sentence(tmp_path):
    with pytest.raises(SourceMissing, match="does not exist"):
        FileSource(tmp_path / "missing")
    with pytest.raises(SourceNotAFile, match="not a regular file"):
        FileSource(tmp_path)
    os.mkfifo(tmp_path / "fifo")
    with pytest.raises(SourceNotAFile, match="not a regular file"):
        FileSource(tmp_path / "fifo")
    with pytest.raises(SourceNotAFile):
        FileSource("/dev/zero")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    with pytest.raises(SourceUnreadable, match="cannot be read"):
        FileSource(tmp_path / "loop")


@pytest.mark.row("F-13")
@given(st.lists(st.binary(max_size=40), max_size=9))
def test_a_stream_is_cut_anew_and_loses_no_byte(chunks):
    data = b"".join(chunks)
    parts = parts_of(StreamSource(chunks, SMALL))
    assert b"".join(parts) == data
    assert [len(part) for part in parts[:-1]] == [5] * (len(parts) - 1)
    assert len(parts) == max(1, -(-len(data) // 5))


@pytest.mark.row("F-13")
def test_exact_multiples_make_no_empty_last_part():
    assert parts_of(StreamSource([b"0123456789"], SMALL)) == [b"01234", b"56789"]


@pytest.mark.row("F-13")
def test_an_empty_stream_is_one_empty_body():
    assert parts_of(StreamSource([], SMALL)) == [b""]
    assert parts_of(StreamSource([b"", b""], SMALL)) == [b""]


def test_empty_chunks_in_the_middle_end_nothing():
    assert parts_of(StreamSource([b"abc", b"", b"def"], SMALL)) == [b"abcde", b"f"]


def test_any_bytes_like_chunk_is_taken():
    chunks = [bytearray(b"abc"), memoryview(b"defg"), b"h"]
    assert b"".join(parts_of(StreamSource(chunks, SMALL))) == b"abcdefgh"


def test_a_stream_is_read_no_further_than_asked():
    taken = []

    def chunks():
        for number in range(100):
            taken.append(number)
            yield bytes(5)

    stream = StreamSource(chunks(), SMALL)
    pieces = stream.pieces(())
    next(pieces)
    assert len(taken) <= 2


@pytest.mark.row("F-13")
def test_a_stream_that_never_ends_is_refused_where_the_service_ends():
    with pytest.raises(TooLarge, match="longer than this service allows"):
        parts_of(StreamSource((bytes(5) for _ in range(1000)), SMALL))


def test_a_large_part_of_a_stream_waits_in_a_file():
    stream = StreamSource((bytes(MIB) for _ in range(80)), AWS.limits, 64 * MIB)
    tracemalloc.start()
    assert stream.whole(0) is None
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 8 * MIB
    sizes = [piece.body().size for piece in stream.pieces(())]
    assert sizes == [64 * MIB, 16 * MIB]
    assert stream.size == 80 * MIB


@pytest.mark.parametrize(("part_size", "most"), [(5, 25), (32, 4), (64, 8)])
def test_no_more_parts_of_a_stream_are_there_at_once_than_there_is_memory_for(part_size, most):
    stream = StreamSource([b"a"], AWS.limits, part_size * MIB)
    stream.whole(0)
    assert stream.most_pieces == most


def test_a_body_in_memory_hands_out_views_and_copies_nothing():
    data = bytes(3 * MIB)
    blocks = list(MemoryBody(data).blocks())
    assert [len(block) for block in blocks] == [MIB] * 3
    assert all(block.obj is data for block in blocks)
