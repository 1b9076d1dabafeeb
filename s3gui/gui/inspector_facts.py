"""All that is known of one transfer, as pairs of a name and a text to be read or copied."""

from __future__ import annotations

from datetime import datetime
from pathlib import PurePath

from PySide6.QtCore import QDateTime, QLocale

from s3gui.core.acl import CannedAcl
from s3gui.core.text import format_duration
from s3gui.core.transfer import Batch, Transfer
from s3gui.gui.access_box import acl_title
from s3gui.gui.amounts import format_size
from s3gui.gui.live import LiveParts
from s3gui.gui.options_text import chosen_options
from s3gui.gui.transfer_text import acknowledged_bytes, exact_bytes, left_out_lines
from s3gui.i18n import _

Fact = tuple[str, str]


def facts(transfer: Transfer, batch: Batch | None, live: LiveParts | None) -> list[Fact]:
    """Only what there is; the names are short, the texts whole."""
    rows = [
        (_("From"), _source(transfer)),
        (_("To"), str(transfer.destination)),
        (_("Connection"), batch.profile.name if batch is not None else ""),
        (_("Size"), _size(transfer)),
        (_("Parts"), _parts(transfer)),
        (_("There"), _there(transfer, live)),
        (_("Left out"), "\n".join(left_out_lines(transfer))),
        (_("Access"), _access(transfer.options.acl)),
        (_("Options"), "\n".join(chosen_options(transfer.options))),
        *_stored(transfer),
        (_("Upload id"), transfer.multipart.upload_id if transfer.multipart else ""),
        (_("Added"), format_moment(batch.created_at if batch is not None else None)),
        (_("Started"), format_moment(transfer.started_at)),
        (_("Ended"), _ended(transfer)),
    ]
    return [(name, text) for name, text in rows if text]


def as_text(rows: list[Fact]) -> str:
    return "\n".join(f"{name}: {text}" for name, text in rows)


def format_moment(at: float | None) -> str:
    """Seconds since the epoch, in the zone and the language of the reader."""
    if not at:
        return ""
    return QLocale().toString(QDateTime.fromSecsSinceEpoch(int(at)), _("d MMM yyyy  HH:mm:ss"))


def format_clock(at: float) -> str:
    return datetime.fromtimestamp(at).astimezone().strftime("%H:%M:%S")


def _source(transfer: Transfer) -> str:
    return transfer.source if PurePath(transfer.source).name else ""


def _size(transfer: Transfer) -> str:
    if transfer.size is None:
        return "" if transfer.state.is_ended else exact_bytes(None)
    exact = exact_bytes(transfer.size)
    return exact if transfer.size < 1000 else f"{format_size(transfer.size)} ({exact})"


def _parts(transfer: Transfer) -> str:
    if not transfer.part_size or not transfer.size:
        return ""
    count = -(-transfer.size // transfer.part_size)
    return _("{count} of up to {size}").format(count=count, size=format_size(transfer.part_size))


def _there(transfer: Transfer, live: LiveParts | None) -> str:
    if transfer.state.is_ended and transfer.sent_bytes == transfer.size:
        return ""
    return exact_bytes(acknowledged_bytes(transfer, live))


def _access(acl: CannedAcl) -> str:
    return "" if acl is CannedAcl.PRIVATE else acl_title(acl)


def _stored(transfer: Transfer) -> list[Fact]:
    stored = transfer.stored
    if stored is None:
        return []
    checksum = stored.checksum
    return [
        (_("Checksum"), f"{checksum.algorithm} {checksum.value}" if checksum else ""),
        (_("ETag"), stored.etag),
        (_("Version id"), stored.version_id or ""),
        (_("Content type"), stored.content_type or ""),
        (_("Request id"), stored.request_id),
    ]


def _ended(transfer: Transfer) -> str:
    if transfer.ended_at is None:
        return ""
    ended = format_moment(transfer.ended_at)
    if transfer.started_at is None:
        return ended
    took = format_duration(transfer.ended_at - transfer.started_at)
    return _("{moment}, after {duration}").format(moment=ended, duration=took)
