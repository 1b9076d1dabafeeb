"""An imitated line: how late an answer comes, and how fast bodies are taken off the wire."""

from __future__ import annotations

from dataclasses import dataclass

_SLACK_SECONDS = 0.01
"""What a timer that comes late may make up for."""


@dataclass(frozen=True, slots=True)
class Line:
    """Rates in bytes a second; 0 means without limit."""

    latency_seconds: float = 0.0
    connection_rate: int = 0
    link_rate: int = 0

    @property
    def is_limited(self) -> bool:
        return bool(self.connection_rate or self.link_rate)


class Pace:
    """Of one connection on a link that it shares with all others."""

    def __init__(self, line: Line, link: Link) -> None:
        self._line = line
        self._link = link
        self._free_at = 0.0

    def took(self, size: int, now: float) -> float:
        """`size` bytes were taken at `now`; returns when the next may be (monotonic seconds)."""
        if self._line.connection_rate:
            self._free_at = (
                max(self._free_at, now - _SLACK_SECONDS) + size / self._line.connection_rate
            )
        return max(self._free_at, self._link.took(size, now))


class Link:
    def __init__(self, line: Line) -> None:
        self._rate = line.link_rate
        self._free_at = 0.0

    def took(self, size: int, now: float) -> float:
        if self._rate:
            self._free_at = max(self._free_at, now - _SLACK_SECONDS) + size / self._rate
        return self._free_at
