"""Two rows side by side, or one below the other where both have no room: languages differ."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QLayout, QWidget

_SPACING = 6


class FoldingRow(QWidget):
    def __init__(self, first: QLayout, second: QLayout) -> None:
        super().__init__()
        self._rows = first, second
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(_SPACING)
        for row in self._rows:
            self._box.addLayout(row)

    @property
    def is_folded(self) -> bool:
        return self._box.direction() is QBoxLayout.Direction.TopToBottom

    def minimumSizeHint(self) -> QSize:
        """Folded, also while it is not: it must not keep the window from becoming narrow."""
        width = max(row.minimumSize().width() for row in self._rows)
        return QSize(width, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold()

    def event(self, event: QEvent) -> bool:
        result = super().event(event)
        if event.type() is QEvent.Type.LayoutRequest:  # something in it wants more room, or less
            self._fold()
        return result

    def _fold(self) -> None:
        needed = sum(row.sizeHint().width() for row in self._rows) + _SPACING
        way = QBoxLayout.Direction
        self._box.setDirection(way.LeftToRight if needed <= self.width() else way.TopToBottom)
