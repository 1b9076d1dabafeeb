"""How many small files are worth having in hand at once.

While one worker waits for an answer, others can work. More of them than fit into that time only
take the interpreter's lock from each other, at a price: on a short line one or two are all that is
of use, on a long one dozens.
"""

from __future__ import annotations

_WINDOW = 16
"""Files after which an old measure is forgotten."""

_SHORTEST_WORK_SECONDS = 0.0001


class Overlap:
    """Learns from each file. Thread-safe: a measure that is lost does no harm."""

    def __init__(self) -> None:
        self._count = 0
        self._work_seconds = 0.0
        self._wait = float("inf")
        self._wait_before = float("inf")
        self.at_once: int | None = None
        """None while nothing is known."""

    def note(self, work_seconds: float, wait_seconds: float) -> None:
        """Of one file: its worker's processor time, and from its last byte to its answer.

        The shortest wait counts: the others include that for a worker's turn.
        """
        self._count += 1
        weight = max(1 / self._count, 1 / _WINDOW)
        self._work_seconds += (work_seconds - self._work_seconds) * weight
        self._wait = min(self._wait, wait_seconds)
        wait = min(self._wait, self._wait_before)
        self.at_once = 1 + round(wait / max(self._work_seconds, _SHORTEST_WORK_SECONDS))
        if self._count % _WINDOW == 0:
            self._wait_before, self._wait = self._wait, float("inf")
