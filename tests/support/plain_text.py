"""What a widget may show: plain text, with whatever would hide in it written out.

A name can hold `<img src=...>`: where Qt takes it for HTML, it opens that file, and on Windows a
share of somebody else's. It can hold marks that turn its end around.
"""

import re
from collections.abc import Iterable, Iterator

from PySide6.QtGui import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QFileDialog,
    QLabel,
    QMenu,
    QMessageBox,
    QTextEdit,
    QWidget,
)

from s3gui.core.text import visible

_OUR_TOOLTIP = re.compile(r"<qt>([^<>]|<br>)*</qt>")


def problems(widgets: Iterable[QWidget]) -> list[str]:
    """A sentence for each widget that could show HTML from outside, or hides what it shows."""
    return [problem for widget in widgets if not _is_qts(widget) for problem in _problems(widget)]


def tooltip_problem(text: str) -> str:
    """Why this may not be a tooltip; empty if it may."""
    if Qt.mightBeRichText(text) and not _OUR_TOOLTIP.fullmatch(text):
        return f"the tooltip {text!r} is taken for HTML"
    return hidden_problem(text)


def hidden_problem(text: str) -> str:
    shown = text.replace("\n", "")
    return "" if visible(shown) == shown else f"{text!r} holds what cannot be seen"


def _problems(widget: QWidget) -> Iterator[str]:
    name = f"{type(widget).__name__} {widget.objectName() or widget.accessibleName()}".strip()
    found: list[str] = []
    is_plain = not isinstance(widget, QLabel) or widget.textFormat() is Qt.TextFormat.PlainText
    if isinstance(widget, QLabel) and widget.text() and not is_plain:
        found.append(f"{widget.text()!r} is not shown as plain text")
    if isinstance(widget, QMessageBox):
        found.append("a message box guesses whether its text is HTML: use Question")
    if isinstance(widget, QTextEdit) and widget.acceptRichText() and not widget.isReadOnly():
        found.append("takes HTML from the clipboard")
    found.append(tooltip_problem(widget.toolTip()))
    found += [hidden_problem(text) for text in _texts(widget)]
    yield from (f"{name}: {problem}" for problem in found if problem)


def _texts(widget: QWidget) -> Iterator[str]:
    yield widget.windowTitle()
    yield widget.accessibleName()
    yield widget.accessibleDescription()
    yield widget.statusTip()
    yield widget.whatsThis()
    if isinstance(widget, QLabel | QAbstractButton):
        yield widget.text()
    if isinstance(widget, QComboBox) and not widget.isEditable():
        yield from (widget.itemText(row) for row in range(widget.count()))
    if isinstance(widget, QMenu):
        yield from (action.text() for action in widget.actions())


def _is_qts(widget: QWidget) -> bool:
    """Qt's own file dialog, and what Qt shows a tooltip in."""
    if widget.objectName() == "qtooltip_label":
        return True
    above: QWidget | None = widget
    while above is not None:
        if isinstance(above, QFileDialog):
            return True
        above = above.parentWidget()
    return False
