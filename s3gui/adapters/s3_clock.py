"""Signs with the service's time where this computer's clock is wrong.

S3 refuses what was signed more than 15 minutes off. Its answer carries its own time: the
difference is learnt from it, and the request is signed anew, once.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from botocore.auth import AUTH_TYPE_MAPS, S3SigV4Auth

CLOCK_SIGNER = "s3gui-s3v4"
_FORMAT = "%Y%m%dT%H%M%SZ"
_OFFSET = "s3gui_clock_offset"
_REFUSED = frozenset({"RequestExpired", "RequestInTheFuture", "RequestTimeTooSkewed"})
_BARE = frozenset({"", "403", "Forbidden"})
"""Answers to HEAD have no body: whether the clock is the reason, only their date says."""

_TOLERATED = timedelta(minutes=5)


class _ClockSigner(S3SigV4Auth):
    """In Python: the CRT's signer reads bodies in small pieces, at half the speed."""

    def _modify_request_before_signing(self, request: Any) -> None:
        offset = request.context.get(_OFFSET)
        if offset:
            signed_at = datetime.strptime(request.context["timestamp"], _FORMAT)  # noqa: DTZ007 - kept as it is written
            request.context["timestamp"] = (signed_at + offset).strftime(_FORMAT)
        super()._modify_request_before_signing(request)  # type: ignore[misc]  # the stubs lack it


class ServiceTime:
    """How far the service's clock is from ours, as its answers told."""

    def __init__(self) -> None:
        self._offset = timedelta()
        self._given = threading.local()

    @property
    def offset(self) -> timedelta:
        """To be added to our time; what was signed with it may tell `signed_already`."""
        return self._offset

    def signed_already(self, offset: timedelta | None) -> None:
        """The next request that botocore signs in this thread stands for one signed with this."""
        self._given.offset = offset

    def register(self, events: Any) -> None:
        """With the events of a botocore client."""
        AUTH_TYPE_MAPS.setdefault(CLOCK_SIGNER, _ClockSigner)
        events.register_first("choose-signer.s3", _choose_signer)
        events.register("before-sign.s3", self._tell_signer)
        events.register_first("needs-retry.s3", self._try_again)

    def _tell_signer(self, request: Any, **_: Any) -> None:
        given = getattr(self._given, "offset", None)
        self._given.offset = None
        request.context[_OFFSET] = self._offset if given is None else given

    def _try_again(
        self,
        attempts: int,
        response: tuple[Any, Mapping[str, Any]] | None,
        request_dict: Mapping[str, Any],
        **_: Any,
    ) -> int | None:
        """Seconds until the next attempt; None leaves that to others."""
        if attempts > 1 or response is None:
            return None
        # Not the offset that is known by now: another thread may have learnt it meanwhile.
        signed_with = request_dict["context"].get(_OFFSET, timedelta())
        offset = _learnt(response[1], signed_with)
        if offset is None:
            return None
        self._offset = offset
        return 0


def _learnt(parsed: Mapping[str, Any], known: timedelta) -> timedelta | None:
    """The offset that a refusal teaches, where it is another than the known one."""
    code = str(parsed.get("Error", {}).get("Code", ""))
    metadata = parsed.get("ResponseMetadata", {})
    is_refused = code in _REFUSED or (metadata.get("HTTPStatusCode") == 403 and code in _BARE)
    if not is_refused:
        return None
    try:
        theirs = parsedate_to_datetime(metadata.get("HTTPHeaders", {}).get("date", ""))
        offset = theirs - datetime.now(UTC)
    except (TypeError, ValueError, OverflowError):
        return None
    return offset if abs(offset - known) > _TOLERATED else None


def _choose_signer(signature_version: Any, **_: Any) -> str | None:
    return CLOCK_SIGNER if signature_version == "s3v4" else None
