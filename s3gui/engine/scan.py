"""What lies behind the paths that a user dropped: files, with the keys they get."""

from __future__ import annotations

import os
import stat
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from operator import attrgetter
from pathlib import Path

from s3gui.core.errors import (
    Failure,
    InputError,
    S3guiError,
    SameKey,
    SourceNotAFile,
)
from s3gui.core.frozen import frozen, replace
from s3gui.core.transfer import Destination
from s3gui.engine.opening import LINK_BELOW, LINK_BELOW_HINT, check_name, input_errors
from s3gui.engine.windows_names import exact


@frozen
class Found:
    """A file and where it goes; with a `failure` it cannot go there. `size` in bytes.

    `depth` as in `Transfer`. An empty folder is found too: S3 keeps objects only, so nothing is
    sent for it, but it can be counted.
    """

    path: str
    destination: Destination
    size: int | None
    failure: Failure | None = None
    depth: int = 0
    is_empty_folder: bool = False


def scan(paths: Iterable[str | os.PathLike[str]], destination: Destination) -> Iterator[Found]:
    """Every file under `paths`, found as it is asked for; never follows a link inside a folder.

    A file lands at PREFIX/NAME, a folder D at PREFIX/D/… with its tree; without a final slash
    the destination is the exact key of the one file. What cannot be read is found too, with its
    failure, and so is a second file for one key. Raises InputError at once where an exact key is
    given several files or a folder, and where no file can have such a name.
    """
    # Absolute: the queue may be gone on with from another folder.
    sources = [Path(path).absolute() for path in paths]
    for source in sources:
        check_name(source)
    if not destination.is_prefix and (len(sources) > 1 or any(map(os.path.isdir, sources))):
        raise InputError(
            f"“{destination}” is one key; several files or a folder need a destination "
            "that ends in a slash."
        )
    return _scan(sources, destination)


def _scan(sources: list[Path], destination: Destination) -> Iterator[Found]:
    tops = [(source, _top(source, destination)) for source in sources]
    # Keys can meet only below one top name; a million others need not be remembered.
    uses = Counter(top.key for _, top in tops)
    taken: set[str] = set()
    for source, top in tops:
        found = _scan_source(source, top)
        yield from found if uses[top.key] == 1 else _each_key_once(found, taken)


def _top(source: Path, destination: Destination) -> Destination:
    if not destination.is_prefix:
        return destination
    # The name as it was typed may end in “..”; the folder's own name is meant.
    name = source.name if source.name not in {"", ".."} else source.resolve().name
    return replace(destination, key=destination.key + name)


def _each_key_once(all_found: Iterator[Found], taken: set[str]) -> Iterator[Found]:
    for found in all_found:
        key = found.destination.key
        if key in taken and found.failure is None and not found.is_empty_folder:
            same = SameKey(f"Another file that was added with it has the key “{key}” too.")
            yield replace(found, size=None, failure=same.failure())
        else:
            taken.add(key)
            yield found


def _scan_source(source: Path, top: Destination) -> Iterator[Found]:
    try:
        with input_errors(source):
            status = source.stat()
    except S3guiError as error:
        yield Found(str(source), top, None, error.failure())
        return
    if not stat.S_ISDIR(status.st_mode):
        yield _file(str(source), top, 0, status)
        return
    folders = [Found(str(source), top, None)]
    while folders:
        folder = folders.pop()
        try:
            with input_errors(folder.path):
                at = exact(Path(folder.path))
                entries = sorted(os.scandir(at), key=_NAME)
        except S3guiError as error:
            yield replace(folder, failure=error.failure())
            continue
        if not entries:
            yield replace(folder, is_empty_folder=True)
        below: list[Found] = []
        # On Windows `at` is in a form that is for the system only.
        yield from _in_folder(folder, entries, below, is_exact=at != folder.path)
        folders.extend(reversed(below))


def _in_folder(
    folder: Found, entries: list[os.DirEntry[str]], below: list[Found], *, is_exact: bool
) -> Iterator[Found]:
    """The files among `entries`; folders are added to `below`."""
    bucket, prefix = folder.destination.bucket, f"{folder.destination.key}/"
    depth = folder.depth + 1
    for entry in entries:
        there = Destination(bucket, prefix + entry.name)
        path = os.path.join(folder.path, entry.name) if is_exact else entry.path  # noqa: PTH118
        try:
            if _is_link(entry):
                yield Found(path, there, None, _LINK.failure(), depth)
            elif entry.is_dir(follow_symlinks=False):
                below.append(Found(path, there, None, None, depth))
            else:
                yield _file(path, there, depth, entry.stat(follow_symlinks=False))
        except OSError as error:
            yield Found(path, there, None, _unreadable(path, error), depth)


def _unreadable(path: str, error: OSError) -> Failure:
    try:
        with input_errors(path):
            raise error
    except S3guiError as told:
        return told.failure()


_NAME = attrgetter("name")
_LINK = SourceNotAFile(LINK_BELOW, hint=LINK_BELOW_HINT)


if sys.version_info >= (3, 12):

    def _is_link(entry: os.DirEntry[str]) -> bool:
        return entry.is_symlink() or entry.is_junction()  # the second is true on Windows only

else:

    def _is_link(entry: os.DirEntry[str]) -> bool:
        return entry.is_symlink()


def _file(path: str, destination: Destination, depth: int, status: os.stat_result) -> Found:
    try:
        if not stat.S_ISREG(status.st_mode):
            raise SourceNotAFile(f"“{Path(path).name}” is a pipe, a socket or a device.")
        destination.check()
    except InputError as error:
        return Found(path, destination, None, error.failure(), depth)
    return Found(path, destination, status.st_size, None, depth)
