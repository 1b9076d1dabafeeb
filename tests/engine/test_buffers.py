import pytest

from s3gui.core.parts import Part
from s3gui.core.provider import MIB
from s3gui.engine.buffers import BufferedBody, Buffers, ReadAnewBody
from s3gui.engine.source import FileSource


def test_a_buffer_is_used_again_when_its_part_is_done_with(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"0123456789")
    buffers = Buffers(most_bytes=10)
    with FileSource(path, buffers=buffers) as source:
        first = source.body(Part(1, 0, 5))
        assert b"".join(map(bytes, first.blocks())) == b"01234"
        kept = first._buffer
        del first
        second = source.body(Part(2, 5, 5))
        assert second._buffer is kept
        for _ in range(2):
            assert b"".join(map(bytes, second.blocks())) == b"56789"


def test_where_there_are_too_many_the_file_is_read_again_instead(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"0123456789")
    buffers = Buffers(most_bytes=12)
    with FileSource(path, buffers=buffers) as source:
        first, second = source.body(Part(1, 0, 8)), source.body(Part(2, 2, 8))
        assert isinstance(first, BufferedBody)
        assert isinstance(second, ReadAnewBody)
        assert b"".join(map(bytes, second.blocks())) == b"23456789"


def test_buffers_of_another_size_make_room():
    buffers = Buffers(most_bytes=10)
    small = buffers.take(4)
    assert buffers.take(10) is None
    buffers.give(small)
    assert len(buffers.take(10)) == 10
    assert buffers.take(1) is None


@pytest.mark.row("P-04")
def test_where_there_is_no_memory_the_file_is_read_again_instead():
    buffers = Buffers(most_bytes=2**62)
    assert buffers.take(2**61) is None
    assert buffers.take(10) == bytes(10)
    assert buffers._bytes == 10


def test_each_byte_of_a_part_is_read_once(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(bytes(range(256)) * 4096 * 3)
    reads = []
    with FileSource(path) as source:
        read_into = source._read_into
        source._read_into = lambda view, offset: (
            reads.append((offset, len(view))),
            read_into(view, offset),
        )
        body = source.body(Part(1, MIB // 2, 2 * MIB + 5))
        next(body.blocks())
        for _ in range(2):
            data = b"".join(map(bytes, body.blocks()))
    assert data == path.read_bytes()[MIB // 2 : MIB // 2 + 2 * MIB + 5]
    assert reads == [(MIB // 2, MIB), (MIB * 3 // 2, MIB), (MIB * 5 // 2, 5)]
