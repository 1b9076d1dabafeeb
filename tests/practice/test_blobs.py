import pytest
from hypothesis import given
from hypothesis import strategies as st

from s3gui.practice.blobs import Blobs, Piece, StoredContent, slice_pieces


@pytest.fixture
def blobs(tmp_path):
    return Blobs(tmp_path / "blobs")


def stored(blobs, data):
    with blobs.create() as writer:
        writer.write(memoryview(data))
        return writer.keep()


def files(tmp_path):
    return sorted(path.name for path in tmp_path.rglob("*") if path.is_file())


def test_a_blob_that_is_not_kept_is_gone(blobs, tmp_path):
    with blobs.create() as writer:
        writer.write(memoryview(b"half"))
    assert files(tmp_path) == []
    name = stored(blobs, b"whole")
    assert files(tmp_path) == [name]


def test_a_blob_that_is_read_outlives_its_removal(blobs, tmp_path):
    name = stored(blobs, b"hello")
    first = StoredContent(blobs, [Piece(name, 1, 3)])
    second = StoredContent(blobs, [Piece(name, 0, 5)])
    blobs.remove([name])
    buffer = memoryview(bytearray(2))
    assert [bytes(buffer[:count]) for count in first.read(buffer)] == [b"el", b"l"]
    first.close()
    first.close()
    assert files(tmp_path) == [name]
    second.close()
    assert files(tmp_path) == []


def test_files_that_nothing_knows_are_swept(blobs, tmp_path):
    known, stray = stored(blobs, b"1"), stored(blobs, b"2")
    blobs.sweep({known})
    assert files(tmp_path) == [known] != [stray]


@given(sizes=st.lists(st.integers(0, 20), max_size=6), start=st.integers(0, 60), data=st.data())
def test_a_slice_of_pieces_is_the_slice_of_their_bytes(sizes, start, data):
    whole, pieces = b"", []
    for number, size in enumerate(sizes):
        whole += bytes([number]) * size
        pieces.append((str(number), size))
    length = data.draw(st.integers(0, 80))
    found = slice_pieces(pieces, start, length)
    assert (
        b"".join(bytes([int(piece.blob)]) * piece.size_bytes for piece in found)
        == whole[start : start + length]
    )
    assert all(piece.offset + piece.size_bytes <= sizes[int(piece.blob)] for piece in found)
