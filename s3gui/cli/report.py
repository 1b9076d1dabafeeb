"""Who is told how a run goes."""

from __future__ import annotations

import sys
from functools import partial

from s3gui.cli.file_lines import FileLines
from s3gui.cli.json_lines import JsonLines
from s3gui.cli.late_bar import LateBar
from s3gui.cli.lines import Lines
from s3gui.cli.outcome import Outcome
from s3gui.cli.quiet_lines import QuietLines
from s3gui.cli.reporter import Reporter
from s3gui.cli.screen import Screen
from s3gui.cli.tally import Tally
from s3gui.core.events import Event


class Reports:
    """All reporters of a run as one."""

    def __init__(self, *reporters: Reporter) -> None:
        self._reporters = reporters

    def apply(self, event: Event) -> None:
        for reporter in self._reporters:
            reporter.apply(event)

    def tick(self, tally: Tally, now_seconds: float) -> None:
        for reporter in self._reporters:
            reporter.tick(tally, now_seconds)

    def note(self, sentence: str) -> None:
        for reporter in self._reporters:
            reporter.note(sentence)

    def close(self, outcome: Outcome) -> None:
        for reporter in self._reporters:
            reporter.close(outcome)

    def stop(self) -> None:
        for reporter in self._reporters:
            reporter.stop()


def reports(output: Lines, errors: Lines, *, json: bool, debug: bool) -> Reports:
    """A live bar on a terminal, quiet lines elsewhere; with `json` lines on `output` as well."""
    people: Reporter = QuietLines(errors, file_lines := FileLines())
    if isinstance(errors, Screen) and _is_live(json=json, debug=debug):
        people = LateBar(people, partial(_live_bar, errors, file_lines))
    return Reports(JsonLines(output), people) if json else Reports(people)


def _live_bar(screen: Screen, file_lines: FileLines) -> Reporter:
    from s3gui.cli.live_bar import LiveBar

    return LiveBar(screen, file_lines) if screen.prepare() else QuietLines(screen, file_lines)


def _is_live(*, json: bool, debug: bool) -> bool:
    # Lines on the same terminal would tear the bar apart.
    return not (debug or (json and sys.stdout is not None and sys.stdout.isatty()))
