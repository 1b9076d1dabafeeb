"""Rows of the table dragged to another place in the queue."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QByteArray, QEvent, QMimeData, QModelIndex, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QColor, QDrag, QDragMoveEvent, QDropEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QTableView, QWidget

from s3gui.gui.theme import Theme

_KIND = "application/x-s3gui-transfers"
_LINE_HEIGHT = 3


class TransferDrag(QObject):
    """Files from outside are none of its business: the window takes them.

    `line` shows where the rows would go: before the one under the mouse.
    """

    dropped = Signal(list, int)
    """The ids of the dragged transfers, and of the one that they were dropped on."""

    def __init__(
        self,
        view: QTableView,
        theme: Theme,
        selected_ids: Callable[[], Sequence[int]],
        id_at: Callable[[QModelIndex], int | None],
    ) -> None:
        super().__init__(view)
        self._view = view
        self.line = DropLine(theme, view.viewport())
        self._selected_ids = selected_ids
        self._id_at = id_at
        view.setAcceptDrops(True)
        view.setDropIndicatorShown(False)
        view.viewport().installEventFilter(self)

    def start(self) -> None:
        """Blocks until the mouse lets go; events go on."""
        mime = QMimeData()
        mime.setData(_KIND, QByteArray(b"1"))
        drag = QDrag(self._view)
        drag.setMimeData(mime)
        drag.exec(Qt.DropAction.MoveAction)
        self.line.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QDragMoveEvent):  # an entering drag is one, too
            self._hold(event)
            return True
        if event.type() is QEvent.Type.DragLeave:
            self.line.hide()
        if isinstance(event, QDropEvent):
            self.line.hide()
            self._drop(event)
            return True
        return super().eventFilter(watched, event)

    def _hold(self, event: QDragMoveEvent) -> None:
        if event.mimeData().hasFormat(_KIND) and event.source() is self._view:
            event.accept()
            self._show_line(event.position().toPoint())
        else:
            event.ignore()

    def _show_line(self, place: QPoint) -> None:
        index = self._view.indexAt(place)
        self.line.setVisible(index.isValid())
        top = self._view.rowViewportPosition(index.row()) - _LINE_HEIGHT // 2
        self.line.setGeometry(0, max(0, top), self._view.viewport().width(), _LINE_HEIGHT)

    def _drop(self, event: QDropEvent) -> None:
        target = self._target(event.position().toPoint())
        ids = list(self._selected_ids())
        if event.mimeData().hasFormat(_KIND) and target is not None and ids:
            event.accept()
            self.dropped.emit(ids, target)
        else:
            event.ignore()

    def _target(self, place: QPoint) -> int | None:
        return self._id_at(self._view.indexAt(place))


class DropLine(QWidget):
    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self._theme.palette.accent))
        painter.end()
