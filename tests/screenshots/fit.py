"""Texts that do not fit where they are shown: longer languages find them."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QStyle,
    QStyleOptionComboBox,
    QWidget,
)

from s3gui.core.text import cells

_ROUNDING = 1
"""A pixel that a font measures more than it draws."""


def unfitting(top: QWidget) -> list[str]:
    """Each with its class and the pixels that are missing."""
    found = []
    for kind, missing in (
        (QLabel, _of_label),
        (QAbstractButton, _of_button),
        (QComboBox, _of_box),
        (QLineEdit, _of_field),
        (QHeaderView, _of_header),
    ):
        for widget in [*top.findChildren(kind), *([top] if isinstance(top, kind) else [])]:
            if widget.isVisible():
                for text, pixels in missing(widget):
                    if pixels > _ROUNDING:
                        found.append(f"{type(widget).__name__} “{text}”: {pixels} px")
    return found


def _of_label(label: QLabel) -> Iterator[tuple[str, int]]:
    if not label.text() or label.pixmap().width():
        return
    room = label.contentsRect()
    if label.wordWrap():
        yield label.text(), label.heightForWidth(label.width()) - label.height()
        # Chinese and Japanese are broken anywhere.
        words = [word for word in label.text().split() if cells(word) == len(word)]
        widest = max(map(label.fontMetrics().horizontalAdvance, words), default=0)
        yield label.text(), widest - room.width()
    else:
        yield label.text(), label.sizeHint().width() - label.width()
        yield label.text(), label.sizeHint().height() - label.height()


def _of_button(button: QAbstractButton) -> Iterator[tuple[str, int]]:
    if button.text() and _shows_its_text(button):
        yield button.text(), button.sizeHint().width() - button.width()
        yield button.text(), button.fontMetrics().height() - button.height()


def _shows_its_text(button: QAbstractButton) -> bool:
    style = getattr(button, "toolButtonStyle", None)
    return (
        style is None or style() != Qt.ToolButtonStyle.ToolButtonIconOnly or button.icon().isNull()
    )


def _of_box(box: QComboBox) -> Iterator[tuple[str, int]]:
    option = QStyleOptionComboBox()
    box.initStyleOption(option)
    part = QStyle.SubControl.SC_ComboBoxEditField
    room = box.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, part, box)
    if not box.isEditable():
        text = box.currentText()
        yield text, box.fontMetrics().horizontalAdvance(text) - room.width()


def _of_field(field: QLineEdit) -> Iterator[tuple[str, int]]:
    hint = field.placeholderText()
    if hint and not field.text():
        yield hint, field.fontMetrics().horizontalAdvance(hint) - field.contentsRect().width()


def _of_header(header: QHeaderView) -> Iterator[tuple[str, int]]:
    if header.orientation() != Qt.Orientation.Horizontal or header.model() is None:
        return
    for section in range(header.count()):
        if not header.isSectionHidden(section):
            text = header.model().headerData(section, header.orientation())
            needed = header.fontMetrics().horizontalAdvance(str(text or ""))
            yield str(text), needed - header.sectionSize(section)
