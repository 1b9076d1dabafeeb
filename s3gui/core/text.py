"""Numbers and foreign texts as people read them."""

from __future__ import annotations

import unicodedata

_UNITS = ("B", "kB", "MB", "GB", "TB", "PB")
_MINUTE = 60
_HOUR = 3600
_DAY = 86400
_ENDS = frozenset("?!…")
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
"""Controls, bidirectional marks, surrogates, private use, line separators."""

_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Letters and signs that draw nothing."""

_DRAWN_OVER = frozenset({"Mn", "Me"})
"""Accents and other marks that take no room of their own."""

_JOINED_LETTERS = frozenset(map(chr, range(0x1160, 0x1200)))
"""Vowels and last letters of Korean syllables that were taken apart, as macOS names files."""


def format_size(size_bytes: int) -> str:
    """Bytes in the decimal unit people use: 999 B, 3.1 kB, 48.2 MB, 154 GB."""
    amount = float(size_bytes)
    unit = 0
    while round(amount, 0 if amount >= 99.95 else 1) >= 1000 and unit < len(_UNITS) - 1:
        amount /= 1000
        unit += 1
    if unit == 0:
        return f"{size_bytes} B"
    return f"{amount:.0f} {_UNITS[unit]}" if amount >= 99.95 else f"{amount:.1f} {_UNITS[unit]}"


def format_rate(bytes_per_second: float) -> str:
    return f"{format_size(round(bytes_per_second))}/s"


def format_duration(seconds: float | None) -> str:
    """48 s, 4 min, 2 h 10 min, 3 d 4 h; a dash when nobody knows."""
    if seconds is None:
        return "—"
    whole = max(0, round(seconds))
    if whole < _MINUTE:
        return f"{whole} s"
    if whole < _HOUR:
        return f"{round(whole / _MINUTE)} min"
    if whole < _DAY:
        hours, minutes = divmod(round(whole / _MINUTE), 60)
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    days, hours = divmod(round(whole / _HOUR), 24)
    return f"{days} d {hours} h" if hours else f"{days} d"


def cells(text: str) -> int:
    """How many cells of a terminal it takes: two for each letter of East Asia."""
    return len(text) if text.isascii() else sum(map(_cells_of_character, text))


def padded(text: str, width: int) -> str:
    """`text` with blanks behind it, as wide as `width` cells."""
    return text + " " * (width - cells(text))


def shortened(text: str, width: int, mark: str = "…") -> str:
    """`text`, or of a longer one the beginning and a mark, in `width` cells at most."""
    if cells(text) <= width:
        return text
    left = width - cells(mark)
    kept = 0
    for character in text:
        left -= _cells_of_character(character)
        if left < 0:
            break
        kept += 1
    return text[:kept] + mark[:width]


def joined(sentence: str, advice: str) -> str:
    """Both as sentences. Chinese and Japanese have a full stop that needs no blank behind it."""
    if not advice or sentence.endswith("。"):
        return sentence + advice
    sentence = sentence.rstrip(".")
    return f"{sentence} {advice}" if sentence[-1:] in _ENDS else f"{sentence}. {advice}"


def visible(text: str) -> str:
    """Text from outside, fit for a label or a terminal: whatever would hide is written out."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_visible_character(character) for character in text)


def _cells_of_character(character: str) -> int:
    if unicodedata.category(character) in _DRAWN_OVER or character in _JOINED_LETTERS:
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _visible_character(character: str) -> str:
    if unicodedata.category(character) not in _HIDDEN and character not in _BLANK:
        return character
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
