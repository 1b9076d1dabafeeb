"""What a round of work came to, in words."""

from __future__ import annotations

from s3gui.core.text import format_duration
from s3gui.gui.amounts import format_rate, format_size
from s3gui.gui.transfer_text import format_count, left_out_text
from s3gui.gui.work_round import RoundSummary
from s3gui.i18n import _, ngettext


def round_title(summary: RoundSummary) -> str:
    """How many files are there, each of them verified."""
    if not summary.files:
        return _("Nothing was uploaded") if summary.failed else _("Nothing new to upload")
    return ngettext(
        "{count} file uploaded and verified",
        "{count} files uploaded and verified",
        summary.files,
    ).format(count=format_count(summary.files))


def round_facts(summary: RoundSummary) -> list[str]:
    """How much, how long, how fast, and what is not there."""
    facts = [format_size(summary.bytes)] if summary.files else []
    rate = summary.bytes_per_second
    if rate is not None and summary.files:
        facts.append(_("in {time}").format(time=format_duration(summary.seconds)))
        facts.append(_("{rate} on average").format(rate=format_rate(rate)))
    if summary.skipped:
        facts.append(skipped_text(summary))
    if summary.left_out:
        facts.append(left_out_text(summary.left_out))
    if summary.failed:
        facts.append(failed_text(summary.failed))
    return facts


def skipped_text(summary: RoundSummary) -> str:
    return ngettext(
        "{count} skipped: exists already", "{count} skipped: exist already", summary.skipped
    ).format(count=format_count(summary.skipped))


def failed_text(count: int) -> str:
    return ngettext("{count} file failed", "{count} files failed", count).format(
        count=format_count(count)
    )
