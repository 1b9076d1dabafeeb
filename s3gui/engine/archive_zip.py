"""A folder as a zip that is written forwards only: sizes and checksums follow the contents."""

from __future__ import annotations

import time
import zipfile
from collections.abc import Generator, Iterable
from typing import IO, cast

from s3gui.core.checksum import BytesLike
from s3gui.engine.archive_members import Member
from s3gui.engine.archive_tar import Contents

_FIRST_YEAR = (1980, 1, 1, 0, 0, 0)
_LAST_YEAR = (2107, 12, 31, 23, 59, 58)
_FOLDER = 0x10
_UNIX = 3


class _Outlet:
    """Takes what zipfile writes, until somebody takes it away."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def write(self, data: BytesLike) -> int:
        self._buffer += data
        return len(data)

    def flush(self) -> None:
        """There is nothing behind it."""

    def take(self) -> bytes:
        data = bytes(self._buffer)
        self._buffer.clear()
        return data


def zip_chunks(members: Iterable[Member], contents: Contents) -> Generator[BytesLike, None, None]:
    """Deflated, with 64-bit sizes where they are needed; links are kept as Unix zips keep them.

    The directory at the end costs memory for each member: about half a kilobyte. Raises what
    `contents` and its sources raise.
    """
    outlet = _Outlet()
    with zipfile.ZipFile(cast("IO[bytes]", outlet), "w", zipfile.ZIP_DEFLATED) as archive:
        for member in members:
            entry = _entry(member)
            if member.is_folder:
                archive.writestr(entry, b"")
            elif member.is_link:
                archive.writestr(entry, member.target.encode("utf-8", "surrogateescape"))
            else:
                file = contents(member)
                if file is None:
                    continue
                with file:
                    entry.file_size = file.size
                    with archive.open(entry, "w") as packed:
                        for block in file.blocks():
                            packed.write(block)
                            yield outlet.take()
            yield outlet.take()
    yield outlet.take()


def _entry(member: Member) -> zipfile.ZipInfo:
    status = member.status
    when = time.localtime(status.st_mtime)[:6]
    name = f"{member.name}/" if member.is_folder else member.name
    entry = zipfile.ZipInfo(name, min(max(when, _FIRST_YEAR), _LAST_YEAR))
    entry.create_system = _UNIX
    entry.external_attr = (status.st_mode & 0xFFFF) << 16
    entry.compress_type = zipfile.ZIP_DEFLATED
    if member.is_folder:
        entry.external_attr |= _FOLDER
        entry.compress_type = zipfile.ZIP_STORED
    return entry
