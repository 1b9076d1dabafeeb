"""Where bytes come from: what every source can do, and files, which can be read anywhere."""

from __future__ import annotations

import errno
import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, Protocol, Self, TypeVar

from s3gui.core.archive import ArchiveManifest
from s3gui.core.checksum import BytesLike
from s3gui.core.errors import SourceChanged, SourceNotAFile
from s3gui.core.frozen import frozen
from s3gui.core.parts import Part
from s3gui.core.provider import MIB
from s3gui.core.transfer import SourceIdentity
from s3gui.engine.buffers import BufferedBody, Buffers, ReadAnewBody
from s3gui.engine.disks import DIRECT, Access
from s3gui.engine.opening import input_error, open_regular
from s3gui.engine.ports import Body

Result = TypeVar("Result")
_Mark = tuple[int, int, int, int, int]
"""The values of a SourceIdentity."""

_CAN_READ_INTO = hasattr(os, "preadv")
_CAN_READ_AT = hasattr(os, "pread")
_BLOCK_SIZE = MIB
MEMORY_PART_SIZE = 32 * MIB
"""Larger parts are read from their file, or spooled to one, instead of kept in memory."""

_READS_AGAIN = 3
"""How often a disk that reports an error of its own is asked again."""

_TICK_SECONDS = 0.02
_TICK_NANOSECONDS = 20_000_000
_MOST_LOOKS = 10


class MemoryBody:
    """A body that is held in memory."""

    __slots__ = ("_only", "data", "size")

    def __init__(self, data: BytesLike) -> None:
        self.data = data
        self.size = len(data)
        # It is gone through three times: to be summed up, to be signed and to be sent.
        self._only = (memoryview(data),) if 0 < self.size <= _BLOCK_SIZE else None

    def blocks(self) -> Iterator[BytesLike]:
        if self._only is not None:
            return iter(self._only)
        view = memoryview(self.data)
        return (view[start : start + _BLOCK_SIZE] for start in range(0, self.size, _BLOCK_SIZE))


@frozen
class FileBody:
    """A range of an open file, read anew each time: memory stays small for any size."""

    read_at: Callable[[int, int], bytes]
    offset: int
    size: int

    def blocks(self) -> Iterator[BytesLike]:
        end = self.offset + self.size
        for start in range(self.offset, end, _BLOCK_SIZE):
            yield self.read_at(start, min(_BLOCK_SIZE, end - start))


@frozen
class Piece:
    """A part and how to get at its bytes; `body` is called in the worker that sends it."""

    part: Part
    body: Callable[[], Body]


class Source(Protocol):
    """What `upload` reads. Used by one upload at a time."""

    @property
    def size(self) -> int | None:
        """Bytes in all; None while nobody knows."""
        ...

    @property
    def identity(self) -> SourceIdentity | None:
        """What a change shows in; None where nothing can be compared."""
        ...

    @property
    def is_repeatable(self) -> bool:
        """Whether the bytes can be had again, so that an upload can be resumed later."""
        ...

    @property
    def manifest(self) -> ArchiveManifest | None:
        """What went into an archive so far; None for what is none."""
        ...

    @property
    def most_pieces(self) -> int | None:
        """How many pieces may be there at once, by the memory they take; None for any number."""
        ...

    def check_unchanged(self) -> None:
        """Raise SourceChanged if the source is not what it was when it was opened."""
        ...

    def whole(self, at_most: int) -> Body | None:
        """Everything as one body if it has no more than `at_most` bytes, else None."""
        ...

    def pieces(self, parts: Iterable[Part]) -> Iterator[Piece]:
        """The pieces of these parts; a stream makes its own parts and ignores `parts`."""
        ...


