"""Signs with the service's time where this computer's clock is wrong.

S3 refuses what was signed more than 15 minutes off. Its answer carries its own time: the
difference is learnt from it, and the request is signed anew, once.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

OFFSET = "s3gui_clock_offset"
"""In the context of botocore's requests."""

_REFUSED = frozenset({"RequestExpired", "RequestInTheFuture", "RequestTimeTooSkewed"})
_BARE = frozenset({"", "403", "Forbidden"})
"""Answers to HEAD have no body: whether the clock is the reason, only their date says."""

_TOLERATED = timedelta(minutes=5)


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
        from s3gui.adapters.s3_clock_signer import choose_signer

        events.register_first("choose-signer.s3", choose_signer)
        events.register("before-sign.s3", self._tell_signer)
        events.register_first("needs-retry.s3", self._try_again)

    def _tell_signer(self, request: Any, **_: Any) -> None:
        given = getattr(self._given, "offset", None)
        self._given.offset = None
        request.context[OFFSET] = self._offset if given is None else given

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
        signed_with = request_dict["context"].get(OFFSET, timedelta())
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
    from email.utils import parsedate_to_datetime

    try:
        theirs = parsedate_to_datetime(metadata.get("HTTPHeaders", {}).get("date", ""))
        offset = theirs - datetime.now(UTC)
    except (TypeError, ValueError, OverflowError):
        return None
    return offset if abs(offset - known) > _TOLERATED else None
