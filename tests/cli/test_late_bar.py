"""A bar is drawn for what takes a while only."""

from s3gui.cli.late_bar import LateBar
from s3gui.cli.outcome import Outcome
from s3gui.cli.tally import Tally


class Told:
    def __init__(self) -> None:
        self.calls: list[str] = []

    def apply(self, event: object) -> None:
        self.calls.append("apply")

    def tick(self, tally: Tally, now_seconds: float) -> None:
        self.calls.append(f"tick {now_seconds}")

    def note(self, sentence: str) -> None:
        self.calls.append(sentence)

    def close(self, outcome: Outcome) -> None:
        self.calls.append("close")

    def stop(self) -> None:
        self.calls.append("stop")


def test_a_short_job_is_told_in_lines_and_no_bar_is_made() -> None:
    lines, made = Told(), []
    bar = LateBar(lines, lambda: made.append(1) or Told())
    for now in (100.0, 100.2, 100.4):
        bar.tick(Tally(), now)
    bar.note("a line")
    bar.close(Outcome())
    bar.stop()
    assert lines.calls == ["a line", "close", "stop"]
    assert made == []


def test_a_job_that_takes_longer_gets_one_bar_that_is_told_all_the_rest() -> None:
    lines, drawn, made = Told(), Told(), []
    bar = LateBar(lines, lambda: made.append(1) or drawn)
    bar.note("before")
    for now in (100.0, 100.4, 100.6, 100.8):
        bar.tick(Tally(), now)
    bar.note("after")
    bar.close(Outcome())
    bar.stop()
    assert lines.calls == ["before"]
    assert drawn.calls == ["tick 100.6", "tick 100.8", "after", "close", "stop"]
    assert made == [1]
