"""Rows of the table dragged to another place in the queue."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QByteArray, QEvent, QMimeData, QModelIndex, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QDrag, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QTableView

_KIND = "application/x-s3gui-transfers"


class TransferDrag(QObject):
    """Files from outside are none of its business: the window takes them."""

    dropped = Signal(list, int)
    """The ids of the dragged transfers, and of the one that they were dropped on."""

    def __init__(
        self,
        view: QTableView,
        selected_ids: Callable[[], Sequence[int]],
        id_at: Callable[[QModelIndex], int | None],
    ) -> None:
        super().__init__(view)
        self._view = view
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

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QDragMoveEvent):  # an entering drag is one, too
            self._hold(event)
            return True
        if isinstance(event, QDropEvent):
            self._drop(event)
            return True
        return super().eventFilter(watched, event)

    def _hold(self, event: QDragMoveEvent) -> None:
        if event.mimeData().hasFormat(_KIND) and event.source() is self._view:
            event.accept()
        else:
            event.ignore()

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
