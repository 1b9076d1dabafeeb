"""A terminal that keeps what a person would see."""

import io
import re
import unicodedata

_SEQUENCE = re.compile(r"\x1b\[(\??)(\d*)([A-Za-z])")
_BEGUN = re.compile(r"\x1b(\[\??\d*)?")


class Terminal(io.TextIOBase):
    """Knows the few sequences that the program uses, and fails at any other.

    `ambiguous_cells`: how wide it draws what Unicode leaves open, such as the lines of a bar.
    """

    def __init__(
        self,
        *,
        width: int = 80,
        height: int = 24,
        encoding: str = "utf-8",
        ambiguous_cells: int = 1,
    ) -> None:
        self._width, self._height = width, height
        self._encoding = encoding
        self._ambiguous_cells = ambiguous_cells
        self._rows: list[list[str]] = [[]]
        self._row = self._column = 0
        self._wraps = True
        self.shows_cursor = True
        self._begun = ""
        self.written = ""
        self.is_gone = False

    @property
    def encoding(self) -> str:
        return self._encoding

    @property
    def environment(self) -> dict[str, str]:
        return {"TERM": "xterm", "COLUMNS": str(self._width), "LINES": str(self._height)}

    @property
    def rows(self) -> list[str]:
        """From the first to the last that is not empty, without blanks at the ends."""
        rows = ["".join(row).rstrip() for row in self._rows]
        while rows and not rows[-1]:
            rows.pop()
        return rows

    def isatty(self) -> bool:
        return True

    def fileno(self) -> int:
        raise OSError("no file behind it")

    def write(self, text: str) -> int:
        if self.is_gone:
            raise OSError(5, "Input/output error")
        text.encode(self._encoding)
        self.written += text
        waiting = self._begun + text
        place = 0
        while place < len(waiting) and not _BEGUN.fullmatch(waiting, place):
            sequence = _SEQUENCE.match(waiting, place)
            if sequence is not None:
                self._obey(*sequence.groups())
                place = sequence.end()
            else:
                self._draw(waiting[place])
                place += 1
        self._begun = waiting[place:]
        return len(text)

    def _obey(self, is_private: str, number: str, command: str) -> None:
        if is_private and number == "25":
            self.shows_cursor = command == "h"
        elif is_private and number == "7":
            self._wraps = command == "h"
        elif command == "A":
            top = max(0, len(self._rows) - self._height)
            self._row = max(top, self._row - int(number))
        elif command == "J" and not number:
            del self._rows[self._row + 1 :]
            del self._rows[self._row][self._column :]
        else:
            assert command == "m", (is_private, number, command)

    def _draw(self, character: str) -> None:
        if character == "\r":
            self._column = 0
            return
        if character == "\n":
            self._next_row()
            return
        assert character.isprintable(), character
        if unicodedata.combining(character):
            self._rows[self._row][self._column - 1] += character
            return
        east_asian = unicodedata.east_asian_width(character)
        cells = {"W": 2, "F": 2, "A": self._ambiguous_cells}.get(east_asian, 1)
        if self._column + cells > self._width:
            if self._wraps:
                self._next_row()
            else:
                self._column = self._width - cells
        row = self._rows[self._row]
        row += [" "] * (self._column - len(row))
        # The second cell of a wide character holds nothing.
        row[self._column : self._column + cells] = [character] + [""] * (cells - 1)
        self._column += cells

    def _next_row(self) -> None:
        self._column = 0
        self._row += 1
        if self._row == len(self._rows):
            self._rows.append([])
