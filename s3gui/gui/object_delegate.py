"""Paints the rows of the object list; a prefix over which files hover stands out."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from s3gui.gui.object_model import Column
from s3gui.gui.row_drop import RowDrops
from s3gui.gui.theme import Theme, tabular

PADDING = 8
_HEIGHT = 30
_ICON_SIZE = 16
_RADIUS = 6.0
Index = QModelIndex | QPersistentModelIndex


class ObjectDelegate(QStyledItemDelegate):
    """`drops` says which row a drag hovers over."""

    def __init__(self, theme: Theme, view: QTableView, drops: RowDrops) -> None:
        super().__init__(view)
        self._theme = theme
        self._view = view
        self._drops = drops

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter, option, index)
        room = option.rect.adjusted(PADDING, 0, -PADDING, 0)
        picture = index.data(Qt.ItemDataRole.DecorationRole)
        if isinstance(picture, QIcon):
            place = QRect(0, 0, _ICON_SIZE, _ICON_SIZE)
            place.moveCenter(room.center())
            place.moveLeft(room.left())
            picture.paint(painter, place)
            room.setLeft(place.right() + PADDING)
        self._paint_text(painter, room, index, option)
        painter.restore()

    def _paint_text(
        self, painter: QPainter, room: QRect, index: Index, option: QStyleOptionViewItem
    ) -> None:
        is_name = index.column() == Column.NAME
        palette = self._theme.palette
        painter.setPen(QColor(palette.text if is_name else palette.muted))
        painter.setFont(option.font if is_name else tabular(option.font))
        mode = Qt.TextElideMode.ElideMiddle if is_name else Qt.TextElideMode.ElideRight
        text = str(index.data(Qt.ItemDataRole.DisplayRole) or "")
        shown = painter.fontMetrics().elidedText(text, mode, room.width())
        alignment: Qt.AlignmentFlag = index.data(Qt.ItemDataRole.TextAlignmentRole)
        painter.drawText(room, alignment, shown)

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        palette = self._theme.palette
        is_target = self._drops.is_over(index)
        shape = _row_shape(option.rect, Column(index.column()))
        painter.setClipRect(option.rect)
        painter.fillRect(option.rect, QColor(palette.card))  # over the view's own square ground
        if is_target or option.state & QStyle.StateFlag.State_Selected:
            painter.fillPath(shape, QColor(palette.selection))
            painter.strokePath(shape, QPen(QColor(palette.selection_edge), 1))
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillPath(shape, QColor(palette.hover))
        is_current = self._view.hasFocus() and index.row() == self._view.currentIndex().row()
        if is_target or is_current:
            painter.strokePath(shape, QPen(QColor(palette.accent), 1.5))
        painter.setClipping(False)


def row_height(view: QTableView) -> int:
    """30 px, and more where the system's text is large."""
    return max(_HEIGHT, view.fontMetrics().height() + 12)


def _row_shape(cell: QRect, column: Column) -> QPainterPath:
    """One rounded row: what reaches beyond the cell is clipped away."""
    shape = QRectF(cell).adjusted(1, 1, -1, -1)
    if column is not Column.NAME:
        shape.setLeft(shape.left() - 3 * _RADIUS)
    if column is not Column.STORAGE_CLASS:
        shape.setRight(shape.right() + 3 * _RADIUS)
    path = QPainterPath(QPointF(shape.topLeft()))
    path.addRoundedRect(shape, _RADIUS, _RADIUS)
    return path
