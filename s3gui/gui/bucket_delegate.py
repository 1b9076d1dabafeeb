"""Draws a bucket's row: name, region, lock, and while files hover over it, what a drop does."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from s3gui.core.text import visible
from s3gui.gui.bucket_model import BucketModel, BucketRow
from s3gui.gui.icons import icon
from s3gui.gui.row_drop import RowDrops
from s3gui.gui.theme import Theme
from s3gui.i18n import _

_HEIGHT = 30
_PADDING = 11
_LOCK_SIZE = 14
Index = QModelIndex | QPersistentModelIndex


class BucketDelegate(QStyledItemDelegate):
    def __init__(self, theme: Theme, model: BucketModel, drops: RowDrops) -> None:
        super().__init__(drops)
        self._theme = theme
        self._model = model
        self._drops = drops

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: ARG002
        return QSize(0, max(_HEIGHT, option.fontMetrics.height() + 12))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = self._model.row(index)
        if row is None:
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        is_target = self._drops.is_over(index)
        self._paint_ground(painter, option, is_target=is_target)
        room = option.rect.adjusted(_PADDING, 0, -_PADDING, 0)
        if is_target:
            destination = visible(str(row.destination))
            text = _("Upload to {destination}").format(destination=destination)
            self._paint_text(painter, room, text, self._theme.palette.accent_text)
        else:
            self._paint_row(painter, room, option.font, row)
        painter.restore()

    def _paint_ground(
        self, painter: QPainter, option: QStyleOptionViewItem, *, is_target: bool
    ) -> None:
        palette = self._theme.palette
        is_selected = bool(option.state & QStyle.StateFlag.State_Selected)
        is_hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        if not (is_target or is_selected or is_hovered):
            return
        color = palette.selection if is_target or is_selected else palette.hover
        edge = palette.selection_edge if is_selected else color
        painter.setBrush(QColor(color))
        painter.setPen(QPen(QColor(palette.accent), 1.5) if is_target else QColor(edge))
        painter.drawRoundedRect(QRectF(option.rect).adjusted(1, 1, -1, -1), 6, 6)

    def _paint_row(self, painter: QPainter, room: QRect, font: QFont, row: BucketRow) -> None:
        palette = self._theme.palette
        if row.is_favourite:
            place = QRect(0, 0, _LOCK_SIZE, _LOCK_SIZE)
            place.moveCenter(room.center())
            place.moveLeft(room.left() - 2)
            icon("star-filled", palette.warning).paint(painter, place)
            room.setLeft(place.right() + 7)
        if row.acls_disabled:
            place = QRect(0, 0, _LOCK_SIZE, _LOCK_SIZE)
            place.moveCenter(room.center())
            place.moveRight(room.right())
            icon("lock", palette.muted).paint(painter, place)
            room.setRight(place.left() - 6)
        name = visible(row.name)
        small = QFont(font)
        small.setPointSizeF(font.pointSizeF() * 0.85)
        region = visible(row.region)
        width = QFontMetrics(small).horizontalAdvance(region) + 2
        # The name comes first: a region that would cut it off is left to the tool tip.
        if region and painter.fontMetrics().horizontalAdvance(name) + 8 + width <= room.width():
            painter.setFont(small)
            region_room = room.adjusted(room.width() - width, 0, 0, 0)
            self._paint_text(painter, region_room, region, palette.muted)
            room.setRight(region_room.left() - 8)
            painter.setFont(font)
        self._paint_text(painter, room, name, palette.text)

    def _paint_text(self, painter: QPainter, room: QRect, text: str, color: str) -> None:
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, room.width())
        painter.setPen(QColor(color))
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
