"""Bytes that come once and in order, cut into parts that can be sent again."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from functools import partial

from s3gui.core.archive import ArchiveManifest
from s3gui.core.checksum import BytesLike
from s3gui.core.errors import S3guiError, TooLarge
from s3gui.core.parts import Part, growing_part_sizes
from s3gui.core.provider import MIB, Limits
from s3gui.engine.buffers import pages
from s3gui.engine.ports import Body
from s3gui.engine.source import MEMORY_PART_SIZE, FileBody, MemoryBody, Piece

_MOST_BYTES = 128 * MIB
"""Of memory that the parts under way take."""

_MOST_IN_FILES = 8


class StreamSource:
    """Chunks of any size, cut anew into parts that grow; nobody knows where they end.

    Only as many parts exist at a time as are asked for. A part of more than 32 MiB waits in a
    temporary file, because a retry must be able to send it again. Empty chunks are passed over.
    `expected_size`, in bytes, is a guess at the whole: parts need not grow before that.
    """

    is_repeatable = False
    identity = None

    def __init__(
        self,
        chunks: Iterable[BytesLike],
        limits: Limits,
        first_part_size: int | None = None,
        *,
        expected_size: int = 0,
    ) -> None:
        self._chunks = iter(chunks)
        self._rest: memoryview = memoryview(b"")
        self._sizes = growing_part_sizes(limits, first_part_size, expected_size)
        self._limits = limits
        self._first: Body | None = None
        self._part_size = 0
        self._most_bytes = _MOST_BYTES
        self.size: int | None = None

    @property
    def manifest(self) -> ArchiveManifest | None:
        return None

    @property
    def most_pieces(self) -> int:
        if self._part_size > MEMORY_PART_SIZE:
            return _MOST_IN_FILES
        return self._most_bytes // max(1, self._part_size)

    def check_unchanged(self) -> None:
        """A stream is what it yields."""

    def whole(self, at_most: int) -> Body | None:
        """The first part, if the stream ends with it; `at_most` is the first part's own size."""
        del at_most
        self._first = self._read_part()
        if self._has_more():
            return None
        self.size = self._first.size
        return self._first

    def pieces(self, parts: Iterable[Part]) -> Iterator[Piece]:
        del parts
        number, offset = 1, 0
        while True:
            body = self._first if self._first is not None else self._read_part()
            self._first = None
            part = Part(number, offset, body.size)
            number, offset = number + 1, offset + body.size
            has_more = self._has_more()
            if not has_more:
                self.size = offset
            yield Piece(part, partial(_itself, body))
            if not has_more:
                return
            if offset >= self._limits.max_object_size:
                raise self._too_long()

    def _read_part(self) -> Body:
        size = next(self._sizes, None)
        if size is None:
            raise self._too_long()
        self._part_size = size
        if size <= MEMORY_PART_SIZE:
            memory, length = pages(size), 0
            for block in self._take(size):
                memory[length : length + len(block)] = block
                length += len(block)
            return MemoryBody(memory[:length])
        spool = _Spool()
        length = sum(spool.write(block) for block in self._take(size))
        return FileBody(spool.read_at, 0, length)

    def _take(self, size: int) -> Iterator[memoryview]:
        while size and self._has_more():
            block, self._rest = self._rest[:size], self._rest[size:]
            size -= len(block)
            yield block

    def _has_more(self) -> bool:
        while not self._rest:
            chunk = next(self._chunks, None)
            if chunk is None:
                return False
            self._rest = memoryview(chunk).cast("B")
        return True

    @staticmethod
    def _too_long() -> S3guiError:
        return TooLarge(
            "The stream is longer than this service allows with parts of this size.",
            hint="Start with a larger part size.",
        )


def _itself(body: Body) -> Body:
    return body


class _Spool:
    """A part on its way through a temporary file, which goes when nobody needs it any more."""

    def __init__(self) -> None:
        import tempfile  # seldom needed, and large

        self._file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 - closed with its part
        self._lock = threading.Lock()

    def write(self, block: BytesLike) -> int:
        left = memoryview(block)
        while left:
            left = left[self._file.write(left) :]
        return len(block)

    def read_at(self, offset: int, length: int) -> bytes:
        with self._lock:
            self._file.seek(offset)
            return self._file.read(length)

    def __del__(self) -> None:
        self._file.close()
