"""The progress cell: the parts of a transfer, and how many percent are acknowledged."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath
from PySide6.QtWidgets import QStyleOptionViewItem

from s3gui.core.transfer import TransferState
from s3gui.gui import transfer_columns as columns
from s3gui.gui.palette import Palette
from s3gui.gui.part_picture import picture
from s3gui.gui.row_delegate import RowDelegate
from s3gui.gui.transfer_columns import Column, Row

_BAR_HEIGHT = 8
_PADDING = 8
_IN_FLIGHT_OPACITY = 0.45
_WIDEST_PERCENT = "100%"


class ProgressDelegate(RowDelegate):
    def _paint_cell(
        self, painter: QPainter, option: QStyleOptionViewItem, column: Column, row: Row
    ) -> None:
        text = columns.text(row, column)
        metrics = option.fontMetrics
        text_width = max(metrics.horizontalAdvance(each) for each in (_WIDEST_PERCENT, text))
        room = option.rect.adjusted(_PADDING, 0, -_PADDING, 0)
        painter.setPen(QColor(self._theme.palette.muted))
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(room, int(right), text)
        bar_width = room.width() - text_width - 2 * _PADDING
        if bar_width > _BAR_HEIGHT:
            top = room.center().y() - _BAR_HEIGHT // 2 + 1
            bar = QRectF(room.left(), top, bar_width, _BAR_HEIGHT)
            paint_bar(painter, bar, row, self._theme.palette)


def paint_bar(painter: QPainter, bar: QRectF, row: Row, palette: Palette) -> None:
    """Acknowledged solid, on its way lighter, failed in the colour of errors, the rest track."""
    outline = QPainterPath()
    outline.addRoundedRect(bar, bar.height() / 2, bar.height() / 2)
    painter.save()
    painter.setClipPath(outline)
    painter.fillRect(bar, QColor(palette.track))
    solid = QColor(_bar_color(row.transfer.state, palette))
    for part in picture(row.transfer, row.live, int(bar.width())):
        width = part.end - part.start
        area = QRectF(bar.left() + part.start, bar.top(), width, bar.height())
        if part.has_failed:
            painter.fillRect(area, QColor(palette.error))
        elif part.is_average:
            shade = part.acknowledged + (part.sent - part.acknowledged) * _IN_FLIGHT_OPACITY
            painter.fillRect(area, _faded(solid, shade))
        elif part.acknowledged:
            painter.fillRect(area, solid)
        else:
            painter.fillRect(area, _faded(solid, _IN_FLIGHT_OPACITY / 2))
            area.setWidth(width * part.sent)
            painter.fillRect(area, _faded(solid, _IN_FLIGHT_OPACITY))
    painter.restore()


def _faded(color: QColor, opacity: float) -> QColor:
    result = QColor(color)
    result.setAlphaF(opacity)
    return result


def _bar_color(state: TransferState, palette: Palette) -> str:
    if state is TransferState.COMPLETED:
        return palette.ok
    if state.is_active or state is TransferState.FAILED:
        return palette.accent
    return palette.muted
