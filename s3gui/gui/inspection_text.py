"""What a look at a service tells, in sentences."""

from __future__ import annotations

from datetime import UTC, datetime

from s3gui.core.inspection import Inspection
from s3gui.core.profile import is_unencrypted
from s3gui.core.text import format_duration, visible
from s3gui.gui.transfer_text import format_count
from s3gui.i18n import _, ngettext

_TOO_WRONG_SECONDS = 900


def inspection_sentences(seen: Inspection) -> list[str]:
    """The buckets first; then what may surprise."""
    return [
        _buckets(seen.buckets),
        *([_("Region: {region}.").format(region=visible(seen.region))] if seen.region else []),
        *_certificate(seen),
        *_clock(seen.clock_offset_seconds),
    ]


def _buckets(count: int | None) -> str:
    if count is None:
        return _("Connected. This key may not list buckets: open one by its name.")
    found = ngettext("1 bucket found.", "{count} buckets found.", count)
    return _("Connected: {found}").format(found=found.format(count=format_count(count)))


def _certificate(seen: Inspection) -> list[str]:
    if is_unencrypted(seen.endpoint_url):
        return [_("Not encrypted: everybody on the way can read and change what is sent.")]
    if seen.certificate is None:
        return []
    day = datetime.fromtimestamp(seen.certificate.expires_at, UTC).date().isoformat()
    issuer = visible(seen.certificate.issuer)
    return [_("Certificate by {issuer}, valid until {day}.").format(issuer=issuer, day=day)]


def _clock(offset_seconds: float | None) -> list[str]:
    if not offset_seconds:
        return []
    time = format_duration(abs(offset_seconds))
    if abs(offset_seconds) > _TOO_WRONG_SECONDS:
        return [_("This computer's clock is {time} off: set it.").format(time=time)]
    return [_("This computer's clock is {time} off.").format(time=time)]
