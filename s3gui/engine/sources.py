"""Opens what a transfer sends."""

from __future__ import annotations

from pathlib import Path

from s3gui.core.archive import SourceKind
from s3gui.core.provider import Limits
from s3gui.core.transfer import Transfer
from s3gui.engine.archive import ArchiveSource
from s3gui.engine.marker import FolderMarker
from s3gui.engine.source import FileSource
from s3gui.engine.stop import Stop


def open_source(
    transfer: Transfer, limits: Limits, stop: Stop
) -> FileSource | FolderMarker | ArchiveSource:
    """To be left as a context manager. Raises what the source of that kind raises."""
    path = Path(transfer.source)
    if transfer.kind is SourceKind.FILE:
        return FileSource(path, transfer.depth)
    if transfer.kind is SourceKind.FOLDER:
        return FolderMarker(path, transfer.depth)
    return ArchiveSource(path, transfer.kind, limits, stop, transfer.options.part_size)
