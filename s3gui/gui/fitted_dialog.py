"""A dialog that is as high as what it shows."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QTimer
from PySide6.QtWidgets import QDialog, QLayout, QVBoxLayout, QWidget


class FittedDialog(QDialog):
    """A column of widgets. `may_grow` lets the user make it higher.

    Qt asks a wrapped sentence for its height at some width of its own choice, so sentences would
    be cut off or float in space; here the true width counts.
    """

    may_grow = False

    def __init__(self, title: str, width: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self._least_width = width
        self.resize(width, 0)
        self.column = QVBoxLayout(self)
        self.column.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        self.column.setContentsMargins(20, 18, 20, 16)
        self.column.setSpacing(12)

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Show:
            self._fit()
        elif event.type() is QEvent.Type.LayoutRequest:
            QTimer.singleShot(0, self, self._fit)
        return super().event(event)

    def _fit(self) -> None:
        self.column.activate()
        self.setMinimumWidth(max(self._least_width, self.column.totalMinimumSize().width()))
        needed = self.column.totalSizeHint().height()
        if self.column.hasHeightForWidth():
            needed = self.column.totalHeightForWidth(self.width())
        self.setMinimumHeight(needed)
        if not self.may_grow:
            self.resize(self.width(), needed)
