"""The table of objects, whose names keep their room in a narrow window."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtGui import QResizeEvent

from s3gui.gui.object_model import Column
from s3gui.gui.row_table import RowTable

_CHARACTERS = {Column.SIZE: 14, Column.MODIFIED: 22, Column.STORAGE_CLASS: 22}
_NAME_CHARACTERS = 24


class ObjectTable(RowTable):
    def set_widths(self) -> None:
        for column in _CHARACTERS:
            self.setColumnWidth(column, self._width_of(column))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        room = self.viewport().width() - _NAME_CHARACTERS * self._wide
        for column in _CHARACTERS:
            room -= self._width_of(column)
            self.setColumnHidden(column, room < 0)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in {QEvent.Type.FontChange, QEvent.Type.StyleChange}:
            self.set_widths()

    @property
    def _wide(self) -> int:
        return self.fontMetrics().horizontalAdvance("0")

    def _width_of(self, column: Column) -> int:
        return _CHARACTERS[column] * self._wide
