"""Saving what is downloaded."""

from __future__ import annotations

import os
from pathlib import Path

from s3gui.core.errors import InputError
from s3gui.engine.browse import Download

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
        if not path.resolve().is_relative_to(folder.resolve()):
            raise InputError(f"The object's name {object_name!r} leads out of {folder}.")
    if path.exists() and not overwrite_existing:
        raise InputError(f"The file {path} exists, and overwrite_existing is not set.")
    return path


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
