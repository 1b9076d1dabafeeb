r"""Windows reads some names as others: as devices, or without their last dot or space.

The extended form of a path (`\\?\`) says that a name means what it says, and may be long.
"""

from __future__ import annotations

import os
from pathlib import PureWindowsPath

from s3gui.core.errors import InputError

_EXTENDED = "\\\\?\\"


def exact(path: str | os.PathLike[str]) -> str:
    """What to give the system so that it takes just this file. Raises InputError."""
    text = os.fspath(path)
    return text if os.name != "nt" else extended(text)


def extended(path: str) -> str:
    r"""The extended form of an absolute Windows path; what is no file's path stays as it is.

    >>> print(extended(r"C:\data\NUL.txt"))
    \\?\C:\data\NUL.txt
    >>> print(extended(r"\\host\share\a."))
    \\?\UNC\host\share\a.

    Raises InputError for an alternate stream (`file:stream`), which is not a file of its own.
    """
    if path.startswith(("\\\\?\\", "\\\\.\\")):
        return path
    parsed = PureWindowsPath(path)
    if any(":" in name for name in parsed.parts[1:]):
        raise InputError(
            f"“{parsed.name}” names an alternate stream of a file, which is not sent.",
            hint="Copy the stream into a file of its own, and add that.",
        )
    if not parsed.is_absolute():
        return path
    text = path.replace("/", "\\")
    return f"{_EXTENDED}UNC\\{text[2:]}" if text.startswith("\\\\") else f"{_EXTENDED}{text}"
