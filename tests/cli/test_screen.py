import logging
import os
import struct
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from s3gui.cli.screen import BOLD, GREEN, Screen
from tests.cli.terminal import Terminal


def screen_of(terminal: Terminal, **variables: str) -> Screen:
    return Screen(terminal, terminal.environment | variables)


def test_rows_take_the_place_of_those_before() -> None:
    terminal = Terminal()
    terminal.write("earlier\n")
    screen = screen_of(terminal)
    screen.paint(["one", "two", "three"])
    assert terminal.rows == ["earlier", "one", "two", "three"]
    screen.paint(["a longer one"])
    assert terminal.rows == ["earlier", "a longer one"]
    screen.paint(["1", "2"])
    assert terminal.rows == ["earlier", "1", "2"]


def test_lines_go_above_the_rows() -> None:
    terminal = Terminal()
    screen = screen_of(terminal)
    screen.write("first")
    screen.paint(["one", "two"])
    screen.write("second")
    screen.write("of two\nlines")
    assert terminal.rows == ["first", "second", "of two", "lines", "one", "two"]


def test_lines_longer_than_the_terminal_wrap_and_rows_never_do() -> None:
    terminal = Terminal(width=10)
    screen = screen_of(terminal)
    screen.paint(["wider than that", "two"])
    screen.write("a line wider than that")
    assert terminal.rows == ["a line wid", "er than th", "at", "wider that", "two"]


def test_a_terminal_that_draws_lines_two_cells_wide_is_not_torn() -> None:
    terminal = Terminal(width=10, ambiguous_cells=2)
    screen = screen_of(terminal)
    for _tick in range(3):
        screen.paint(["━" * 10, "text"])
    screen.write("told")
    assert terminal.rows == ["told", "━" * 5, "text"]


def test_of_more_rows_than_the_terminal_has_the_last_are_painted() -> None:
    terminal = Terminal(height=3)
    screen = screen_of(terminal)
    screen.write("told")
    for _tick in range(3):
        screen.paint(["1", "2", "3", "4", "5"])
    assert terminal.rows == ["told", "3", "4", "5"]


def test_clearing_leaves_the_lines_and_the_cursor() -> None:
    terminal = Terminal()
    screen = screen_of(terminal)
    screen.paint(["one", "two"])
    assert not terminal.shows_cursor
    screen.write("told")
    screen.clear()
    screen.clear()
    assert terminal.shows_cursor
    assert terminal.rows == ["told"]
    screen.write("told later")
    assert terminal.rows == ["told", "told later"]


def test_nothing_is_switched_where_nothing_was_painted() -> None:
    terminal = Terminal()
    screen = screen_of(terminal)
    screen.write("told")
    screen.clear()
    assert terminal.written == "told\n"


