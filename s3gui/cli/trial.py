"""The command that says how a service answers, and finds out by a probe what it can do."""

from __future__ import annotations

import time
from argparse import Namespace
from datetime import UTC, datetime

from s3gui.cli.connection import profile_of
from s3gui.cli.exits import EXIT_FAILED, EXIT_OK
from s3gui.cli.json_lines import JsonLines
from s3gui.cli.lines import Lines
from s3gui.cli.pools import LatePool
from s3gui.cli.state import OpenWorkspace
from s3gui.core.capabilities import Capabilities
from s3gui.core.frozen import frozen
from s3gui.core.inspection import Inspection
from s3gui.core.provider import Provider
from s3gui.core.text import cells, format_duration, padded, visible
from s3gui.core.transfer import Destination
from s3gui.engine.probe import ProbeReport
from s3gui.i18n import _, ngettext, translated

_DAY_SECONDS = 86_400
_TOO_WRONG_SECONDS = 900


@frozen
class _Answer:
    seen: Inspection
    provider: Provider
    found: Capabilities | None
    report: ProbeReport | None

    @property
    def problems(self) -> list[str]:
        return problems_of(self.seen, self.report)


def try_connection(
    arguments: Namespace, output: Lines, errors: Lines, open_workspace: OpenWorkspace
) -> int:
    """Raises InputError and S3guiError where the service cannot be used."""
    prefix = Destination.parse(arguments.probe) if arguments.probe is not None else None
    if prefix is not None and not prefix.is_prefix:
        prefix = Destination(prefix.bucket, f"{prefix.key}/")
    workspace = open_workspace(
        transfers_executor=LatePool("transfers"),
        parts_executor=LatePool("parts"),
        publish=lambda _event: None,
        keep_queue=False,
    )
    with workspace:
        profile = profile_of(arguments, workspace)
        seen = workspace.looks.inspect(profile)
        report = workspace.probe(profile, prefix) if prefix is not None else None
        found = workspace.capabilities.get(profile)
        answer = _Answer(seen, workspace.provider_of(profile), found, report)
    status = EXIT_FAILED if answer.problems else EXIT_OK
    if arguments.json:
        _tell_programs(answer, JsonLines(output), status)
    else:
        _tell_people(answer, output, errors)
    return status


def _tell_programs(answer: _Answer, lines: JsonLines, status: int) -> None:
    lines.tell("connection", **_fields(answer.seen, answer.provider, answer.found))
    report = answer.report
    if report is not None:
        lines.tell(
            "probe",
            problems=list(report.problems),
            notes=list(report.notes),
            left_behind=list(report.left_behind),
            removed_stale=report.removed_stale,
        )
    lines.tell("summary", exit_code=status, problems=answer.problems, error=None)


def _tell_people(answer: _Answer, output: Lines, errors: Lines) -> None:
    told = rows(answer.seen, answer.provider, answer.found)
    width = max(cells(name) for name, _value in told) + 2
    for name, value in told:
        output.write(f"{padded(name, width)}{visible(value)}")
    for sentence in answer.problems:
        errors.write(visible(translated(sentence)))
    for note in answer.report.notes if answer.report is not None else ():
        errors.write(visible(translated(note)))
    if answer.found is None and answer.provider.checksum is None:
        errors.write(
            _(
                "What this service can do was not tried yet: --probe s3://BUCKET/PREFIX/ does,"
                " with small objects that it deletes again. Until then it gets the most widely"
                " understood requests."
            )
        )


def problems_of(seen: Inspection, report: ProbeReport | None) -> list[str]:
    problems = list(report.problems) if report is not None else []
    if report is not None and report.left_behind:
        keys = ", ".join(report.left_behind)
        problems.append(_("These could not be proven gone; delete them: {keys}.").format(keys=keys))
    offset = seen.clock_offset_seconds
    if offset is not None and abs(offset) > _TOO_WRONG_SECONDS:
        problems.append(
            _("This computer's clock and that of the service differ by more than 15 minutes.")
        )
    return problems


def rows(seen: Inspection, provider: Provider, found: Capabilities | None) -> list[tuple[str, str]]:
    """Names and values to be read by people."""
    told = [(_("Endpoint"), seen.endpoint_url), (_("Service"), translated(provider.title))]
    if seen.region:
        told.append((_("Region"), seen.region))
    if seen.certificate is not None:
        day = datetime.fromtimestamp(seen.certificate.expires_at, UTC).date().isoformat()
        by = _("by {issuer}, valid until {day}").format(
            issuer=seen.certificate.issuer or "?", day=day
        )
        told.append((_("Certificate"), by))
    elif seen.endpoint_url.startswith("http:"):
        told.append((_("Certificate"), _("none: everything is sent in the clear")))
    buckets = _("may not be listed; open one by its name") if seen.buckets is None else seen.buckets
    checksum = _("MD5 only")
    if provider.checksum:
        checksum = _("{algorithm} of every part and object").format(algorithm=provider.checksum)
    told += [
        (_("Clock"), _clock(seen.clock_offset_seconds)),
        (_("Buckets"), str(buckets)),
        (_("Checksums"), checksum),
        ("If-None-Match", _condition(is_known=provider.conditional_writes)),
        ("If-Match", _condition(is_known=provider.conditional_replaces)),
        ("ACLs", _("taken, where the bucket allows them") if provider.acls else _("not taken")),
    ]
    if found is not None:
        days = int((time.time() - found.probed_at) // _DAY_SECONDS)
        ago = ngettext("{count} day ago", "{count} days ago", days).format(count=f"{days:,}")
        told.append((_("Probed"), _("today") if days <= 0 else ago))
    return told


def _clock(offset_seconds: float | None) -> str:
    if offset_seconds is None:
        return _("not told by the service")
    if not offset_seconds:
        return _("right")
    time_off = format_duration(abs(offset_seconds))
    if offset_seconds > 0:
        return _("{time} behind the service's").format(time=time_off)
    return _("{time} ahead of the service's").format(time=time_off)


def _condition(*, is_known: bool) -> str:
    return _("checked by the service") if is_known else _("looked at right before, not atomic")


def _fields(seen: Inspection, provider: Provider, found: Capabilities | None) -> dict[str, object]:
    certificate = seen.certificate
    return {
        "endpoint_url": seen.endpoint_url,
        "provider": provider.id,
        "region": seen.region,
        "buckets": seen.buckets,
        "clock_offset_seconds": seen.clock_offset_seconds,
        "certificate_issuer": None if certificate is None else certificate.issuer,
        "certificate_expires_at": None if certificate is None else certificate.expires_at,
        "checksum": provider.checksum,
        "conditional_writes": provider.conditional_writes,
        "conditional_replaces": provider.conditional_replaces,
        "acls": provider.acls,
        "probed_at": None if found is None else found.probed_at,
    }
