"""Opens what a transfer sends."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from s3gui.core.archive import SourceKind
from s3gui.core.provider import Limits
from s3gui.core.transfer import Transfer
from s3gui.engine.buffers import Buffers
from s3gui.engine.disks import Access
from s3gui.engine.marker import FolderMarker
from s3gui.engine.source import FileSource
from s3gui.engine.stop import Stop

if TYPE_CHECKING:
    from s3gui.engine.archive import ArchiveSource


def open_source(
    transfer: Transfer,
    limits: Limits,
    stop: Stop,
    access: Access,
    buffers: Buffers | None = None,
) -> FileSource | FolderMarker | ArchiveSource:
    """To be left as a context manager. Raises what the source of that kind raises.

    `access`: how the disk of the transfer's source is called.
    """
    if transfer.kind is SourceKind.FILE:
        return FileSource(transfer.source, transfer.depth, access, buffers)
    path = Path(transfer.source)
    if transfer.kind is SourceKind.FOLDER:
        return FolderMarker(path, transfer.depth, access)
    from s3gui.engine.archive import ArchiveSource  # with it come tarfile and zipfile

    part_size = transfer.options.part_size
    return ArchiveSource(
        path, transfer.kind, limits, stop, first_part_size=part_size, access=access
    )
