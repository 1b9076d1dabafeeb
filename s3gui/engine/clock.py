"""The real clock."""

from __future__ import annotations

import random
import time

from s3gui.engine.stop import Stop


class SystemClock:
    def now(self) -> float:
        return time.time()

    def steady(self) -> float:
        return time.monotonic()

    def random(self) -> float:
        return random.random()  # noqa: S311 - jitter, not a secret

    def pause(self, seconds: float, stop: Stop) -> None:
        stop.wait(seconds)
        stop.check()
