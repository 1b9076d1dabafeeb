"""A folder that holds nothing, as S3 can show it: an empty object whose key ends in a slash."""

from __future__ import annotations

import stat
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Self

from s3gui.core.errors import SourceNotAFile
from s3gui.core.parts import Part
from s3gui.engine.disks import DIRECT, Access
from s3gui.engine.opening import input_errors
from s3gui.engine.ports import Body
from s3gui.engine.source import MemoryBody, Piece


class FolderMarker:
    """A `Source` without bytes. `depth` as in `Transfer`.

    Raises SourceMissing, SourceUnreadable, SourceNotAFile.
    """

    size = 0
    identity = None
    is_repeatable = True
    manifest = None
    most_pieces = None

    def __init__(self, folder: Path, depth: int = 0, access: Access = DIRECT) -> None:
        self._folder = folder
        self._access = access
        self._is_below = depth > 0
        self.check_unchanged()

    def check_unchanged(self) -> None:
        self._access.call(self._check)

    def _check(self) -> None:
        with input_errors(self._folder):
            status = self._folder.stat(follow_symlinks=not self._is_below)
        if not stat.S_ISDIR(status.st_mode):
            raise SourceNotAFile(f"“{self._folder.name}” is no folder any more.")

    def whole(self, at_most: int) -> Body | None:
        del at_most
        return MemoryBody(b"")

    def pieces(self, parts: Iterable[Part]) -> Iterator[Piece]:
        del parts
        return iter(())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_how: object) -> None:
        """It holds nothing open."""
