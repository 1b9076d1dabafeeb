"""What goes into an archive of a folder: every member once, always in the same order."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

from s3gui.core.errors import InputError, S3guiError, SourceMissing, SourceNotAFile
from s3gui.core.frozen import frozen
from s3gui.engine.opening import input_errors, is_link

OnSkipped = Callable[[str, str], None]
"""Told the name of a member that is left out, and the reason as a sentence."""


@frozen
class Member:
    """`name` is relative and parted by slashes; it begins with the folder's own name.

    `depth` as in `Transfer`; `status` is that of a link itself, `target` where it leads.
    """

    path: Path
    name: str
    depth: int
    status: os.stat_result
    target: str = ""

    @property
    def is_folder(self) -> bool:
        return stat.S_ISDIR(self.status.st_mode)

    @property
    def is_link(self) -> bool:
        return stat.S_ISLNK(self.status.st_mode)


def members(folder: Path, on_skipped: OnSkipped) -> Iterator[Member]:
    """The folder, and all below it: links as links, nothing that is not a file, link or folder.

    What vanished meanwhile, and what has no bytes to keep (pipes, sockets, devices), is skipped.
    Raises SourceMissing, SourceNotAFile for `folder`, SourceUnreadable for any.
    """
    with input_errors(folder):
        status = folder.stat()
    if not stat.S_ISDIR(status.st_mode):
        raise SourceNotAFile(f"“{folder.name}” is not a folder.", hint="Only folders are archived.")
    top = Member(folder, archive_name(folder), 0, status)
    folders = [top]
    while folders:
        each = folders.pop()
        try:
            entries = _entries(each)
        except SourceMissing as error:
            if each is top:
                raise
            on_skipped(each.name, error.message)
            continue
        yield each
        below = []
        for path in entries:
            try:
                member = _member(each, path)
            except (SourceMissing, SourceNotAFile) as error:
                on_skipped(f"{each.name}/{path.name}", error.message)
                continue
            if member.is_folder:
                below.append(member)
            else:
                yield member
        folders.extend(reversed(below))


def archive_name(folder: Path) -> str:
    """What the archive's top folder is called: never empty, never a step upwards."""
    name = folder.name if folder.name not in {"", ".."} else folder.resolve().name
    return name or "archive"


def check_expressible(name: str) -> None:
    """Raise InputError where a zip could not say this name, or would say another.

    Backslashes would part names on Windows: a file could be unpacked outside of its folder.
    """
    if not _is_unicode(name):
        raise _needs_tar("A name in the folder is not valid Unicode, and names in a zip are.")
    if "\\" in name:
        raise _needs_tar("A name in the folder has a backslash, which a zip cannot hold safely.")


def _is_unicode(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _entries(folder: Member) -> list[Path]:
    with input_errors(folder.path):
        return [Path(entry) for entry in sorted(os.scandir(folder.path), key=_name)]


def _name(entry: os.DirEntry[str]) -> str:
    return entry.name


def _member(above: Member, path: Path) -> Member:
    with input_errors(path):
        status = path.lstat()
        target = str(path.readlink()) if stat.S_ISLNK(status.st_mode) else ""
    kept = (stat.S_ISREG, stat.S_ISDIR, stat.S_ISLNK)
    if not any(is_kept(status.st_mode) for is_kept in kept):
        raise SourceNotAFile("It is a pipe, a socket or a device.")
    if is_link(status) and not stat.S_ISLNK(status.st_mode):
        raise SourceNotAFile("It is a link of a kind that archives do not know.")
    return Member(path, f"{above.name}/{path.name}", above.depth + 1, status, target)


def _needs_tar(sentence: str) -> S3guiError:
    return InputError(sentence, hint="Choose a tar archive, or rename the file.")
