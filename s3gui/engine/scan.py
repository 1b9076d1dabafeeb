"""What lies behind the paths that a user dropped: files, with the keys they get."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from s3gui.core.errors import (
    Failure,
    InputError,
    SourceMissing,
    SourceNotAFile,
    SourceUnreadable,
)
from s3gui.core.transfer import Destination


@dataclass(frozen=True, slots=True)
class Found:
    """A file and where it goes; with a `failure` it cannot go there. `size` in bytes."""

    path: str
    destination: Destination
    size: int | None
    failure: Failure | None = None


def scan(paths: Iterable[str | os.PathLike[str]], destination: Destination) -> Iterator[Found]:
    """Every file under `paths`, found as it is asked for; never follows a link inside a folder.

    A file lands at PREFIX/NAME, a folder D at PREFIX/D/… with its tree; without a final slash
    the destination is the exact key of the one file. A path that cannot be read is found too,
    with its failure. Raises InputError at once where an exact key is given several files or a
    folder.
    """
    sources = [Path(path) for path in paths]
    if not destination.is_prefix and (len(sources) > 1 or any(map(os.path.isdir, sources))):
        raise InputError(
            f"“{destination}” is one key; several files or a folder need a destination "
            "that ends in a slash."
        )
    return _scan(sources, destination)


def _scan(sources: list[Path], destination: Destination) -> Iterator[Found]:
    for source in sources:
        # The name as it was typed may be “.” or end in “..”; the folder's own name is meant.
        name = source.name if source.name not in {"", ".."} else source.resolve().name
        key = destination.key + name if destination.is_prefix else destination.key
        yield from _scan_source(source, replace(destination, key=key))


def _scan_source(source: Path, destination: Destination) -> Iterator[Found]:
    try:
        status = source.stat()
    except OSError as error:
        yield _failed(str(source), destination, _sentence(source, error))
        return
    if not stat.S_ISDIR(status.st_mode):
        yield _found(str(source), destination, status)
        return
    folders = [(str(source), destination.key)]
    while folders:
        folder, prefix = folders.pop()
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError as error:
            to = replace(destination, key=prefix)
            yield _failed(folder, to, _sentence(Path(folder), error))
            continue
        below = []
        for entry in entries:
            to = replace(destination, key=f"{prefix}/{entry.name}")
            try:
                if entry.is_symlink():
                    yield _failed(entry.path, to, _LINK.failure())
                elif entry.is_dir():
                    below.append((entry.path, to.key))
                else:
                    yield _found(entry.path, to, entry.stat(follow_symlinks=False))
            except OSError as error:
                yield _failed(entry.path, to, _sentence(Path(entry.path), error))
        folders.extend(reversed(below))


_LINK = SourceNotAFile(
    "This is a link; links inside a folder are not followed.",
    hint="Add what it points to on its own.",
)


def _found(path: str, destination: Destination, status: os.stat_result) -> Found:
    try:
        if not stat.S_ISREG(status.st_mode):
            raise SourceNotAFile(f"“{Path(path).name}” is a pipe, a socket or a device.")
        destination.check()
    except InputError as error:
        return _failed(path, destination, error.failure())
    return Found(path, destination, status.st_size)


def _failed(path: str, destination: Destination, failure: Failure) -> Found:
    return Found(path, destination, None, failure)


def _sentence(path: Path, error: OSError) -> Failure:
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return SourceMissing(f"“{path.name}” does not exist.").failure()
    detail = os.strerror(error.errno) if error.errno else str(error)
    return SourceUnreadable(f"“{path.name}” cannot be read: {detail}.").failure()
