"""Standard output and standard error, whose readers may leave at any time."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import TextIO


class Lines:
    """Writes whole lines. A reader that has gone is noted in `is_broken` and never raised.

    `stream` is None where the program was started with it closed.
    """

    def __init__(self, stream: TextIO | None) -> None:
        self._stream = stream
        self.is_broken = False

    def write(self, line: str) -> None:
        if not self.is_broken:
            self._write(f"{line}\n")

    def write_nothing(self) -> None:
        """Find out whether what others wrote to the stream got through."""
        if not self.is_broken:
            self._write("")

    def _write(self, text: str) -> None:
        try:
            if self._stream is None:
                raise BrokenPipeError
            self._stream.write(text)
            self._stream.flush()
        except (OSError, ValueError):  # ValueError: closed by somebody in this process
            self.is_broken = True
            _forget(self._stream)


def prepare_standard_streams() -> None:
    """No character that the terminal lacks may end the program; no file may become stdout."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    for descriptor in (0, 1, 2):
        try:
            os.fstat(descriptor)
        except OSError:
            # The next file to be opened would take this number, and what a library prints to
            # “standard output” would go into it. The lowest free number is taken: this one.
            os.open(os.devnull, os.O_RDWR)


def _forget(stream: TextIO | None) -> None:
    """What is still in the buffer would fail once more, with a traceback, at Python's own end."""
    if stream is None:
        return
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
