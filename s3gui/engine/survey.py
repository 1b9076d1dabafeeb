"""What a drop would send, counted before it is sent: files, bytes, and what may surprise."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator

from s3gui.core.errors import KeyTooLong, S3guiError, SourceNotAFile
from s3gui.core.frozen import frozen
from s3gui.core.junk import is_junk
from s3gui.core.transfer import Destination
from s3gui.engine.adding import find
from s3gui.engine.disks import Disks
from s3gui.engine.opening import LINK_BELOW
from s3gui.engine.ports import ObjectStore
from s3gui.engine.scan import Found
from s3gui.engine.stop import Stop

_TOLD_EVERY = 500
_KEYS_LOOKED_UP = 20_000
_REQUESTS = 60
"""For one drop: more would keep the user waiting, and each file is checked when it is sent."""


@frozen
class Survey:
    """`bytes` of `files` without the `junk`; what cannot be sent is not in `files`.

    `conflicts` counts keys that exist; `is_looked_up` says that all were looked for.
    """

    files: int = 0
    bytes: int = 0
    junk: int = 0
    links: int = 0
    too_long: int = 0
    unreadable: int = 0
    empty_folders: int = 0
    conflicts: int = 0
    is_scanned: bool = False
    is_looked_up: bool = False
    is_done: bool = False


def survey(
    paths: Iterable[str | os.PathLike[str]],
    destination: Destination,
    store: ObjectStore | None,
    stop: Stop,
    disks: Disks | None = None,
) -> Iterator[Survey]:
    """Growing counts, the last one with `is_done`.

    Raises Stopped, InputError as `scan`, and SourceStalled where a disk does not answer.
    """
    counts = _Counts()
    sources = [os.fspath(path) for path in paths]
    for number, found in enumerate(find(sources, destination, disks or Disks(), stop), 1):
        counts.add(found)
        if number % _TOLD_EVERY == 0:
            stop.check()
            yield counts.survey()
    counts.is_scanned = True
    yield counts.survey()
    existing = _Existing(store, destination)
    for number, key in enumerate(counts.keys, 1):
        stop.check()
        exists = existing.has(key)
        if exists is None:
            counts.is_looked_up = False
            break
        counts.conflicts += exists
        if number % _TOLD_EVERY == 0:
            yield counts.survey()
    counts.is_done = True
    yield counts.survey()


class _Counts:
    def __init__(self) -> None:
        self.files = self.bytes = self.junk = self.links = self.too_long = 0
        self.unreadable = self.empty_folders = self.conflicts = 0
        self.is_scanned = self.is_done = False
        self.is_looked_up = True
        self.keys: list[str] = []

    def add(self, found: Found) -> None:
        if found.is_empty_folder:
            self.empty_folders += 1
        elif found.failure is not None:
            self._add_failure(found)
        elif is_junk(found.destination.key):
            self.junk += 1
        else:
            self.files += 1
            self.bytes += found.size or 0
            if len(self.keys) < _KEYS_LOOKED_UP:
                self.keys.append(found.destination.key)
            else:
                self.is_looked_up = False

    def _add_failure(self, found: Found) -> None:
        failure = found.failure
        assert failure is not None
        if failure.code == KeyTooLong.code:
            self.too_long += 1
        elif failure.code == SourceNotAFile.code and failure.message == LINK_BELOW:
            self.links += 1
        else:
            self.unreadable += 1

    def survey(self) -> Survey:
        return Survey(
            self.files,
            self.bytes,
            self.junk,
            self.links,
            self.too_long,
            self.unreadable,
            self.empty_folders,
            self.conflicts,
            self.is_scanned,
            self.is_scanned and self.is_looked_up,
            self.is_done,
        )


class _Existing:
    """The keys at the destination, listed folder by folder; below a missing prefix is nothing."""

    def __init__(self, store: ObjectStore | None, root: Destination) -> None:
        self._store = store
        self._bucket = root.bucket
        self._root = root.key[: root.key.rfind("/") + 1]
        self._folders: dict[str, tuple[set[str], set[str]] | None] = {}
        self._requests = 0

    def has(self, key: str) -> bool | None:
        """None where nobody knows."""
        folder = self._folder(key[: key.rfind("/") + 1])
        return None if folder is None else key in folder[0]

    def _folder(self, prefix: str) -> tuple[set[str], set[str]] | None:
        if prefix not in self._folders:
            self._folders[prefix] = self._find(prefix)
        return self._folders[prefix]

    def _find(self, prefix: str) -> tuple[set[str], set[str]] | None:
        if len(prefix) > len(self._root):
            above = self._folder(prefix[: prefix[:-1].rfind("/") + 1])
            if above is not None and prefix not in above[1]:
                return set(), set()
        return self._list(prefix)

    def _list(self, prefix: str) -> tuple[set[str], set[str]] | None:
        keys: set[str] = set()
        prefixes: set[str] = set()
        page: str | None = None
        while self._store is not None and self._requests < _REQUESTS:
            self._requests += 1
            try:
                listed = self._store.list_objects(Destination(self._bucket, prefix), page)
            except S3guiError:
                return None
            keys.update(each.key for each in listed.objects)
            prefixes.update(listed.prefixes)
            page = listed.next_page
            if page is None:
                return keys, prefixes
        return None
