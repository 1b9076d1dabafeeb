"""Files dropped on the rows of a view: each row may stand for a destination of its own."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import (
    QEvent,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QAbstractItemView

from s3gui.core.transfer import Destination
from s3gui.gui.local_file import local_path


def dropped_paths(mime: QMimeData) -> list[str]:
    """The local files and folders of a drag, in the order they were taken up."""
    return [path for path in map(local_path, mime.urls()) if path is not None]


class RowDrops(QObject):
    """Lets the rows of `view` take files.

    `destination_at` says where files dropped on an index go, None where none may be dropped.
    """

    hovered = Signal(object)
    """The Destination below a drag, None when the drag is over or elsewhere."""

    paths_dropped = Signal(list, object)

    def __init__(
        self,
        view: QAbstractItemView,
        destination_at: Callable[[QModelIndex], Destination | None],
    ) -> None:
        super().__init__(view)
        self._view = view
        self._destination_at = destination_at
        self._row = QPersistentModelIndex()
        view.setAcceptDrops(True)
        view.setDropIndicatorShown(False)
        view.viewport().installEventFilter(self)

    def is_over(self, index: QModelIndex | QPersistentModelIndex) -> bool:
        """Whether a drag hovers over the row of `index`."""
        return self._row.isValid() and index.row() == self._row.row()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QDragMoveEvent):  # an entering drag is one, too
            self._move(event)
            return True
        if isinstance(event, QDropEvent):
            self._drop(event)
            return True
        if event.type() is QEvent.Type.DragLeave:
            self._hover(QModelIndex(), None)
            return True
        return super().eventFilter(watched, event)

    def _move(self, event: QDragMoveEvent) -> None:
        index = self._view.indexAt(event.position().toPoint())
        destination = self._destination_at(index) if dropped_paths(event.mimeData()) else None
        self._hover(index, destination)
        if event.type() is QEvent.Type.DragEnter and dropped_paths(event.mimeData()):
            accept_copy(event)
        elif destination is None:
            event.ignore()
        else:
            accept_copy(event)

    def _drop(self, event: QDropEvent) -> None:
        paths = dropped_paths(event.mimeData())
        destination = self._destination_at(self._view.indexAt(event.position().toPoint()))
        self._hover(QModelIndex(), None)
        if not paths or destination is None:
            event.ignore()
            return
        accept_copy(event)
        self.paths_dropped.emit(paths, destination)

    def _hover(self, index: QModelIndex, destination: Destination | None) -> None:
        row = QPersistentModelIndex(index if destination is not None else QModelIndex())
        if row != self._row:
            self._row = row
            self._view.viewport().update()
        self.hovered.emit(destination)


def accept_copy(event: QDropEvent) -> None:
    """Take the files as copies, whatever was proposed: a move would delete the sources."""
    event.setDropAction(Qt.DropAction.CopyAction)
    event.accept()
