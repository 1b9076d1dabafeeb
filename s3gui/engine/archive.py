"""A folder that is sent as one archive, made while it is sent: no temporary file."""

from __future__ import annotations

import stat
from collections.abc import Generator, Iterator
from contextlib import closing
from pathlib import Path
from typing import Self, assert_never

from s3gui.core.archive import (
    MOST_SKIPPED_TOLD,
    ArchiveManifest,
    SkippedMember,
    SourceKind,
)
from s3gui.core.checksum import BytesLike
from s3gui.core.errors import InputError, SourceMissing
from s3gui.core.provider import Limits
from s3gui.engine.archive_members import Member, check_expressible, members
from s3gui.engine.archive_tar import gzip_chunks, tar_chunks
from s3gui.engine.archive_zip import zip_chunks
from s3gui.engine.disks import DIRECT, Access, each
from s3gui.engine.source import FileSource
from s3gui.engine.stop import Stop
from s3gui.engine.stream import StreamSource

_HEADERS_BYTES = 1024
"""What a member costs beside its contents, about."""


class ArchiveSource(StreamSource):
    """Reads the folder once to count it, and once to send it. It cannot be read from the middle.

    A file that changes while it is read fails the transfer: an archive never holds a mixture. One
    that vanished before it was opened is left out, and `manifest` names it. Raises SourceMissing,
    SourceNotAFile, SourceUnreadable, InputError, Stopped.
    """

    def __init__(
        self,
        folder: Path,
        kind: SourceKind,
        limits: Limits,
        stop: Stop,
        *,
        first_part_size: int | None = None,
        access: Access = DIRECT,
    ) -> None:
        self._folder = folder
        self._access = access
        self._kind = kind
        self._stop = stop
        self._members = 0
        self._member_bytes = 0
        self._skipped: list[SkippedMember] = []
        self._skipped_count = 0
        expected = self._expected_size()
        self._making = self._archive()
        super().__init__(self._making, limits, first_part_size, expected_size=expected)

    @property
    def manifest(self) -> ArchiveManifest:
        """Of what was read so far."""
        return ArchiveManifest(
            self._members, self._member_bytes, self._skipped_count, tuple(self._skipped)
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_how: object) -> None:
        self._making.close()

    def _expected_size(self) -> int:
        """Also says early what could only fail later, at the end of hours."""
        expected = 0
        for member in each(self._access, members(self._folder, _nobody)):
            self._stop.check()
            if self._kind is SourceKind.ZIP:
                check_expressible(member.name)
            is_file = stat.S_ISREG(member.status.st_mode)
            expected += _HEADERS_BYTES + (member.status.st_size if is_file else 0)
        return expected

    def _archive(self) -> Generator[BytesLike, None, None]:
        kind = self._kind
        if kind is SourceKind.TAR:
            return self._heeding(tar_chunks(self._found(), self._open))
        if kind is SourceKind.TAR_GZ:
            return gzip_chunks(self._heeding(tar_chunks(self._found(), self._open)))
        if kind is SourceKind.ZIP:
            return self._heeding(zip_chunks(self._found(), self._open))
        if kind is SourceKind.FILE or kind is SourceKind.FOLDER:
            raise InputError("This is not a kind of archive.")
        assert_never(kind)

    def _heeding(
        self, chunks: Generator[BytesLike, None, None]
    ) -> Generator[BytesLike, None, None]:
        """Before each of them, for a member may take hours to compress."""
        with closing(chunks):
            for chunk in chunks:
                self._stop.check()
                yield chunk

    def _found(self) -> Iterator[Member]:
        for member in each(self._access, members(self._folder, self._skip)):
            self._stop.check()
            yield member
            if not stat.S_ISREG(member.status.st_mode):
                self._members += 1

    def _open(self, member: Member) -> FileSource | None:
        try:
            file = FileSource(member.path, member.depth, self._access)
        except SourceMissing as error:
            self._skip(member.name, error.message)
            return None
        self._members += 1
        self._member_bytes += file.size
        return file

    def _skip(self, name: str, reason: str) -> None:
        self._skipped_count += 1
        if len(self._skipped) < MOST_SKIPPED_TOLD:
            self._skipped.append(SkippedMember(name, reason))


def _nobody(_name: str, _reason: str) -> None:
    """The count needs nobody to be told."""
