"""What everybody can do who is told how a run goes."""

from __future__ import annotations

from typing import Protocol

from s3gui.cli.outcome import Outcome
from s3gui.cli.tally import Tally
from s3gui.core.events import Event


class Reporter(Protocol):
    """Called by the main thread only; never raises for a reader that has gone."""

    def apply(self, event: Event) -> None: ...

    def tick(self, tally: Tally, now_seconds: float) -> None:
        """Several times a second, with fresh figures now and then."""
        ...

    def note(self, sentence: str) -> None: ...

    def close(self, outcome: Outcome) -> None: ...

    def stop(self) -> None:
        """Leave the terminal as it was, however it ended; may be called again."""
        ...
