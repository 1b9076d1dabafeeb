"""What the table and the status bar say, in words and numbers."""

from __future__ import annotations

from collections.abc import Callable

from s3gui.core.text import format_duration, visible
from s3gui.core.transfer import Destination, Transfer, TransferState, WaitingFor
from s3gui.engine.ports import Count
from s3gui.gui.amounts import format_exact, format_rate, format_size
from s3gui.gui.live import ACKNOWLEDGED, LiveParts
from s3gui.i18n import _, ngettext, translated

_NARROW_SPACE = "\u202f"
_MOST_IN_HINT = 10
_STATES: dict[TransferState, Callable[[], str]] = {
    TransferState.QUEUED: lambda: _("Waiting"),
    TransferState.PREPARING: lambda: _("Preparing…"),
    TransferState.RUNNING: lambda: _("Uploading"),
    TransferState.FINISHING: lambda: _("Finishing on the server…"),
    TransferState.VERIFYING: lambda: _("Verifying…"),
    TransferState.PAUSED: lambda: _("Paused"),
    TransferState.COMPLETED: lambda: _("Verified ✓"),
    TransferState.FAILED: lambda: _("Failed"),
    TransferState.CANCELLED: lambda: _("Cancelled"),
    TransferState.SKIPPED: lambda: _("Skipped: exists already"),
}
"""Translated one at a time: asked for with each event."""


def format_count(count: int) -> str:
    """1 204: a narrow space is read alike in every country."""
    return f"{count:,}".replace(",", _NARROW_SPACE)


def format_progress(done_bytes: int, total_bytes: int) -> str:
    """41.2 of 154 GB: the unit once where both have the same."""
    done, total = format_size(done_bytes), format_size(total_bytes)
    number, _space, unit = done.partition(" ")
    needs_no_unit = done_bytes == 0 or total.endswith(f" {unit}")
    return _("{done} of {total}").format(done=number if needs_no_unit else done, total=total)


def amount_text(work: Count) -> str:
    """How much of it is there, and of how much, unless an archive's end is not in sight."""
    if work.files_of_unknown_size:
        return format_size(work.sent_bytes)
    return format_progress(work.sent_bytes, work.bytes)


def exact_bytes(size: int | None) -> str:
    if size is None:
        return _("size not known yet")
    return _("{count} bytes").format(count=format_exact(size))


def file_text(transfer: Transfer, root: Destination | None) -> str:
    """The key below the place of its batch: `raw/DSC_0142.NEF` of a dropped folder."""
    key = transfer.destination.key
    if root is not None and root.bucket == transfer.destination.bucket and root.is_prefix:
        return visible(key.removeprefix(root.key))
    return visible(transfer.name)


def size_text(transfer: Transfer) -> str:
    if transfer.size is not None:
        return format_size(transfer.size)
    return "—" if transfer.state.is_ended else _("streaming")


def percent(transfer: Transfer, live: LiveParts | None) -> int | None:
    """Of acknowledged bytes, rounded down; 100 only when verified; None for a stream."""
    if transfer.state is TransferState.COMPLETED:
        return 100
    if transfer.size is None:
        return None
    return min(99, 100 * acknowledged_bytes(transfer, live) // max(1, transfer.size))


def acknowledged_bytes(transfer: Transfer, live: LiveParts | None) -> int:
    """The parts know it between two states, the row at each change of state."""
    if live is not None and live.states and transfer.state is TransferState.RUNNING:
        return live.acknowledged_bytes
    return transfer.sent_bytes


def percent_text(transfer: Transfer, live: LiveParts | None) -> str:
    value = percent(transfer, live)
    if value is not None:
        return f"{value}%"
    sent = acknowledged_bytes(transfer, live)
    return format_size(sent) if sent else ""


def progress_hint(transfer: Transfer, live: LiveParts | None) -> str:
    sent = acknowledged_bytes(transfer, live)
    if transfer.size is None:
        lines = [_("{count} bytes acknowledged").format(count=format_exact(sent))]
    else:
        lines = [
            _("{count} of {total} bytes acknowledged").format(
                count=format_exact(sent), total=format_exact(transfer.size)
            )
        ]
    if live is not None and live.count and live.count > 1:
        done = live.states.count(ACKNOWLEDGED)
        lines.append(
            _("{done} of {total} parts, {moving} on their way").format(
                done=done, total=live.count, moving=len(live.in_flight)
            )
        )
    return "\n".join(lines)


def speed_text(transfer: Transfer, live: LiveParts | None) -> str:
    if transfer.state is not TransferState.RUNNING or live is None:
        return ""
    rate = live.bytes_per_second
    return format_rate(rate) if rate is not None and rate >= 1 else ""


def left_text(transfer: Transfer, live: LiveParts | None) -> str:
    if transfer.state is not TransferState.RUNNING or live is None:
        return ""
    return format_duration(live.seconds_left)


def status_text(transfer: Transfer, live: LiveParts | None = None) -> str:
    if live is not None and live.trouble and transfer.state.is_active:
        return _("Trying again: {reason} ({state})").format(
            state=status_text(transfer), reason=visible(translated(live.trouble))
        )
    manifest = transfer.manifest
    if transfer.state is TransferState.COMPLETED and manifest and manifest.skipped_count:
        left_out = left_out_text(manifest.skipped_count)
        return _("Verified ✓, {left_out}").format(left_out=left_out)
    if transfer.state is TransferState.WAITING:
        return _waiting_text(transfer.waiting_for)
    if transfer.state is TransferState.FAILED and transfer.failure is not None:
        return visible(translated(transfer.failure.message))
    return _STATES[transfer.state]()


def left_out_text(count: int) -> str:
    return ngettext("{count} left out", "{count} left out", count).format(count=format_count(count))


def left_out_lines(transfer: Transfer) -> list[str]:
    """Each with its reason; of very many the first hundred."""
    manifest = transfer.manifest
    if manifest is None:
        return []
    lines = [f"{visible(each.name)}: {translated(each.reason)}" for each in manifest.skipped]
    more = manifest.skipped_count - len(lines)
    return lines + ([_("and {count} more.").format(count=format_count(more))] if more else [])


def _waiting_text(reason: WaitingFor | None) -> str:
    return {
        WaitingFor.NETWORK: _("Waiting for network"),
        WaitingFor.CREDENTIALS: _("Waiting for sign-in"),
        WaitingFor.CLOCK: _("Waiting for the right time"),
        WaitingFor.DISK: _("Waiting for the disk"),
        WaitingFor.SOURCE: _("Waiting: the disk does not answer"),
        None: _("Waiting"),
    }[reason]


def status_hint(transfer: Transfer, live: LiveParts | None = None) -> str:
    """The longer story behind the status, for a tooltip."""
    failure = transfer.failure
    if failure is None:
        return "\n".join([status_text(transfer, live), *left_out_lines(transfer)[:_MOST_IN_HINT]])
    return "\n".join(
        visible(text)
        for text in (translated(failure.message), translated(failure.hint), failure.detail)
        if text
    )
