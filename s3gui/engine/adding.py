"""What the queue takes in: rows for files, for the markers of empty folders, for archives."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from s3gui.core.archive import SourceKind
from s3gui.core.errors import Failure, InputError, SourceChanged
from s3gui.core.transfer import (
    Batch,
    ConflictRule,
    Destination,
    Transfer,
    TransferState,
    UploadOptions,
)
from s3gui.engine.archive_members import archive_name
from s3gui.engine.disks import DIRECT, Disks, each
from s3gui.engine.ports import TransferStore
from s3gui.engine.scan import Found, scan
from s3gui.engine.stop import Stop


def find(
    sources: Sequence[str], destination: Destination, disks: Disks, stop: Stop
) -> Iterator[Found]:
    """As `scan`; where a disk may not answer, no longer than it must. Raises SourceStalled too."""
    accesses = (disks.access(Path(source).absolute(), stop) for source in sources)
    access = next((access for access in accesses if access is not DIRECT), DIRECT)
    return each(access, access.call(partial(scan, sources, destination)))


_log = logging.getLogger(__name__)


def transfer_of(batch_id: int, found: Found, options: UploadOptions) -> Transfer:
    if found.is_empty_folder:
        return _marker(batch_id, found, options)
    return Transfer(
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
    """Those that failed because their files had changed are taken in as they are now."""
    for transfer in journal.transfers(ids):
        if transfer.failure is not None and transfer.failure.code == SourceChanged.code:
            journal.save(replace(transfer, identity=None))


def archive_of(
    folder: str | os.PathLike[str],
    destination: Destination,
    options: UploadOptions,
    kind: SourceKind,
) -> Transfer:
    """Of one folder, whole; below a prefix it is named after the folder. Raises InputError."""
    path = Path(folder).absolute()
    if not path.is_dir():
        raise InputError(f"“{path.name}” is not a folder; an archive is made of one folder.")
    if destination.is_prefix:
        destination = replace(
            destination, key=f"{destination.key}{archive_name(path)}.{kind.value}"
        )
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
