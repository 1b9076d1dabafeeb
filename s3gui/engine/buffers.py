"""Memory for parts, used again and again, and no more of it than is allowed."""

from __future__ import annotations

import mmap
import sys
import threading
from collections.abc import Callable, Iterator

from s3gui.core.checksum import BytesLike
from s3gui.core.frozen import frozen
from s3gui.core.provider import MIB

MOST_BYTES = 64 * MIB
_BLOCK_SIZE = MIB
_SMALL_BLOCK_SIZE = MIB // 4
"""What stays in the processor's own memory from the read to the sending."""

ReadInto = Callable[[memoryview, int], None]
"""Fills a view from an offset of the file."""


class Buffers:
    """Buffers for parts. Thread-safe.

    A new buffer costs more than reading the part into it: the system has to clear it first.
    """

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._bytes = 0
        self._free: list[memoryview] = []
        self._lock = threading.Lock()

    def take(self, size: int) -> memoryview | None:
        """One of at least `size` bytes; None where there are too many, or no memory for it."""
        with self._lock:
            for number, buffer in enumerate(self._free):
                if size <= len(buffer) <= 2 * size:
                    return self._free.pop(number)
            while self._free and self._bytes + size > self._most_bytes:
                self._bytes -= len(self._free.pop(0))
            if self._bytes + size > self._most_bytes:
                return None
            self._bytes += size
        try:
            return pages(size)
        except MemoryError:
            with self._lock:
                self._bytes -= size
            return None

    def give(self, buffer: memoryview) -> None:
        with self._lock:
            self._free.append(buffer)


def pages(size: int) -> memoryview:
    """New memory of `size` bytes, not 0, at the start of a page. Raises MemoryError.

    The system copies a file into it three times as fast as into a bytearray, which starts a few
    bytes behind, and clears it only as it is filled.
    """
    try:
        if sys.platform == "win32":
            return memoryview(mmap.mmap(-1, size))
        return memoryview(mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS))
    except OSError as error:
        raise MemoryError(str(error)) from error


class BufferedBody:
    """A range of a file, read once: what asks for its bytes first, the checksum, reads it.

    The buffer goes back with the body.
    """

    def __init__(
        self,
        read_into: ReadInto,
        offset: int,
        size: int,
        *,
        buffer: memoryview,
        buffers: Buffers,
    ) -> None:
        self.size = size
        self._read_into = read_into
        self._offset = offset
        self._buffer = buffer
        self._buffers = buffers
        self._filled = 0

    def blocks(self) -> Iterator[BytesLike]:
        view = self._buffer
        for start in range(0, self.size, _BLOCK_SIZE):
            end = min(start + _BLOCK_SIZE, self.size)
            if self._filled < end:
                self._read_into(view[start:end], self._offset + start)
                self._filled = end
            yield view[start:end]

    def __del__(self) -> None:
        self._buffers.give(self._buffer)


@frozen
class ReadAnewBody:
    """A range of a file, read anew each time: memory stays small for any size."""

    read_into: ReadInto
    offset: int
    size: int

    def blocks(self) -> Iterator[BytesLike]:
        view = pages(min(self.size, _SMALL_BLOCK_SIZE)) if self.size else memoryview(b"")
        for start in range(0, self.size, _SMALL_BLOCK_SIZE):
            block = view[: min(_SMALL_BLOCK_SIZE, self.size - start)]
            self.read_into(block, self.offset + start)
            yield block
