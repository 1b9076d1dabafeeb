"""Memory for parts, used again and again, and no more of it than is allowed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

from s3gui.core.checksum import BytesLike
from s3gui.core.provider import MIB

MOST_BYTES = 256 * MIB
_BLOCK_SIZE = MIB


class Buffers:
    """Buffers for parts. Thread-safe.

    A new buffer costs more than reading the part into it: the system has to clear it first.
    """

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._bytes = 0
        self._free: list[bytearray] = []
        self._lock = threading.Lock()

    def take(self, size: int) -> bytearray | None:
        """One of at least `size` bytes; None where there are too many already."""
        with self._lock:
            for number, buffer in enumerate(self._free):
                if size <= len(buffer) <= 2 * size:
                    return self._free.pop(number)
            while self._free and self._bytes + size > self._most_bytes:
                self._bytes -= len(self._free.pop(0))
            if self._bytes + size > self._most_bytes:
                return None
            self._bytes += size
        return bytearray(size)

    def give(self, buffer: bytearray) -> None:
        with self._lock:
            self._free.append(buffer)


class BufferedBody:
    """A range of a file, read once: what asks for its bytes first, the checksum, reads it.

    `read_into` fills a view from an offset of the file. The buffer goes back with the body.
    """

    def __init__(
        self,
        read_into: Callable[[memoryview, int], None],
        offset: int,
        size: int,
        *,
        buffer: bytearray,
        buffers: Buffers,
    ) -> None:
        self.size = size
        self._read_into = read_into
        self._offset = offset
        self._buffer = buffer
        self._buffers = buffers
        self._filled = 0

    def blocks(self) -> Iterator[BytesLike]:
        view = memoryview(self._buffer)
        for start in range(0, self.size, _BLOCK_SIZE):
            end = min(start + _BLOCK_SIZE, self.size)
            if self._filled < end:
                self._read_into(view[start:end], self._offset + start)
                self._filled = end
            yield view[start:end]

    def __del__(self) -> None:
        self._buffers.give(self._buffer)
