"""Saving what is downloaded."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

from s3gui.core.errors import InputError
from s3gui.engine.browse import Download

_FORBIDDEN_ON_WINDOWS = re.compile(
    r"""[<>:"|?*\x00-\x1f]|[. ]$|^(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])\s*(\.|$)""",
    re.IGNORECASE,
)
_BLOCK_SIZE = 1024 * 1024


def check_range(start_bytes: int, end_bytes: int | None) -> None:
    if start_bytes < 0:
        raise ValueError("start_bytes must not be negative")
    if end_bytes is not None and start_bytes >= end_bytes:
        raise ValueError("end_bytes is the first byte left out: it must be beyond start_bytes")


def target_path(
    destination_path: str | os.PathLike[str], object_name: str, *, overwrite_existing: bool
) -> Path:
    """The file to write: in a folder (or below a path that ends in a slash) the object's name.

    Raises InputError where there is a file already, or the name would leave the folder.
    """
    path = Path(destination_path)
    if path.is_dir() or not os.path.basename(destination_path):  # noqa: PTH119 - Path drops a slash
        folder, path = path, path / object_name
        if not folder.is_dir():
            raise InputError(f"The folder {folder} does not exist.")
        if not names_a_file(object_name) or not _is_below(path, folder):
            raise InputError(f"The object's name {object_name!r} cannot be a file in {folder}.")
    if path.exists() and not overwrite_existing:
        raise InputError(f"The file {path} exists, and overwrite_existing is not set.")
    return path


def names_a_file(object_name: str, *, on_windows: bool = sys.platform == "win32") -> bool:
    """Whether joining the name to a folder can only give a file below that folder.

    Anybody who may write to the bucket chose it. On Windows a colon is a drive or another stream
    of a file, dots and blanks at the end are dropped, and some names are devices.
    """
    parts = re.split(r"[/\\]" if on_windows else "/", object_name)
    if "\0" in object_name or any(part in {"", ".", ".."} for part in parts):
        return False
    return not on_windows or not any(_FORBIDDEN_ON_WINDOWS.search(part) for part in parts)


def _is_below(path: Path, folder: Path) -> bool:
    """Also where a link in the folder leads elsewhere."""
    try:
        return path.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError):  # links in a circle
        return False


def save(
    download: Download, path: Path, expected_size: int | None, *, delete_on_failure: bool
) -> bool:
    """Write the bytes to `path`; False if they are not as many as expected.

    A file that was begun and is not complete is deleted, if `delete_on_failure`, whatever went
    wrong.
    """
    is_begun = is_complete = False
    try:
        with path.open("wb") as file:
            is_begun = True
            for chunk in download.chunks(_BLOCK_SIZE):
                file.write(chunk)
            is_complete = expected_size in {None, file.tell()}
    finally:
        download.close()
        if is_begun and not is_complete and delete_on_failure and path.is_file():
            path.unlink()
    return is_complete
