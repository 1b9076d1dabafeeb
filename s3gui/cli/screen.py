"""A terminal: lines, and below the last of them rows that are painted over again and again."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Mapping, Sequence
from threading import RLock
from typing import TextIO

from s3gui.cli.lines import Lines
from s3gui.cli.windows_console import WindowsConsole

GREEN = "32"
BLUE = "34"
BOLD = "1"
DIM = "2"
_COLORS = frozenset({GREEN, BLUE})

_HIDE_CURSOR = "\x1b[?25l"
_SHOW_CURSOR = "\x1b[?25h"
_DO_NOT_WRAP = "\x1b[?7l"
_WRAP = "\x1b[?7h"
_CLEAR_BELOW = "\x1b[J"
_USUAL_SIZE = (80, 24)
_IN_PLAIN_TEXT = str.maketrans({"…": "...", "·": "-"})


class Screen(Lines):
    """While there are rows, what is written here, or to Python's streams, goes above them.

    May be called by any thread.
    """

    def __init__(
        self,
        stream: TextIO,
        environment: Mapping[str, str] = os.environ,
        console: WindowsConsole | None = None,
    ) -> None:
        super().__init__(stream)
        self._terminal = stream
        self._environment = environment
        self._console = console or WindowsConsole()
        self._encoding = stream.encoding or "ascii"
        self._has_color = not environment.get("NO_COLOR")
        self._lock = RLock()
        self._rows: list[str] = []
        self._kept_streams: dict[str, TextIO] = {}
        self.has_lines_drawn = self._encoding.lower().startswith("utf")
        """Whether it knows the characters with which lines are drawn."""

    def prepare(self) -> bool:
        """Call it before `paint`. Returns False where the cursor cannot be moved."""
        moves_cursor = self._environment.get("TERM") not in {"dumb", "unknown"}
        return moves_cursor and self._console.switch_on()

    def size(self) -> tuple[int, int]:
        """Columns and rows, at least one of each; COLUMNS and LINES have the last word."""
        try:
            columns, rows = os.get_terminal_size(self._terminal.fileno())
        except (OSError, ValueError):
            columns, rows = 0, 0
        said = (self._environment.get(name, "") for name in ("COLUMNS", "LINES"))
        sizes = zip(said, (columns, rows), _USUAL_SIZE, strict=True)
        width, height = (
            (int(word) if word.isdecimal() else size) or usual for word, size, usual in sizes
        )
        return width, height

    def known(self, text: str) -> str:
        """`text` as it is drawn here: what the terminal's encoding lacks is written out."""
        try:
            text.encode(self._encoding)
        except UnicodeEncodeError:
            plain = text.translate(_IN_PLAIN_TEXT)
            return plain.encode(self._encoding, "backslashreplace").decode(self._encoding)
        return text

    def styled(self, text: str, style: str) -> str:
        if not text or (style in _COLORS and not self._has_color):
            return text
        return f"\x1b[{style}m{text}\x1b[0m"

    def write(self, line: str) -> None:
        with self._lock:
            if self._rows:
                self._put(f"{self._to_first_row()}{line}\n{self._painting(self._rows)}")
            else:
                super().write(line)

    def paint(self, rows: Sequence[str]) -> None:
        """Put `rows`, at least one, in the place of those there; the last, if not all have room."""
        with self._lock:
            if self.is_broken:
                return
            before = self._to_first_row() if self._rows else _HIDE_CURSOR
            self._stand_before_streams()
            self._rows = list(rows)[-self.size()[1] :]
            self._put(before + self._painting(self._rows))

    def clear(self) -> None:
        """Leave the lines only, and the terminal as it was."""
        with self._lock:
            for name, stream in self._kept_streams.items():
                getattr(sys, name).flush()
                setattr(sys, name, stream)
            self._kept_streams = {}
            if self._rows:
                self._put(self._to_first_row() + _SHOW_CURSOR)
                self._rows = []
            self._console.switch_back()

    def _to_first_row(self) -> str:
        up = len(self._rows) - 1
        return f"\r\x1b[{up}A{_CLEAR_BELOW}" if up else f"\r{_CLEAR_BELOW}"

    def _painting(self, rows: Sequence[str]) -> str:
        """A row that this terminal draws wider than was thought must not become two."""
        text = "\n".join(rows)
        return f"{_DO_NOT_WRAP}{text}{_WRAP}"

    def _put(self, text: str) -> None:
        if not self.is_broken:
            self._write(text)

    def _stand_before_streams(self) -> None:
        """Python's warnings and the logs of libraries go to whatever has these names."""
        if self._kept_streams:
            return
        for name in ("stdout", "stderr"):
            stream = getattr(sys, name)
            if stream is not None and stream.isatty():
                self._kept_streams[name] = stream
                setattr(sys, name, _Above(self, stream, self._lock))


class _Above(io.TextIOBase):
    """Text that goes above the rows of a screen, in whole lines; for the rest as `stream`."""

    def __init__(self, screen: Screen, stream: TextIO, lock: RLock) -> None:
        self._screen = screen
        self._stream = stream
        self._lock = lock
        self._begun = ""

    @property
    def encoding(self) -> str:  # type: ignore[override]
        return self._stream.encoding

    @property
    def errors(self) -> str | None:  # type: ignore[override]
        return self._stream.errors

    def fileno(self) -> int:
        return self._stream.fileno()

    def isatty(self) -> bool:
        return self._stream.isatty()

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        with self._lock:
            whole, end, begun = text.rpartition("\n")
            if end:
                self._screen.write(self._begun + whole)
                self._begun = ""
            self._begun += begun
        return len(text)

    def flush(self) -> None:
        with self._lock:
            if self._begun:
                self._screen.write(self._begun)
                self._begun = ""
