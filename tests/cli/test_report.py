"""Who is told, by where it is read."""

import io
import sys

import pytest

from s3gui.cli.lines import Lines
from s3gui.cli.report import reports
from s3gui.cli.screen import Screen
from s3gui.cli.tally import Tally
from tests.cli.terminal import Terminal


def drawn(terminal: Terminal, *, json: bool = False, debug: bool = False, **variables: str) -> str:
    """What is on the terminal after a second of a run that told one sentence."""
    screen = Screen(terminal, terminal.environment | variables)
    reporter = reports(Lines(io.StringIO()), screen, json=json, debug=debug)
    for now_seconds in (100.0, 101.0):
        reporter.tick(Tally(), now_seconds)
    reporter.note("a sentence")
    told = "\n".join(terminal.rows)
    reporter.stop()
    return told


def test_on_a_terminal_a_bar_stands_below_what_is_told() -> None:
    assert drawn(Terminal()).startswith("a sentence\n──")
    assert drawn(Terminal(), json=True).startswith("a sentence\n──")


def test_where_a_bar_would_be_torn_there_are_lines_only(monkeypatch: pytest.MonkeyPatch) -> None:
    assert drawn(Terminal(), debug=True) == "a sentence"
    assert drawn(Terminal(), TERM="dumb") == "a sentence"
    monkeypatch.setattr(sys, "stdout", Terminal())
    assert drawn(Terminal(), json=True) == "a sentence"
