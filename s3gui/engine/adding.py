"""What the queue takes in: rows for files, for the markers of empty folders, for archives."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import islice
from pathlib import Path

from s3gui.core.archive import SourceKind
from s3gui.core.errors import Failure, InputError, S3guiError, SourceChanged
from s3gui.core.events import BatchAdded, TransfersAdded
from s3gui.core.frozen import replace
from s3gui.core.profile import Profile
from s3gui.core.transfer import (
    Batch,
    ConflictRule,
    Destination,
    Transfer,
    TransferState,
    UploadOptions,
    make_transfer,
)
from s3gui.engine.archive_members import archive_name
from s3gui.engine.disks import DIRECT, Disks, each
from s3gui.engine.places import Places
from s3gui.engine.ports import Publish, TransferStore
from s3gui.engine.scan import Found, scan
from s3gui.engine.stop import Stop, Stopped

Choose = Callable[[Found], UploadOptions | None]

_log = logging.getLogger(__name__)
_ADDED_AT_FIRST = 500
"""Rows saved in one transaction while a folder is read; ten times as many later."""


class Adding:
    """A base of `TransferQueue`."""

    _journal: TransferStore
    _publish: Publish
    _disks: Disks
    _places: Places

    def add(
        self,
        paths: Iterable[str | os.PathLike[str]],
        destination: Destination,
        options: UploadOptions,
        profile: Profile,
        *,
        name: str = "",
        stop: Stop | None = None,
        choose: Choose | None = None,
    ) -> Batch:
        """Find the files under `paths` and queue them; sending starts while it still looks.

        Empty folders are counted; where the options say so they are stored too, as an empty
        object whose key ends in a slash.
        `choose` may give a file other options than `options`, or None to leave it out.
        Raises InputError, before anything is queued, where they cannot go there; Stopped when
        `stop` was requested (what was found so far stays queued), SourceStalled likewise.
        """
        options.check()
        sources = [os.fspath(path) for path in paths]
        found = find(sources, destination, self._disks, stop or Stop())
        title = name or batch_name(sources)
        batch = self._journal.add_batch(Batch(title, destination, profile))
        self._publish(BatchAdded(batch))
        log_access(batch, options)
        chosen, empty_folders = choose or (lambda _found: options), 0
        marks = options.marks_empty_folders
        taking = take_in(self._journal, batch.id, found, chosen, marks_empty_folders=marks)
        for ids, without_marker in taking:
            empty_folders += without_marker
            self._publish(TransfersAdded(batch.id, tuple(ids), is_last=False))
            self._places.fill()
            if stop is not None:
                stop.check()
        told = TransfersAdded(batch.id, (), is_last=True, empty_folders=empty_folders)
        self._publish(told)
        return batch

    def add_archive(
        self,
        folder: str | os.PathLike[str],
        destination: Destination,
        options: UploadOptions,
        profile: Profile,
        kind: SourceKind,
    ) -> Batch:
        """Queue a folder that is sent as one archive. Raises InputError, SourceStalled.

        It is made anew whenever it starts: what a pause or a failure leaves is dropped.
        """
        options.check()
        transfer = archive_of(folder, destination, options, kind, self._disks)
        batch = self._journal.add_batch(Batch(transfer.name, destination, profile))
        self._publish(BatchAdded(batch))
        log_access(batch, options)
        ids = self._journal.add_transfers([replace(transfer, batch_id=batch.id)])
        self._publish(TransfersAdded(batch.id, tuple(ids), is_last=True))
        self._places.fill()
        return batch


def find(
    sources: Sequence[str], destination: Destination, disks: Disks, stop: Stop
) -> Iterator[Found]:
    """As `scan`; where a disk may not answer, no longer than it must. Raises SourceStalled too."""
    accesses = (disks.access(Path(source).absolute(), stop) for source in sources)
    access = next((access for access in accesses if access is not DIRECT), DIRECT)
    return each(access, access.call(partial(scan, sources, destination)))


def is_folder(path: str, disks: Disks, stop: Stop) -> bool:
    """Raises SourceStalled where its disk does not answer, and Stopped."""
    access = disks.access(Path(path).absolute(), stop)
    return access.call(lambda: os.path.isdir(path))  # noqa: PTH112 - False for what Path.is_dir cannot look at


def take_in(
    journal: TransferStore,
    batch_id: int,
    found: Iterator[Found],
    choose: Callable[[Found], UploadOptions | None],
    *,
    marks_empty_folders: bool,
) -> Iterator[tuple[list[int], int]]:
    """Save what was found, some at a time: the new rows' ids, and how many were empty folders.

    What `choose` gives no options is left out. Raises as `found` does.
    """
    for chunk in _chunks(found):
        taken = [each for each in chunk if marks_empty_folders or not each.is_empty_folder]
        chosen = [(each, choose(each)) for each in taken]
        rows = [transfer_of(batch_id, each, its) for each, its in chosen if its is not None]
        yield journal.add_transfers(rows), len(chunk) - len(taken)


def _chunks(found: Iterator[Found]) -> Iterator[list[Found]]:
    """What was found before an error is given before that is raised."""
    at_once = _ADDED_AT_FIRST
    is_over = False
    while not is_over:
        chunk: list[Found] = []
        failed: S3guiError | Stopped | None = None
        try:
            for each in islice(found, at_once):
                chunk.append(each)  # noqa: PERF402 - `extend` does not say what it leaves
        except (S3guiError, Stopped) as error:
            failed = error
        is_over = len(chunk) < at_once
        at_once = min(2 * at_once, 10 * _ADDED_AT_FIRST)
        if chunk:
            yield chunk
        if failed is not None:
            raise failed


def transfer_of(batch_id: int, found: Found, options: UploadOptions) -> Transfer:
    if found.is_empty_folder:
        return _marker(batch_id, found, options)
    return make_transfer(
        batch_id=batch_id,
        source=found.path,
        destination=found.destination,
        size=found.size,
        depth=found.depth,
        options=options,
        state=_state(found.failure),
        failure=found.failure,
    )


def _marker(batch_id: int, found: Found, options: UploadOptions) -> Transfer:
    """A marker that is there already says all that this one would."""
    destination = replace(found.destination, key=f"{found.destination.key}/")
    failure = found.failure
    try:
        destination.check()
    except InputError as error:
        failure = error.failure()
    is_replaced = options.on_conflict is ConflictRule.REPLACE
    return Transfer(
        batch_id=batch_id,
        source=found.path,
        destination=destination,
        size=0,
        depth=found.depth,
        kind=SourceKind.FOLDER,
        options=options if is_replaced else replace(options, on_conflict=ConflictRule.SKIP),
        state=_state(failure),
        failure=failure,
    )


def forget_changed_sources(journal: TransferStore, ids: Sequence[int]) -> None:
    """Those that failed because their files had changed are taken in as they are now.

    So are those that were cancelled: nothing of what was sent of them is left.
    """
    for transfer in journal.transfers(ids):
        is_changed = transfer.failure is not None and transfer.failure.code == SourceChanged.code
        is_cancelled = transfer.state is TransferState.CANCELLED
        if transfer.identity is not None and (is_changed or is_cancelled):
            journal.save(replace(transfer, identity=None))


def archive_of(
    folder: str | os.PathLike[str],
    destination: Destination,
    options: UploadOptions,
    kind: SourceKind,
    disks: Disks,
) -> Transfer:
    """Of one folder, whole; below a prefix it is named after the folder.

    Raises InputError, SourceStalled.
    """
    path = Path(folder).absolute()
    if not is_folder(str(path), disks, Stop()):
        raise InputError(f"“{path.name}” is not a folder; an archive is made of one folder.")
    if destination.is_prefix:
        name = disks.access(path, Stop()).call(partial(archive_name, path))
        destination = replace(destination, key=f"{destination.key}{name}.{kind.value}")
    destination.check()
    return Transfer(0, str(path), destination, kind=kind, options=options)


def log_access(batch: Batch, options: UploadOptions) -> None:
    """What is made public can be found out later, also where the rows are gone."""
    if options.acl.is_public:
        _log.info(
            "batch %d: what goes to %s is stored as %s", batch.id, batch.destination, options.acl
        )


def batch_name(sources: Sequence[str]) -> str:
    first = os.path.basename(sources[0].rstrip(os.sep)) if sources else ""  # noqa: PTH119
    return first if len(sources) == 1 else f"{first} +{len(sources) - 1}"


def _state(failure: Failure | None) -> TransferState:
    return TransferState.FAILED if failure else TransferState.QUEUED
