"""Paints the cells of a table row by row: ground, focus and text."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from s3gui.core.transfer import TransferState
from s3gui.gui import transfer_columns as columns
from s3gui.gui.palette import Palette
from s3gui.gui.theme import Theme
from s3gui.gui.transfer_columns import ROW_ROLE, Column, Row

Index = QModelIndex | QPersistentModelIndex

ROW_HEIGHT = 40
_PADDING = 8
_RADIUS = 6.0
_ALIGNMENTS = {column: int(columns.alignment(column)) for column in Column}


class RowDelegate(QStyledItemDelegate):
    """The plain cells; other columns have delegates of their own made from this one."""

    def __init__(self, theme: Theme, view: QTableView) -> None:
        super().__init__(view)
        self._theme = theme
        self._view = view
        self.hovered_row = -1

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(super().sizeHint(option, index).width(), row_height(self._view))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter, option, index)
        painter.setFont(option.font)
        row: Row | None = index.data(ROW_ROLE)
        if row is not None:
            self._paint_cell(painter, option, Column(index.column()), row)
        elif index.column() == Column.FILE:
            self._paint_text(painter, option, "…", Column.FILE, self._theme.palette.muted)
        painter.restore()

    def _paint_cell(
        self, painter: QPainter, option: QStyleOptionViewItem, column: Column, row: Row
    ) -> None:
        color = text_color(column, row.transfer.state, self._theme.palette)
        self._paint_text(painter, option, columns.text(row, column), column, color)

    def _paint_text(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        text: str,
        column: Column,
        color: str,
    ) -> None:
        is_name = column is Column.FILE
        mode = Qt.TextElideMode.ElideMiddle if is_name else Qt.TextElideMode.ElideRight
        room = option.rect.adjusted(_PADDING, 0, -_PADDING, 0)
        painter.setPen(QColor(color))
        fitting = option.fontMetrics.elidedText(text, mode, room.width())
        painter.drawText(room, _ALIGNMENTS[column], fitting)

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        is_selected = bool(option.state & QStyle.StateFlag.State_Selected)
        is_current = self._view.hasFocus() and index.row() == self._view.currentIndex().row()
        if not (is_selected or is_current or index.row() == self.hovered_row):
            return
        palette = self._theme.palette
        shape = _row_shape(option.rect, Column(index.column()))
        painter.setClipRect(option.rect)
        if is_selected or index.row() == self.hovered_row:
            painter.fillPath(shape, QColor(palette.selection if is_selected else palette.hover))
        if is_current:
            painter.strokePath(shape, QPen(QColor(palette.accent), 1.5))
        elif is_selected:
            painter.strokePath(shape, QPen(QColor(palette.selection_edge), 1))
        painter.setClipping(False)


def row_height(view: QTableView) -> int:
    """40 px, and more where the system's text is large."""
    return max(ROW_HEIGHT, round(view.fontMetrics().height() * 2.2))


def text_color(column: Column, state: TransferState, palette: Palette) -> str:
    if column is Column.FILE:
        return palette.text
    if column is not Column.STATUS:
        return palette.muted
    return {
        TransferState.COMPLETED: palette.ok_text,
        TransferState.FAILED: palette.error_text,
        TransferState.WAITING: palette.warning_text,
        TransferState.QUEUED: palette.muted,
        TransferState.CANCELLED: palette.muted,
        TransferState.SKIPPED: palette.muted,
    }.get(state, palette.text)


def _row_shape(cell: QRect, column: Column) -> QPainterPath:
    """One rounded row, of which the cell shows its piece: what lies beyond it is clipped."""
    left = 1 if column is Column.FILE else -2 * _RADIUS
    right = -1 if column is Column.ACTIONS else 2 * _RADIUS
    path = QPainterPath()
    path.addRoundedRect(QRectF(cell).adjusted(left, 1, right, -1), _RADIUS, _RADIUS)
    return path
