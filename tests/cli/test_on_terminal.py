"""The program on a terminal of its own, up to what a person sees."""

import codecs
import os
import pty
import subprocess
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from s3gui.practice import delay
from tests.cli.conftest import Program
from tests.cli.runs import FIVE_MIB_PARTS
from tests.cli.terminal import Terminal

_ON_ITS_TERMINAL = ': < "$0"; exec "$@"'
"""Opened by the leader of a session it becomes that session's, and its keys make signals."""


def watched(
    program: Program,
    large: Path,
    on_screen: Callable[[list[str], int], object] = lambda rows, keyboard: None,
) -> tuple[int, Terminal]:
    """An upload's status, and the screen at its end. `on_screen` gets its rows at each change."""
    terminal = Terminal()
    keyboard, theirs = pty.openpty()
    arguments = ("upload", large, "s3://practice/", *FIVE_MIB_PARTS)
    command = program.command(*arguments, "--endpoint-url", program.endpoint_url)
    process = subprocess.Popen(
        ["sh", "-c", _ON_ITS_TERMINAL, os.ttyname(theirs), *command],
        env=program.environment | terminal.environment,
        cwd=program.folder,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    decoder = codecs.getincrementaldecoder("utf-8")()
    with suppress(OSError):  # Linux: the other end was closed
        while block := os.read(keyboard, 65536):
            terminal.write(decoder.decode(block))
            on_screen(terminal.rows, keyboard)
    os.close(keyboard)
    return process.wait(30), terminal


def test_a_bar_is_drawn_and_taken_away(program: Program, practice, large) -> None:
    practice.server.faults.add(delay(0.2), operation="UploadPart", times=None)
    seen = []
    status, terminal = watched(program, large, lambda rows, _keyboard: seen.extend(rows))
    assert status == 0
    assert any(row.startswith("large.bin  ") and "━" in row for row in seen)
    assert any("MB/s" in row for row in seen)
    (last_words,) = terminal.rows
    assert last_words.startswith("Stored and verified s3://practice/large.bin")
    assert terminal.shows_cursor


def test_interrupted_by_its_keys_it_leaves_words_and_the_cursor(
    program: Program, practice, large
) -> None:
    practice.server.faults.add(delay(2.0), operation="UploadPart", times=None)
    pressed = []

    def press(rows: list[str], keyboard: int) -> None:
        if not pressed and any("━" in row for row in rows):
            pressed.append(os.write(keyboard, b"\x03"))

    status, terminal = watched(program, large, press)
    assert status == 130
    assert "^C" in terminal.written
    assert [row.split()[0] for row in terminal.rows] == ["Stopping", "Nothing", "What"]
    assert terminal.shows_cursor
