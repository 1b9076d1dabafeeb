"""Lines at first, and a bar for what takes longer: a short job is over before it would be drawn."""

from __future__ import annotations

from collections.abc import Callable

from s3gui.cli.outcome import Outcome
from s3gui.cli.reporter import Reporter
from s3gui.cli.tally import Tally
from s3gui.core.events import Event

_SHORT_SECONDS = 0.5


class LateBar:
    """A reporter. `make_bar` loads what draws, which takes as long as sending a small file."""

    def __init__(self, lines: Reporter, make_bar: Callable[[], Reporter]) -> None:
        self._reporter = lines
        self._make_bar: Callable[[], Reporter] | None = make_bar
        self._begun_at: float | None = None

    def apply(self, event: Event) -> None:
        self._reporter.apply(event)

    def tick(self, tally: Tally, now_seconds: float) -> None:
        if self._make_bar is not None:
            self._begun_at = self._begun_at or now_seconds
            if now_seconds - self._begun_at < _SHORT_SECONDS:
                return
            self._reporter, self._make_bar = self._make_bar(), None
        self._reporter.tick(tally, now_seconds)

    def note(self, sentence: str) -> None:
        self._reporter.note(sentence)

    def close(self, outcome: Outcome) -> None:
        self._reporter.close(outcome)

    def stop(self) -> None:
        self._reporter.stop()
