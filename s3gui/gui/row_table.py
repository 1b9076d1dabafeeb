"""A table that is gone through row by row."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QTableView


class RowTable(QTableView):
    """Home and End lead to the first row and the last: to Qt they are the ends of a row."""

    def moveCursor(
        self, action: QTableView.CursorAction, modifiers: Qt.KeyboardModifier
    ) -> QModelIndex:
        if action in {QTableView.CursorAction.MoveHome, QTableView.CursorAction.MoveEnd}:
            there = super().moveCursor(action, modifiers | Qt.KeyboardModifier.ControlModifier)
            return there.siblingAtColumn(max(0, self.currentIndex().column()))
        return super().moveCursor(action, modifiers)
