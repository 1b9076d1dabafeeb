"""A folder as a tar: headers and contents one after the other, nothing to go back to."""

from __future__ import annotations

import stat
import tarfile
import zlib
from collections.abc import Callable, Generator, Iterable

from s3gui.core.checksum import BytesLike
from s3gui.engine.archive_members import Member
from s3gui.engine.source import FileSource

Contents = Callable[[Member], FileSource | None]
"""Opens a regular file; None where it has vanished, which whoever opens it writes down."""

_GZIP = 31
"""zlib's word for a gzip header, which then holds no name and no time."""

_GZIP_LEVEL = 6
_BUFFERED_BYTES = 256 * 1024


def tar_chunks(members: Iterable[Member], contents: Contents) -> Generator[BytesLike, None, None]:
    """POSIX (pax): names of any length and any bytes, sizes without a limit.

    Each name of a hard-linked file is a file of its own, and sparse files have their zeros: the
    archive can be unpacked anywhere. Raises what `contents` and its sources raise.
    """
    length = 0
    for chunk in _unended(members, contents):
        length += len(chunk)
        yield chunk
    end = 2 * tarfile.BLOCKSIZE
    yield bytes(end + -(length + end) % tarfile.RECORDSIZE)


def gzip_chunks(chunks: Iterable[BytesLike]) -> Generator[BytesLike, None, None]:
    """Compressed; the same input gives the same output at any time."""
    packer = zlib.compressobj(_GZIP_LEVEL, zlib.DEFLATED, _GZIP)
    buffer = bytearray()
    for chunk in chunks:
        buffer += packer.compress(chunk)
        if len(buffer) >= _BUFFERED_BYTES:
            yield bytes(buffer)
            buffer.clear()
    yield bytes(buffer) + packer.flush()


def _unended(members: Iterable[Member], contents: Contents) -> Generator[BytesLike, None, None]:
    for member in members:
        header = _header(member)
        if header.type != tarfile.REGTYPE:
            yield _encoded(header)
            continue
        file = contents(member)
        if file is None:
            continue
        with file:
            header.size = file.size
            yield _encoded(header)
            yield from file.blocks()
            yield bytes(-file.size % tarfile.BLOCKSIZE)


def _header(member: Member) -> tarfile.TarInfo:
    header = tarfile.TarInfo(member.name)
    status = member.status
    header.mode = stat.S_IMODE(status.st_mode)
    header.uid, header.gid = status.st_uid, status.st_gid
    header.mtime = int(status.st_mtime)
    if member.is_folder:
        header.type = tarfile.DIRTYPE
    elif member.is_link:
        header.type = tarfile.SYMTYPE
        header.linkname = member.target
    return header


def _encoded(header: tarfile.TarInfo) -> bytes:
    return header.tobuf(tarfile.PAX_FORMAT, "utf-8", "surrogateescape")
