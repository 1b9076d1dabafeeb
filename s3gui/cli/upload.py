"""The commands that move bytes: upload and resume."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from enum import Enum
from functools import partial

from s3gui.bootstrap import Workspace
from s3gui.cli.arguments import STANDARD_INPUT
from s3gui.cli.connection import profile_of
from s3gui.cli.exits import EXIT_FAILED, EXIT_OK
from s3gui.cli.failures import error_sentence
from s3gui.cli.interruption import Interruption
from s3gui.cli.job import Job, ResumeJob, UploadJob
from s3gui.cli.outcome import Outcome
from s3gui.cli.pace import Pace
from s3gui.cli.pools import LatePool
from s3gui.cli.receipt import Receipt
from s3gui.cli.reporter import Reporter
from s3gui.cli.run import Events, Run
from s3gui.cli.state import OpenWorkspace
from s3gui.cli.stream import (
    StreamJob,
    check_standard_input,
    read_standard_input,
)
from s3gui.core.acl import CannedAcl
from s3gui.core.archive import SourceKind
from s3gui.core.errors import InputError, S3guiError
from s3gui.core.frozen import frozen
from s3gui.core.parts import check_part_size
from s3gui.core.profile import Profile, is_loopback
from s3gui.core.text import visible
from s3gui.core.transfer import (
    Batch,
    ConflictRule,
    Destination,
    TransferState,
    UploadOptions,
)
from s3gui.engine.adding import is_folder
from s3gui.engine.disks import Disks
from s3gui.engine.ports import Publish
from s3gui.engine.receipt import transfer_row
from s3gui.engine.stop import Stop
from s3gui.i18n import _

_QUEUE_IN_USE = "queue-in-use"


class Needs(Enum):
    """What a command wants of the queue on the disk, which one process owns at a time."""

    QUEUE = "queue"
    QUEUE_IF_FREE = "queue if free"
    NO_QUEUE = "no queue"


@frozen
class Surroundings:
    """Who is told, who may interrupt, and how the program's state is opened."""

    reporter: Reporter
    interruption: Interruption
    open_workspace: OpenWorkspace


@frozen
class Means:
    """What a job is made of; `parts_at_once` None follows the line."""

    workspace: Workspace
    parts: Executor
    parts_at_once: int | None
    publish: Publish
    is_kept: bool


def upload(arguments: Namespace, surroundings: Surroundings) -> int:
    """Raises InputError before anything began, and S3guiError."""
    destination = Destination.parse(arguments.destination)
    options = _options(arguments)
    sources = arguments.sources
    is_stream = sources == [STANDARD_INPUT]
    archive = SourceKind(arguments.archive) if arguments.archive is not None else None
    _check_sources(sources, destination, is_archive=archive is not None)
    receipt = Receipt(arguments.receipt) if arguments.receipt is not None else None

    def job(means: Means) -> Job:
        profile = profile_of(arguments, means.workspace)
        if receipt is not None:
            receipt.service = profile.host
        _hint_at_probe(means.workspace, profile, destination, surroundings.reporter)
        if options.part_size is not None:
            check_part_size(options.part_size, profile.provider.limits)
        if is_stream:
            return _stream_job(means, destination, options, profile)
        workspace, what = means.workspace, (destination, options, profile)

        def add(stop: Stop) -> Batch:
            if archive is not None:
                return workspace.queue.add_archive(sources[0], *what, archive)
            return workspace.queue.add(sources, *what, stop=stop)

        return UploadJob(workspace, add, is_kept=means.is_kept, size_is_known=archive is None)

    needs = Needs.NO_QUEUE if is_stream else Needs.QUEUE_IF_FREE
    return _run(job, needs, Pace.of(arguments), surroundings, receipt)


def resume(arguments: Namespace, surroundings: Surroundings) -> int:
    """Raises QueueInUse and S3guiError."""

    def job(means: Means) -> Job:
        failed = means.workspace.queue.counts().get(TransferState.FAILED)
        if failed is not None and failed.files and not arguments.failed:
            surroundings.reporter.note(
                _("Failed earlier, and not tried again without --failed: {count}.").format(
                    count=f"{failed.files:,}"
                )
            )
        return ResumeJob(means.workspace, means.publish, with_failed=arguments.failed)

    return _run(job, Needs.QUEUE, Pace.of(arguments), surroundings)


