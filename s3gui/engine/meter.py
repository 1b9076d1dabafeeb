"""Reports how far a part is: absolute, at most ten times a second, and at the end."""

from __future__ import annotations

from collections.abc import Callable

from s3gui.core.events import PartProgress
from s3gui.engine.ports import Clock, Publish
from s3gui.engine.stop import Stop

_INTERVAL_SECONDS = 0.1


class PartMeter:
    """An `OnSent` for a part of `size` bytes. Also the place where a stop breaks off the sending.

    With `is_brief` only what takes longer than the time between two reports is reported.
    """

    def __init__(
        self,
        transfer_id: int,
        number: int,
        size: int,
        *,
        publish: Publish,
        clock: Clock,
        stop: Stop,
        moved: Callable[[int, Stop], None] = lambda _count, _stop: None,
        is_brief: bool = False,
    ) -> None:
        self._transfer_id = transfer_id
        self._number = number
        self._size = size
        self._publish = publish
        self._clock = clock
        self._stop = stop
        self._moved = moved
        self._sent = 0
        self._is_brief = is_brief
        self._reported_at = clock.steady() if is_brief else float("-inf")
        self._reported = -1
        self.ended_at = 0.0
        """When the last byte had left, by the steady clock."""

    def __call__(self, sent_bytes: int) -> None:
        self._stop.check()
        if sent_bytes > self._sent:
            self._moved(sent_bytes - self._sent, self._stop)
        self._sent = sent_bytes
        now = self._clock.steady()
        is_end = sent_bytes >= self._size
        if is_end and not self.ended_at:
            self.ended_at = now
        is_due = now - self._reported_at >= _INTERVAL_SECONDS or (is_end and not self._is_brief)
        if not is_due or sent_bytes == self._reported:
            return  # where nothing moves only the stop was to be looked at
        self._reported_at, self._reported = now, sent_bytes
        self._publish(PartProgress(self._transfer_id, self._number, sent_bytes, self._size))
