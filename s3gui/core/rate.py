"""How fast it goes, and how long it still takes."""

from __future__ import annotations

from collections import deque


class RateMeter:
    """Bytes per second over the last `window_seconds`, from absolute byte counts.

    Times are any steady clock's seconds. A count that falls (a retry took bytes back) lowers
    the rate, never below zero.
    """

    def __init__(self, window_seconds: float = 8.0) -> None:
        self._window_seconds = window_seconds
        self._samples: deque[tuple[float, int]] = deque()

    def add(self, now_seconds: float, total_bytes: int) -> None:
        self._samples.append((now_seconds, total_bytes))
        oldest_wanted = now_seconds - self._window_seconds
        while len(self._samples) > 2 and self._samples[1][0] <= oldest_wanted:
            self._samples.popleft()

    @property
    def bytes_per_second(self) -> float:
        if len(self._samples) < 2:
            return 0.0
        (start, first), (end, last) = self._samples[0], self._samples[-1]
        return max(0.0, (last - first) / (end - start)) if end > start else 0.0

    def seconds_left(self, remaining_bytes: int) -> float | None:
        """None when nothing moves: better no answer than an endless one."""
        rate = self.bytes_per_second
        if remaining_bytes <= 0:
            return 0.0
        return remaining_bytes / rate if rate >= 1.0 else None
