"""The way of the Tab key. Qt lets whatever is added later come last in the window."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget


def come_before(widget: QWidget, new: Sequence[QWidget]) -> None:
    """Let Tab reach `new`, in this order, right before `widget`."""
    for before, after in pairwise([_last_before(widget, new), *new, widget]):
        if before is not after:
            QWidget.setTabOrder(before, after)


def _last_before(widget: QWidget, skipped: Sequence[QWidget]) -> QWidget:
    """The nearest one before `widget` that takes the focus: Qt orders no others."""
    before = widget.previousInFocusChain()
    while before is not None and before is not widget:
        if before.focusPolicy() != Qt.FocusPolicy.NoFocus and before not in skipped:
            return before
        before = before.previousInFocusChain()
    return widget