def _run(
    make_job: Callable[[Means], Job],
    needs: Needs,
    pace: Pace,
    surroundings: Surroundings,
    receipt: Receipt | None = None,
) -> int:
    events = Events()
    surroundings.interruption.tell(events.interrupt)
    transfers, parts = LatePool("transfers"), LatePool("parts")
    opens = partial(
        surroundings.open_workspace,
        transfers_executor=transfers,
        parts_executor=parts,
        publish=events.publish,
        settings=pace.settings,
        waits_for_first_answer=False,
    )
    workspace, is_kept = _open_workspace(opens, needs, surroundings.reporter)
    outcome: Outcome | None = None
    try:
        chosen = pace.settings(workspace.settings.load())
        transfers.open(chosen.file_threads)
        parts.open(chosen.part_threads)
        if note := pace.note(chosen, workspace.queue.bandwidth.bytes_per_second):
            surroundings.reporter.note(note)
        means = Means(workspace, parts, chosen.parts_at_once, events.publish, is_kept)
        job = make_job(means)
        run = Run(job, events, surroundings.reporter, surroundings.interruption)
        outcome = run.to_its_end(lambda: _write(receipt, job, surroundings.reporter))
    finally:
        # Workers that hang in a request would be waited for: they end with the process.
        if outcome is None or outcome.has_left_off:
            workspace.close()
            transfers.shutdown()
            parts.shutdown()
    return outcome.exit_code or (EXIT_FAILED if receipt and receipt.is_missing else EXIT_OK)


def _hint_at_probe(
    workspace: Workspace, profile: Profile, destination: Destination, reporter: Reporter
) -> None:
    """A person at a command line is not asked, but may want to know."""
    is_far = profile.endpoint_url is not None and not is_loopback(profile.endpoint_url)
    if is_far and workspace.needs_probe(profile):
        reporter.note(
            _(
                "What {host} can do is not known yet, so it gets what nearly every service "
                "understands: “s3gui test-connection --probe s3://{bucket}/” finds out."
            ).format(host=visible(profile.host), bucket=destination.bucket)
        )


def _write(receipt: Receipt | None, job: Job, reporter: Reporter) -> None:
    """A receipt that cannot be written takes nothing back of what was stored."""
    if receipt is not None:
        try:
            receipt.write(map(transfer_row, job.transfers()))
        except S3guiError as error:
            reporter.note(error_sentence(error))


def _open_workspace(
    opens: OpenWorkspace, needs: Needs, reporter: Reporter
) -> tuple[Workspace, bool]:
    """The workspace, and whether its queue outlives the process. Raises S3guiError."""
    if needs is Needs.NO_QUEUE:
        return opens(keep_queue=False), False
    try:
        return opens(keep_queue=True), True
    except S3guiError as error:
        if error.code != _QUEUE_IN_USE or needs is Needs.QUEUE:
            raise
    reporter.note(_("Another s3gui has the queue, so this upload cannot be resumed after a crash."))
    return opens(keep_queue=False), False


def _check_sources(
    sources: Sequence[str], destination: Destination, *, is_archive: bool = False
) -> None:
    """What can be told from the words alone, before anything is opened."""
    for source in sources:
        if source.startswith("s3://"):
            raise InputError("One destination is named, and it comes last; the rest are files.")
        if not source or "\0" in source:
            raise InputError("A file's name cannot be empty, nor hold a null character.")
    if is_archive:
        if len(sources) > 1 or not is_folder(sources[0], Disks(), Stop()):
            raise InputError("An archive is made of one folder, and of nothing else.")
    elif STANDARD_INPUT in sources:
        if len(sources) > 1:
            raise InputError("Standard input (-) is uploaded alone, without other sources.")
        if destination.is_prefix:
            raise InputError(
                f"Standard input has no name, and “{destination}” is a prefix.",
                hint="Give the whole key, such as s3://BUCKET/PREFIX/NAME.",
            )
        check_standard_input()
    elif not destination.is_prefix and (len(sources) > 1 or is_folder(sources[0], Disks(), Stop())):
        raise InputError(
            f"“{destination}” is the key of one file.",
            hint=f"For folders or several files write a prefix: “{destination}/”.",
        )


def _options(arguments: Namespace) -> UploadOptions:
    return UploadOptions(
        acl=CannedAcl(arguments.acl),
        storage_class=arguments.storage_class,
        content_type=arguments.content_type,
        cache_control=arguments.cache_control,
        content_disposition=arguments.content_disposition,
        content_encoding=arguments.content_encoding,
        encryption=arguments.sse,
        kms_key_id=arguments.kms_key_id,
        metadata=tuple(arguments.metadata),
        tags=tuple(arguments.tag),
        on_conflict=ConflictRule(arguments.on_conflict),
        part_size=arguments.part_size,
        marks_empty_folders=arguments.empty_folders,
    )


def _stream_job(
    means: Means, destination: Destination, options: UploadOptions, profile: Profile
) -> Job:
    stop = Stop()
    return StreamJob(
        means.workspace,
        read_standard_input(stop),
        destination,
        options,
        profile,
        parts_executor=means.parts,
        parts_at_once=means.parts_at_once,
        publish=means.publish,
        stop=stop,
    )
