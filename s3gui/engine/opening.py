"""Opens what is to be sent: regular files, and below a folder never through a link."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

from s3gui.core.errors import S3guiError, SourceMissing, SourceNotAFile, SourceUnreadable
from s3gui.engine.windows_names import exact

LINK_BELOW = "This is a link; links inside a folder are not followed."
LINK_BELOW_HINT = "Add what it points to on its own."

# O_NONBLOCK: opening a FIFO without a writer would otherwise wait for ever.
_FILE_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_CLOEXEC", 0)
)
_FOLDER_FLAGS = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_CLOEXEC", 0)
_OPENS_BELOW = os.open in os.supports_dir_fd
_NO_NAMES = frozenset({"", "."})
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
_LINK_TAGS = frozenset(
    getattr(stat, name, None) for name in ("IO_REPARSE_TAG_SYMLINK", "IO_REPARSE_TAG_MOUNT_POINT")
)


def open_regular(path: str | os.PathLike[str], depth: int) -> tuple[int, os.stat_result]:
    """A descriptor for reading the regular file at `path`, and what it says of the file.

    The last `depth` names of `path` were found below a folder that a person named: they are
    opened one by one, each in the folder before, so that a link among them is refused even if it
    took a folder's place a moment ago. A link outside of that, which the person named, is
    followed. Raises SourceMissing, SourceUnreadable, SourceNotAFile.
    """
    try:
        if not depth:
            return _open_file(path, None, exact(path), is_below=False)
        if depth == 1 and _NO_LINK:
            return _open_file(path, None, os.fspath(path), is_below=True)
        if not _OPENS_BELOW:
            whole = Path(path)
            for height in range(depth):
                _check_no_link(path, os.lstat(exact((whole, *whole.parents)[height])))
            return _open_file(path, None, exact(path), is_below=False)
        root, names = _below(os.fspath(path), depth)
        folder = os.open(root, _FOLDER_FLAGS)
        try:
            for name in names[:-1]:
                above, folder = folder, _open_folder(path, folder, name)
                os.close(above)
            return _open_file(path, folder, names[-1], is_below=True)
        finally:
            os.close(folder)
    except OSError as error:
        raise input_error(path, error) from error


def _below(path: str, depth: int) -> tuple[str, Sequence[str]]:
    """The folder that a person named, and the last `depth` names below it."""
    root, *names = path.rsplit("/", depth)
    if root and len(names) == depth and not _NO_NAMES.intersection(names):
        return root, names
    whole = Path(path)  # it sees what a path as it was typed means, and takes much longer
    return str(whole.parents[depth - 1]), whole.parts[-depth:]


def check_regular(path: str | os.PathLike[str], status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise _not_regular(path)


def _not_regular(path: str | os.PathLike[str]) -> SourceNotAFile:
    return SourceNotAFile(f"“{Path(path).name}” is not a regular file.")


def _open_folder(path: str | os.PathLike[str], above: int, name: str) -> int:
    try:
        return os.open(name, _FOLDER_FLAGS | _NO_LINK, dir_fd=above)
    except OSError:
        # Systems differ in what they call it: the link itself tells.
        _check_no_link(path, os.stat(name, dir_fd=above, follow_symlinks=False))
        raise


def _open_file(
    path: str | os.PathLike[str], folder: int | None, name: str, *, is_below: bool
) -> tuple[int, os.stat_result]:
    """Looked at before it is opened: opening alone makes some devices do things.

    `is_below`: it may not be a link.
    """
    status = os.stat(name, dir_fd=folder, follow_symlinks=not is_below)
    if not stat.S_ISREG(status.st_mode):
        if is_below:
            _check_no_link(path, status)
        raise _not_regular(path)
    file = os.open(name, _FILE_FLAGS | (_NO_LINK if is_below else 0), dir_fd=folder)
    try:
        status = os.fstat(file)
        check_regular(path, status)
    except BaseException:
        os.close(file)
        raise
    return file, status


def is_link(status: os.stat_result) -> bool:
    # Windows has links of its own kind, which lead to folders and are no symbolic links.
    is_tagged = getattr(status, "st_reparse_tag", 0) in _LINK_TAGS
    return stat.S_ISLNK(status.st_mode) or is_tagged


def _check_no_link(path: str | os.PathLike[str], status: os.stat_result) -> None:
    if is_link(status):
        name = Path(path).name
        raise SourceNotAFile(
            f"“{name}” is reached through a link; links inside a folder are not followed.",
            hint=LINK_BELOW_HINT,
        )


def check_name(path: str | os.PathLike[str]) -> None:
    """Raise SourceMissing where the system can have no file of such a name, nor the queue a row."""
    try:
        is_possible = b"\0" not in os.fsencode(path)
    except UnicodeEncodeError:  # half of a character
        is_possible = False
    if not is_possible:
        raise SourceMissing(f"“{Path(path).name}” does not exist.")


def input_error(path: str | os.PathLike[str], error: OSError) -> S3guiError:
    """The system's error as a sentence."""
    name = Path(path).name
    reason = os.strerror(error.errno) if error.errno else str(error)
    symbol = errno.errorcode.get(error.errno or 0)
    detail = f"{reason} ({symbol})" if symbol else reason
    if error.errno in {errno.ENOENT, errno.ENOTDIR}:
        return SourceMissing(f"“{name}” does not exist.", detail=detail)
    if error.errno in {errno.ENXIO, errno.EISDIR}:
        return SourceNotAFile(f"“{name}” is not a regular file.", detail=detail)
    return SourceUnreadable(f"“{name}” cannot be read: {reason}.", detail=detail)


class input_errors:  # noqa: N801 - reads as the verb it is in `with input_errors(path):`
    """Turn the system's errors into sentences."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._path = path

    def __enter__(self) -> None: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if isinstance(error, OSError):
            raise input_error(self._path, error) from error