def test_what_python_and_libraries_print_goes_above_the_rows(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setattr(sys, "stdout", terminal)
    screen = screen_of(terminal)
    screen.paint(["one", "two"])
    log = logging.getLogger("of.a.library")
    log.propagate = False  # nobody listens: Python prints it
    log.warning("careful")
    sys.stdout.write("half a line, ")
    screen.paint(["one", "two"])
    sys.stdout.write("and the rest\n")
    assert terminal.rows == [
        "careful",
        "half a line, and the rest",
        "one",
        "two",
    ]
    sys.stdout.write("begun")
    screen.clear()
    assert terminal.rows[-1] == "begun"
    assert sys.stderr is sys.stdout is terminal


def test_a_stream_that_is_no_terminal_keeps_its_place(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    screen = screen_of(Terminal())
    screen.paint(["one"])
    sys.stdout.write("for a program\n")
    screen.clear()
    assert capsys.readouterr().out == "for a program\n"


def test_what_stands_for_a_stream_is_a_terminal_of_its_encoding(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    terminal = Terminal(encoding="latin-1")
    monkeypatch.setattr(sys, "stderr", terminal)
    screen = screen_of(terminal)
    screen.paint(["one"])
    assert sys.stderr is not terminal
    assert sys.stderr.isatty()
    assert sys.stderr.writable()
    assert sys.stderr.encoding == "latin-1"
    assert sys.stderr.errors == terminal.errors
    with pytest.raises(OSError, match="no file"):
        sys.stderr.fileno()
    screen.clear()


def test_lines_of_many_threads_stay_whole() -> None:
    terminal = Terminal()
    screen = screen_of(terminal)
    told = [f"line {number}" for number in range(100)]
    with ThreadPoolExecutor(4) as pool:
        writing = pool.map(screen.write, told)
        for number in range(20):
            screen.paint(["row"] * (number % 3 + 1))
        list(writing)
    screen.clear()
    assert sorted(terminal.rows) == sorted(told)


def test_a_terminal_that_has_gone_is_noted_and_gives_the_streams_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    screen = screen_of(terminal)
    screen.paint(["one"])
    terminal.is_gone = True
    screen.paint(["two"])
    assert screen.is_broken
    screen.write("nobody reads this")
    sys.stderr.write("nor this\n")
    screen.clear()
    assert sys.stderr is terminal


@pytest.mark.parametrize("name", ["dumb", "unknown"])
def test_a_terminal_whose_cursor_stays_is_not_painted_on(name: str) -> None:
    assert screen_of(Terminal()).prepare()
    assert not screen_of(Terminal(), TERM=name).prepare()


class Console:
    """Of Windows; `knows_sequences` False in those of old."""

    def __init__(self, *, knows_sequences: bool) -> None:
        self.knows_sequences = knows_sequences
        self.calls: list[str] = []

    def switch_on(self) -> bool:
        self.calls.append("on")
        return self.knows_sequences

    def switch_back(self) -> None:
        self.calls.append("back")


def test_a_windows_console_is_prepared_and_left_as_it_was() -> None:
    terminal, console = Terminal(), Console(knows_sequences=True)
    screen = Screen(terminal, terminal.environment, console)
    assert screen.prepare()
    screen.paint(["one"])
    screen.clear()
    assert console.calls == ["on", "back"]
    assert not Screen(terminal, {}, Console(knows_sequences=False)).prepare()


def test_the_size_is_asked_of_the_terminal_at_each_time() -> None:
    fcntl, pty, termios = map(pytest.importorskip, ("fcntl", "pty", "termios"))
    ours, theirs = pty.openpty()
    with os.fdopen(ours), os.fdopen(theirs, "w") as stream:
        screen = Screen(stream, {})
        assert screen.size() == (80, 24)  # this one does not say
        for size in ((100, 30), (50, 10)):
            fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("4H", *reversed(size), 0, 0))
            assert screen.size() == size
        assert Screen(stream, {"COLUMNS": "40", "LINES": "0"}).size() == (40, 24)
        assert Screen(stream, {"COLUMNS": "wide", "LINES": "-1"}).size() == (50, 10)


def test_what_an_encoding_lacks_is_written_out() -> None:
    plain, utf_8 = screen_of(Terminal(encoding="ascii")), screen_of(Terminal())
    assert plain.known("Preparing… 1 · é") == "Preparing... 1 - \\xe9"
    assert utf_8.known("Preparing… 1 · é") == "Preparing… 1 · é"
    assert utf_8.has_lines_drawn
    assert not plain.has_lines_drawn


def test_nothing_is_styled_where_there_is_no_text_or_no_color() -> None:
    screen = screen_of(Terminal(), NO_COLOR="1")
    assert screen.styled("text", GREEN) == "text"
    assert screen.styled("text", BOLD) == "\x1b[1mtext\x1b[0m"
    assert screen_of(Terminal()).styled("", GREEN) == ""
    assert screen_of(Terminal(), NO_COLOR="").styled("text", GREEN) == "\x1b[32mtext\x1b[0m"
