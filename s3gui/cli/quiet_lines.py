"""Progress in plain lines, for logs and pipes."""

from __future__ import annotations

from s3gui.cli.file_lines import FileLines
from s3gui.cli.lines import Lines
from s3gui.cli.outcome import Outcome
from s3gui.cli.tally import Figures, Tally
from s3gui.core.events import Event
from s3gui.core.text import format_duration, format_rate, format_size, visible
from s3gui.i18n import _, ngettext

_INTERVAL_SECONDS = 10.0


class QuietLines:
    """A reporter: a line for each of a few files, and how far it is every ten seconds."""

    def __init__(self, lines: Lines, file_lines: FileLines | None = None) -> None:
        self._lines = lines
        self._file_lines = file_lines or FileLines()
        self._told_at: float | None = None
        self._is_in_trouble = False

    def apply(self, event: Event) -> None:
        line = self._file_lines.line(event)
        if line is not None:
            self._lines.write(line)

    def tick(self, tally: Tally, now_seconds: float) -> None:
        if self._told_at is None:
            self._told_at = now_seconds
        trouble = tally.trouble(now_seconds)
        is_news = bool(trouble) and not self._is_in_trouble
        self._is_in_trouble = bool(trouble)
        if is_news or now_seconds - self._told_at >= _INTERVAL_SECONDS:
            self._told_at = now_seconds
            self._lines.write(visible(trouble) or progress_text(tally.figures))

    def note(self, sentence: str) -> None:
        self._lines.write(sentence)

    def close(self, outcome: Outcome) -> None:
        for line in [*self._file_lines.closing(outcome.failures), *outcome.sentences()]:
            self._lines.write(line)

    def stop(self) -> None:
        """Lines are whole at any time."""


def progress_text(figures: Figures) -> str:
    """“412 of 2,000 files · 1.2 GB of 3.4 GB · 85.0 MB/s · 26 s left”, as far as it is known."""
    sent = format_size(figures.acknowledged_bytes + figures.in_flight_bytes)
    words = []
    if figures.files > 1:
        words.append(
            ngettext("{done} of {count} file", "{done} of {count} files", figures.files).format(
                done=f"{figures.ended:,}", count=f"{figures.files:,}"
            )
        )
    if figures.total_bytes is None:
        words.append(_("{size} sent").format(size=sent))
    else:
        words.append(of_total(sent, format_size(figures.total_bytes)))
    if figures.bytes_per_second >= 1:
        words.append(format_rate(figures.bytes_per_second))
    if figures.seconds_left is not None:
        words.append(_("{time} left").format(time=format_duration(figures.seconds_left)))
    if figures.failed:
        words.append(_("{count} failed").format(count=f"{figures.failed:,}"))
    return " · ".join(words)


def of_total(part: str, total: str) -> str:
    """“1.2 GB of 3.4 GB”"""
    return _("{part} of {total}").format(part=part, total=total)
