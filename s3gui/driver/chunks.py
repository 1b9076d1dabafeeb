"""What callers hand over to be uploaded, as plain chunks of bytes."""

from __future__ import annotations

import io
import os
import stat
from collections.abc import Callable, Iterable, Iterator
from typing import Any

_READ_SIZE = 1024 * 1024


def chunks_of(source: Any) -> Iterator[bytes]:
    """The chunks of a file object (from where it stands), or of any iterable of bytes.

    Chunks may be bytes, bytearray, memoryview or any other buffer, or str (sent as UTF-8). For
    what has a `read` method an empty chunk is the end; anything else may yield empty chunks.
    Raises TypeError at once for what is neither, and for one bytes or str instead of many;
    while iterating for a chunk that holds no bytes, numbers among them.
    """
    if source is None or isinstance(source, str | bytes | bytearray | memoryview):
        raise TypeError(
            f"an iterable of bytes or a file object is needed, not {type(source).__name__}; "
            "wrap a single value in a list"
        )
    read = getattr(source, "read", None)
    chunks: Iterable[Any] = iter(source) if read is None else _pieces(read)
    return _bytes_of(chunks)


def known_size(source: Any) -> int | None:
    """How many bytes a plain file object still has; None where nobody can say for sure."""
    if isinstance(source, io.BytesIO):
        return max(0, len(source.getbuffer()) - source.tell())
    raw = getattr(source, "raw", source)  # not for what decompresses: it has no such `raw`
    if not isinstance(raw, io.FileIO):
        return None
    try:
        status = os.fstat(raw.fileno())
        return max(0, status.st_size - source.tell()) if stat.S_ISREG(status.st_mode) else None
    except (OSError, ValueError):
        return None


def _pieces(read: Callable[[int], Any]) -> Iterator[Any]:
    while True:
        piece = read(_READ_SIZE)
        if piece is None:
            raise TypeError("the file object's read() gave None: it must wait for its bytes")
        if len(piece) == 0:
            return
        yield piece


def _bytes_of(chunks: Iterable[Any]) -> Iterator[bytes]:
    for chunk in chunks:
        if isinstance(chunk, bytes):
            yield chunk
        elif isinstance(chunk, str):
            yield chunk.encode()
        else:
            # A copy: the caller may use its buffer again as soon as it is asked for more.
            yield bytes(_buffer(chunk))


def _buffer(chunk: Any) -> memoryview:
    try:
        return memoryview(chunk)
    except TypeError:
        raise TypeError(f"a chunk must be bytes or str, not {type(chunk).__name__}") from None
