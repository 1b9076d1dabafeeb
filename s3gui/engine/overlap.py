"""How many small files are worth having in hand at once.

While answers are awaited, other files can be worked on, and by the same worker: a second one would
only take the interpreter's lock from the first, at three times the price of a file.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from s3gui.engine.hand import HANDFUL

_WINDOW = 16
"""Files after which an old measure is forgotten."""

_MEASURED_TOGETHER = 4
"""The system is asked for a thread's time: that is a hundredth of what a file costs."""

_SHORTEST_WORK_SECONDS = 0.0001
_LONGEST_WORK_SECONDS = 0.005
"""More goes into new connections, not into a file."""

_LONG_WAIT_SECONDS = 0.005
_MORE_ON_A_LONG_LINE = 2
"""Answers do not come evenly there, and workers that sleep are slow to wake."""

_HANDFULS = 2
"""While the answers to one come, another goes out: a worker never sleeps on a short line."""


class Overlap:
    """Learns from each file. Thread-safe: a measure that is lost does no harm."""

    def __init__(self, worked: Callable[[], float] = time.thread_time) -> None:
        self._worked = worked
        self._here = threading.local()
        self._count = 0
        self._work = _LONGEST_WORK_SECONDS
        self._wait = self._wait_before = float("inf")
        self.at_once: int | None = None
        """None while nothing is known."""

    def begun(self) -> None:
        """A file: what its worker did since it began the one before is the work of a file."""
        mark = getattr(self._here, "mark", None)
        if mark is None:
            self._here.mark = [self._worked(), 0]
            return
        mark[1] += 1
        before, files = mark
        is_known = self._count >= _WINDOW
        if is_known and files < _MEASURED_TOGETHER:
            return
        now = self._worked()
        mark[:] = now, 0
        work = max((now - before) / files, _SHORTEST_WORK_SECONDS)
        if is_known:
            self._work += (min(work, 2 * self._work) - self._work) * files / _WINDOW
        else:
            self._work = min(self._work, work)

    def answered(self, wait_seconds: float) -> None:
        """A file, so long after its last byte had left.

        The shortest wait counts: others include that for the worker, who has more to do.
        """
        self._count += 1
        self._wait = min(self._wait, wait_seconds)
        wait = min(self._wait, self._wait_before)
        if wait > _LONG_WAIT_SECONDS:
            wait *= _MORE_ON_A_LONG_LINE
        self.at_once = 1 + round(wait / self._work)
        if self._count % _WINDOW == 0:
            self._wait_before, self._wait = self._wait, float("inf")

    def awaited(self, limit: int) -> int:
        """How many answers the one worker is to await, where `limit` requests may be under way."""
        if self.at_once is None:
            return 1
        return max(min(max(self.at_once, _HANDFULS * HANDFUL), limit), HANDFUL)
