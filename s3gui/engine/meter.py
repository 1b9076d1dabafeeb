"""Reports how far a part is: absolute, at most ten times a second, and at the end."""

from __future__ import annotations

from s3gui.core.events import PartProgress
from s3gui.core.parts import Part
from s3gui.engine.ports import Clock, Publish
from s3gui.engine.stop import Stop

_INTERVAL_SECONDS = 0.1


class PartMeter:
    """An `OnSent` for one part. Also the place where a stop breaks off the sending."""

    def __init__(
        self, transfer_id: int, part: Part, *, publish: Publish, clock: Clock, stop: Stop
    ) -> None:
        self._transfer_id = transfer_id
        self._part = part
        self._publish = publish
        self._clock = clock
        self._stop = stop
        self._reported_at = float("-inf")

    def __call__(self, sent_bytes: int) -> None:
        self._stop.check()
        now = self._clock.steady()
        if sent_bytes < self._part.length and now - self._reported_at < _INTERVAL_SECONDS:
            return
        self._reported_at = now
        self._publish(
            PartProgress(self._transfer_id, self._part.number, sent_bytes, self._part.length)
        )
