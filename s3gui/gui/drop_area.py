"""The dashed area that says where dropped files go."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QFrame, QWidget

from s3gui.core.text import visible
from s3gui.core.transfer import Destination
from s3gui.gui.icons import icon
from s3gui.gui.row_drop import accept_copy, dropped_paths
from s3gui.gui.theme import Theme
from s3gui.i18n import _

_STRIP_HEIGHT = 46
_ICON_SIZE = 28


class DropArea(QFrame):
    """A strip below the list, or the whole card where there is nothing to list."""

    paths_dropped = Signal(list)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._place: Destination | None = None
        self._target: Destination | None = None
        self._is_strip = True
        self.setAcceptDrops(True)
        theme.changed.connect(self.update)
        self._describe()

    def set_place(self, place: Destination | None) -> None:
        """Where files dropped here go; None while no bucket is chosen."""
        self._place = place
        self.setAcceptDrops(place is not None)
        self._describe()

    def set_strip(self, *, strip: bool) -> None:
        self._is_strip = strip
        self.updateGeometry()
        self.update()

    def highlight(self, target: Destination | None) -> None:
        """Say where the files of a drag go; None when there is none."""
        if target != self._target:
            self._target = target
            self._describe()

    @property
    def text(self) -> str:
        if self._target is not None:
            return _("Upload to  {destination}").format(destination=visible(str(self._target)))
        if self._place is None:
            return _("Choose a bucket on the left; then drop files or folders here")
        return _("Drop files or folders here to upload to  {destination}").format(
            destination=visible(str(self._place))
        )

    def sizeHint(self) -> QSize:
        return QSize(320, self._height())

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self._height())

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped_paths(event.mimeData()):
            self.highlight(self._place)
            accept_copy(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        accept_copy(event)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.highlight(None)
        super().dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        self.highlight(None)
        accept_copy(event)
        self.paths_dropped.emit(dropped_paths(event.mimeData()))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        palette = self._theme.palette
        is_target = self._target is not None
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge = QColor(palette.accent if is_target else palette.muted)
        edge.setAlphaF(1.0 if is_target else 0.5)
        pen = QPen(edge, 1.5)
        pen.setDashPattern([5, 4])
        painter.setPen(pen)
        if is_target:
            painter.setBrush(QColor(palette.selection))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 10, 10)
        self._paint_text(painter, palette.accent_text if is_target else palette.muted)
        painter.end()

    def _paint_text(self, painter: QPainter, color: str) -> None:
        room = self.rect().adjusted(16, 0, -16, 0)
        if not self._is_strip and room.height() > 4 * _ICON_SIZE:
            place = QRect(0, 0, _ICON_SIZE, _ICON_SIZE)
            place.moveCenter(room.center() - QPoint(0, _ICON_SIZE // 2 + 4))
            icon("upload", color).paint(painter, place)
            room.translate(0, _ICON_SIZE // 2 + 4)
        text = self.fontMetrics().elidedText(self.text, Qt.TextElideMode.ElideMiddle, room.width())
        painter.setPen(QColor(color))
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter, text)

    def _height(self) -> int:
        return max(_STRIP_HEIGHT, self.fontMetrics().height() + 28)

    def _describe(self) -> None:
        self.setAccessibleName(self.text)
        self.update()