class FileSource:
    """A regular file, held open by one handle: it stays one file even if it is replaced.

    `depth`: how many of the path's last names may not be links; see `Transfer.depth`.
    `access`: how its disk is called. Raises SourceMissing, SourceUnreadable, SourceNotAFile; with
    an access that is patient no longer than it must be also SourceStalled and Stopped, as all
    methods do then. Never blocks on a pipe or a device.
    """

    is_repeatable = True
    manifest = None
    most_pieces = None

    def __init__(
        self,
        path: str | os.PathLike[str],
        depth: int = 0,
        access: Access = DIRECT,
        buffers: Buffers | None = None,
    ) -> None:
        self.path = os.fspath(path)
        self._access = access
        self._buffers = buffers or Buffers()
        self._seek_lock = threading.Lock()
        self._is_direct = access is DIRECT
        if self._is_direct:  # nearly always, and then each small file is opened and read here
            self._open(depth)
        else:
            self._file, self.identity = access.call(partial(self._open, depth), _close_opened)

    @property
    def _name(self) -> str:
        return Path(self.path).name

    def _open(self, depth: int) -> tuple[int, SourceIdentity]:
        self._file, status = open_regular(self.path, depth)
        try:
            self._mark = self._settled_mark(status)
            self.identity = SourceIdentity(*self._mark)
            if not self.identity.size:
                self._check_truly_empty()
        except BaseException as error:
            os.close(self._file)
            if isinstance(error, OSError):
                raise input_error(self.path, error) from error
            raise
        return self._file, self.identity

    def _settled_mark(self, status: os.stat_result) -> _Mark:
        """With times that no later write can bear too.

        File systems stamp in ticks of up to 10 ms: a write in the tick of the one before it
        would change nothing but the bytes. A file just written is therefore looked at again.
        """
        for _ in range(_MOST_LOOKS):
            now = time.time_ns()
            if (
                abs(now - status.st_mtime_ns) > _TICK_NANOSECONDS
                and abs(now - status.st_ctime_ns) > _TICK_NANOSECONDS
            ):
                break
            time.sleep(_TICK_SECONDS)
            status = os.fstat(self._file)
        return _mark(status)

    def _check_truly_empty(self) -> None:
        """What the kernel makes up as it is read, as in /proc, calls itself empty and is not."""
        if self._pread(1, 0):
            self._compare()
            raise SourceNotAFile(f"“{self._name}” is not a regular file: it has no size.")

    @property
    def size(self) -> int:
        return self.identity.size

    def check_unchanged(self) -> None:
        if self._is_direct:
            self._compare()
        else:
            self._access.call(self._compare)

    def _compare(self) -> None:
        try:
            now = _mark(os.fstat(self._file))
        except OSError as error:
            raise input_error(self.path, error) from error
        if now != self._mark:
            raise SourceChanged(f"“{self._name}” changed while it was being sent.")

    def whole(self, at_most: int) -> Body | None:
        size = self.identity.size
        if size > at_most:
            return None
        if size <= _BLOCK_SIZE:
            return MemoryBody(self.read_at(0, size))
        return self.body(Part(1, 0, size))

    def pieces(self, parts: Iterable[Part]) -> Iterator[Piece]:
        return (Piece(part, partial(self.body, part)) for part in parts)

    def blocks(self) -> Iterator[BytesLike]:
        """The whole file, read once. Raises SourceChanged if it did not stay what it was."""
        yield from FileBody(self.read_at, 0, self.size).blocks()
        self.check_unchanged()

    def body(self, part: Part) -> Body:
        # Read once: the checksum, the signature and the sending all want the same bytes.
        buffer = self._buffers.take(part.length) if part.length <= MEMORY_PART_SIZE else None
        if buffer is None:
            return ReadAnewBody(self._read_into, part.offset, part.length)
        return BufferedBody(
            self._read_into, part.offset, part.length, buffer=buffer, buffers=self._buffers
        )

    def _read_into(self, view: memoryview, offset: int) -> None:
        """All of `view`. Raises SourceChanged where the file is shorter."""
        if not (_CAN_READ_INTO and self._is_direct):
            # A call that nobody waits for any more must not write into another's buffer.
            view[:] = self.read_at(offset, len(view))
            return
        rest = view
        while rest:
            try:
                count = self._again(os.preadv, self._file, [rest], offset)
            except OSError as error:
                raise input_error(self.path, error) from error
            if not count:
                raise self._became_shorter()
            rest, offset = rest[count:], offset + count

    def read_at(self, offset: int, length: int) -> bytes:
        """Exactly `length` bytes from `offset`. Raises SourceChanged where the file is shorter."""
        if self._is_direct:
            return self._read_at(offset, length)
        return self._access.call(partial(self._read_at, offset, length))

    def _read_at(self, offset: int, length: int) -> bytes:
        blocks: list[bytes] = []
        missing = length
        try:
            while missing:
                block = self._pread(missing, offset + length - missing)
                if not block:
                    raise self._became_shorter()
                blocks.append(block)
                missing -= len(block)
        except OSError as error:
            raise input_error(self.path, error) from error
        return blocks[0] if len(blocks) == 1 else b"".join(blocks)

    def _became_shorter(self) -> SourceChanged:
        return SourceChanged(f"“{self._name}” became shorter while it was being sent.")

    def _pread(self, length: int, offset: int) -> bytes:
        return self._again(
            os.pread if _CAN_READ_AT else self._seek_and_read, self._file, length, offset
        )

    @staticmethod
    def _again(read: Callable[..., Result], *arguments: Any) -> Result:
        for _ in range(_READS_AGAIN):
            try:
                return read(*arguments)
            except OSError as error:
                if error.errno != errno.EIO:
                    raise
        return read(*arguments)

    def _seek_and_read(self, file: int, length: int, offset: int) -> bytes:
        with self._seek_lock:  # Windows reads from one position only
            os.lseek(file, offset, os.SEEK_SET)
            return os.read(file, length)

    def close(self) -> None:
        if self._is_direct:
            os.close(self._file)
        else:
            self._access.leave(partial(os.close, self._file))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_how: object) -> None:
        self.close()


def _close_opened(opened: tuple[int, SourceIdentity]) -> None:
    os.close(opened[0])


def _mark(status: os.stat_result) -> _Mark:
    return (
        status.st_size,
        status.st_mtime_ns,
        status.st_ctime_ns,
        status.st_ino,
        status.st_dev,
    )
