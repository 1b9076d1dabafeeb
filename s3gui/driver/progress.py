"""How far an upload is: for a caller's function, or as a line in a terminal or a notebook."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from typing import TextIO

from s3gui.core.events import Event, PartCompleted, PartProgress
from s3gui.core.rate import RateMeter
from s3gui.core.text import format_duration, format_rate, format_size, visible

OnProgress = Callable[[int, int | None], None]
"""Takes the bytes sent so far, and those in all: None while nobody knows."""

_BAR_WIDTH = 24
_MOST_OF_A_NAME = 40
_INTERVAL_SECONDS = 0.1


class ProgressSum:
    """Sums the parts' absolute counts up and tells `on_progress`, never twice at a time.

    The sum falls when a part has to be sent again. What `on_progress` raises is handed to
    `on_error`, and nothing more is told.
    """

    def __init__(
        self,
        on_progress: OnProgress,
        total: int | None,
        on_error: Callable[[BaseException], None],
    ) -> None:
        self._on_progress = on_progress
        self._total = total
        self._on_error = on_error
        self._sent: dict[int, int] = {}
        self._sent_bytes = 0
        self._lock = threading.Lock()
        self._is_over = False

    def publish(self, event: Event) -> None:
        if isinstance(event, PartProgress):
            self._count(event.number, event.sent)
        elif isinstance(event, PartCompleted):
            self._count(event.number, event.size)

    def finish(self, size: int) -> None:
        """All `size` bytes are stored."""
        with self._lock:
            self._total = self._sent_bytes = size
            self._tell()

    def _count(self, number: int, sent: int) -> None:
        with self._lock:
            self._sent_bytes += sent - self._sent.get(number, 0)
            self._sent[number] = sent
            self._tell()

    def _tell(self) -> None:
        if self._is_over:
            return
        try:
            self._on_progress(self._sent_bytes, self._total)
        except BaseException as error:  # noqa: BLE001 - raised again where the caller waits
            self._is_over = True
            self._on_error(error)


class ProgressLine:
    """An `OnProgress` that rewrites one line; where nobody watches, only the last is written."""

    def __init__(self, name: str, stream: TextIO | None = None) -> None:
        self._name = visible(name.rstrip("/").rsplit("/", 1)[-1][-_MOST_OF_A_NAME:])
        self._stream = stream or sys.stderr
        # A notebook's stream is no terminal, but it knows what a carriage return means.
        in_notebook = type(self._stream).__module__.startswith("ipykernel.")
        self._is_watched = in_notebook or self._stream.isatty()
        self._rate = RateMeter()
        self._started_at = time.monotonic()
        self._drawn_at = float("-inf")
        self._width = 0

    def __call__(self, sent_bytes: int, total: int | None) -> None:
        now = time.monotonic()
        self._rate.add(now, sent_bytes)
        if self._is_watched and now - self._drawn_at >= _INTERVAL_SECONDS:
            self._drawn_at = now
            self._draw(self._text(sent_bytes, total))

    def finish(self, size: int) -> None:
        seconds = time.monotonic() - self._started_at
        self._draw(f"{self._name}  {format_size(size)} stored in {format_duration(seconds)}", "\n")

    def abandon(self) -> None:
        """Leave the line as it is: an error is about to be shown below it."""
        if self._width:
            self._stream.write("\n")

    def _text(self, sent_bytes: int, total: int | None) -> str:
        rate = format_rate(round(self._rate.bytes_per_second))
        if not total:
            return f"{self._name}  {format_size(sent_bytes)}  {rate}"
        filled = min(_BAR_WIDTH, sent_bytes * _BAR_WIDTH // total)
        bar = "█" * filled + "░" * (_BAR_WIDTH - filled)
        left = format_duration(self._rate.seconds_left(total - sent_bytes))
        percent = min(100, sent_bytes * 100 // total)
        of_total = f"{format_size(sent_bytes)} of {format_size(total)}"
        return f"{self._name}  {bar} {percent:3} %  {of_total}  {rate}  {left} left"

    def _draw(self, text: str, end: str = "") -> None:
        start = "\r" if self._is_watched else ""
        self._stream.write(f"{start}{text.ljust(self._width)}{end}")
        self._stream.flush()
        self._width = len(text)
