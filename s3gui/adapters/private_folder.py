"""The folder of the program's state: its owner's alone, whatever the umask says."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from s3gui.core.errors import S3guiError


class FolderOpenToOthers(S3guiError):
    code = "folder-open-to-others"
    title = "Everybody may write into the folder of s3gui's state"
    hint = "Set S3GUI_HOME to a folder of your own."


def make_private_folder(folder: Path, *, is_shared: bool) -> None:
    """Let it be there with mode 0700, and what had to be made above it as well.

    With `is_shared` it is somebody's choice, and perhaps holds other things: its mode is left as
    it is, but one that every user may write into is refused. Raises FolderOpenToOthers, OSError.
    """
    for missing in _missing(folder):
        missing.mkdir(mode=0o700, exist_ok=True)
    if os.name != "posix":
        return
    mode = folder.stat().st_mode
    if not is_shared:
        folder.chmod(0o700)
    elif mode & stat.S_IWOTH:
        raise FolderOpenToOthers(f"Everybody may write into “{folder}”.")


def _missing(folder: Path) -> list[Path]:
    """From the top down."""
    missing: list[Path] = []
    while not folder.exists():
        missing.insert(0, folder)
        folder = folder.parent
    return missing
