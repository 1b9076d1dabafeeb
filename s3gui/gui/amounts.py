"""Sizes, rates and counts of bytes with the marks of the language, as dates have its months."""

from __future__ import annotations

from PySide6.QtCore import QLocale

from s3gui.core import text


def format_size(size_bytes: int) -> str:
    """As `core.text.format_size`: 5.0 MB in English, 5,0 MB in German."""
    return _local(text.format_size(size_bytes))


def format_rate(bytes_per_second: float) -> str:
    return _local(text.format_rate(bytes_per_second))


def format_exact(count: int) -> str:
    """1,204 in English, 1.204 in German."""
    return f"{count:,}".replace(",", QLocale().groupSeparator())


def _local(amount: str) -> str:
    return amount.replace(".", QLocale().decimalPoint())
