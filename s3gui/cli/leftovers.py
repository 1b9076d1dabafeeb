"""The command that lists what uploads left open on the services, and drops it."""

from __future__ import annotations

import sys
import time
from argparse import Namespace
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

from s3gui.bootstrap import Workspace
from s3gui.cli.connection import profile_of
from s3gui.cli.exits import EXIT_FAILED, EXIT_OK
from s3gui.cli.failures import error_sentence
from s3gui.cli.json_lines import JsonLines
from s3gui.cli.lines import Lines
from s3gui.cli.pools import LatePool
from s3gui.cli.state import OpenWorkspace
from s3gui.core.errors import CredentialsMissing, InputError, S3guiError
from s3gui.core.profile import Profile
from s3gui.core.text import cells, format_duration, format_size, padded, visible
from s3gui.core.transfer import Destination
from s3gui.engine.leftovers import Leftover, Owner
from s3gui.i18n import _, ngettext, translated

_QUEUE_IN_USE = "queue-in-use"


def leftovers(
    arguments: Namespace, output: Lines, errors: Lines, open_workspace: OpenWorkspace
) -> int:
    """Raises QueueInUse, InputError and S3guiError."""
    opens = partial(
        open_workspace,
        transfers_executor=LatePool("transfers"),
        parts_executor=LatePool("parts"),
        publish=lambda _event: None,
    )
    note = ""
    try:
        workspace = opens()
    except S3guiError as error:
        if error.code != _QUEUE_IN_USE or arguments.abort:
            raise
        workspace = opens(reads_queue=True)
        note = _(
            "Another s3gui has the queue, so it was only read: what is being sent at this moment "
            "is listed too. To drop something, use its window, or close it first."
        )
    with workspace:
        command = _Command(arguments, output, errors, workspace)
        return command.run(note)


@dataclass
class _Command:
    arguments: Namespace
    output: Lines
    errors: Lines
    workspace: Workspace
    aborted: int = 0
    unable: list[S3guiError] = field(default_factory=list)

    def run(self, note: str = "") -> int:
        if note:
            self._note(note)
        found = [each for each in self._found() if self._is_old_enough(each)]
        self._show(found)
        chosen = self._chosen(found) if self.arguments.abort else []
        for each in chosen:
            self._abort(each)
        if self.arguments.abort and not self.arguments.upload and len(found) > len(chosen):
            self._note(_kept(len(found) - len(chosen)))
        status = EXIT_FAILED if self.unable else EXIT_OK
        if self.arguments.json:
            JsonLines(self.output).tell(
                "summary",
                exit_code=status,
                leftovers=len(found),
                bytes=sum(each.size_bytes or 0 for each in found),
                aborted=self.aborted,
                error=None,
            )
        elif self.arguments.abort:
            self.errors.write(_dropped(self.aborted))
        return status

    # Finding.

    def _found(self) -> list[Leftover]:
        found: list[Leftover] = []
        for profile, within in self._places():
            try:
                answer = self.workspace.leftovers.find(
                    profile, within, with_others=self.arguments.all or bool(self.arguments.upload)
                )
            except S3guiError as error:
                where = f"{visible(profile.name)}, {visible(str(within))}"
                self._cannot(error, where)
                if isinstance(error, CredentialsMissing):
                    self._note(
                        _(
                            "Another connection to it may do: “s3gui leftovers {destination} "
                            "--profile NAME”."
                        ).format(destination=within)
                    )
                continue
            if answer.note:
                self._note(translated(answer.note))
            found += answer.leftovers
        return found

    def _places(self) -> Sequence[tuple[Profile, Destination]]:
        arguments = self.arguments
        if arguments.destination is not None:
            return [
                (profile_of(arguments, self.workspace), Destination.parse(arguments.destination))
            ]
        places = self.workspace.leftovers.places()
        if arguments.profile is None and arguments.endpoint_url is None:
            return places
        wanted = profile_of(arguments, self.workspace)
        return [place for place in places if place[0].id == wanted.id]

    def _is_old_enough(self, leftover: Leftover) -> bool:
        least = self.arguments.older_than
        if least is None:
            return True
        return leftover.started_at is not None and time.time() - leftover.started_at >= least

    # Showing.

    def _show(self, found: Sequence[Leftover]) -> None:
        if self.arguments.json:
            lines = JsonLines(self.output)
            for each in found:
                lines.tell("leftover", **_fields(each))
            return
        for line in table(found, time.time()):
            self.output.write(line)
        if not found and not self.unable:
            self.errors.write(_("Nothing is left open."))

    # Dropping.

    def _chosen(self, found: Sequence[Leftover]) -> list[Leftover]:
        """Raises InputError where an id is not there."""
        ids = self.arguments.upload
        if not ids:
            return [each for each in found if each.owner is Owner.OURS and not each.is_wanted]
        by_id = {each.multipart.upload_id: each for each in found}
        missing = [each for each in ids if each not in by_id]
        if missing:
            raise InputError(f"There is no open upload with the id “{visible(missing[0])}”.")
        return [by_id[each] for each in ids if self._may_drop(by_id[each])]

    def _may_drop(self, leftover: Leftover) -> bool:
        if leftover.owner is not Owner.OTHERS and not leftover.is_wanted:
            return True
        where = visible(f"s3://{leftover.multipart.bucket}/{leftover.multipart.key}")
        reason = (
            _("The upload to {place} is not of s3gui.")
            if leftover.owner is Owner.OTHERS
            else _("The upload to {place} would be gone on with.")
        ).format(place=where)
        if self.arguments.yes or _says_yes(f"{reason} {_('Drop it?')}"):
            return True
        self._note(f"{reason} {_('--yes drops it all the same.')}")
        return False

    def _abort(self, leftover: Leftover) -> None:
        where = f"s3://{leftover.multipart.bucket}/{leftover.multipart.key}"
        try:
            self.workspace.leftovers.abort(leftover)
        except S3guiError as error:
            self._cannot(error, visible(where))
            return
        self.aborted += 1
        if self.arguments.json:
            JsonLines(self.output).tell("aborted", **_fields(leftover))

    def _cannot(self, error: S3guiError, about: str) -> None:
        self.unable.append(error)
        self._note(f"{about}: {error_sentence(error)}")

    def _note(self, sentence: str) -> None:
        self.errors.write(sentence)
        if self.arguments.json:
            JsonLines(self.output).tell("note", message=sentence)


