"""Tooltips of foreign text."""

from __future__ import annotations

from html import escape

from s3gui.core.text import visible


def plain_tooltip(text: str) -> str:
    """`text`, its lines kept, as it is: Qt takes a tooltip for HTML when it looks like it."""
    lines = (escape(visible(line)) for line in text.split("\n"))
    return f"<qt>{'<br>'.join(lines)}</qt>" if text else ""