def table(found: Sequence[Leftover], now: float) -> list[str]:
    """Age, parts, bytes, whose, and where, with the upload's id last."""
    rows = [
        (
            format_duration(now - each.started_at) if each.started_at is not None else "-",
            _parts(each.parts),
            format_size(each.size_bytes) if each.size_bytes is not None else "-",
            _whose(each),
            visible(f"s3://{each.multipart.bucket}/{each.multipart.key}"),
            visible(each.multipart.upload_id),
        )
        for each in found
    ]
    widths = [max((cells(row[column]) for row in rows), default=0) for column in range(5)]
    return ["  ".join([*map(padded, row[:5], widths), row[5]]) for row in rows]


def _whose(leftover: Leftover) -> str:
    owner = {
        Owner.OURS: _("ours"),
        Owner.PROBABLY_OURS: _("probably ours"),
        Owner.OTHERS: _("others"),
    }[leftover.owner]
    if leftover.transfer is None:
        return owner
    return f"{owner}, {leftover.transfer.state.value}"


def _parts(count: int | None) -> str:
    if count is None:
        return "-"
    return ngettext("{count} part", "{count} parts", count).format(count=f"{count:,}")


def _fields(leftover: Leftover) -> dict[str, object]:
    multipart, transfer = leftover.multipart, leftover.transfer
    return {
        "connection": leftover.profile.name,
        "bucket": multipart.bucket,
        "key": multipart.key,
        "upload_id": multipart.upload_id,
        "owner": leftover.owner.value,
        "started_at": leftover.started_at,
        "parts": leftover.parts,
        "bytes": leftover.size_bytes,
        "transfer": None if transfer is None else transfer.id,
        "state": None if transfer is None else transfer.state.value,
        "is_wanted": leftover.is_wanted,
    }


def _kept(count: int) -> str:
    told = ngettext(
        "{count} upload was kept: a transfer goes on with it, or it may be another program's. "
        "--abort --upload ID drops it.",
        "{count} uploads were kept: transfers go on with them, or they may be another program's. "
        "--abort --upload ID drops one.",
        count,
    )
    return told.format(count=f"{count:,}")


def _dropped(count: int) -> str:
    told = ngettext("{count} upload dropped.", "{count} uploads dropped.", count)
    return told.format(count=f"{count:,}")


def _says_yes(question: str) -> bool:
    """Only a person at a terminal is asked."""
    if sys.stdin is None or sys.stderr is None or not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    sys.stderr.write(f"{question} [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in {"y", "yes"}
