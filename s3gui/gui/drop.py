"""Files that come into the window from outside: by a drop anywhere, or by paste."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QMimeData, QObject, Signal
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from s3gui.gui.row_drop import accept_copy, dropped_paths


def pasted_paths(mime: QMimeData) -> list[str]:
    """Files copied in a file manager, or lines of text that each are an absolute path."""
    paths = dropped_paths(mime)
    if paths or mime.hasUrls():
        return paths
    lines = [line.strip() for line in mime.text().splitlines() if line.strip()]
    return lines if all(line.startswith("/") and "\0" not in line for line in lines) else []


class WindowDrops(QObject):
    """Takes what no part of `window` takes for itself."""

    hovered = Signal(bool)
    """Whether files are held over the window."""

    paths_dropped = Signal(list)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        window.setAcceptDrops(True)
        window.installEventFilter(self)
        for field in window.findChildren(QLineEdit):
            field.setAcceptDrops(False)  # it would take a file for text

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QDragEnterEvent | QDragMoveEvent):
            return self._hold(event)
        if isinstance(event, QDropEvent):
            return self._drop(event)
        if event.type() is QEvent.Type.DragLeave:
            self.hovered.emit(False)
        return super().eventFilter(watched, event)

    def _hold(self, event: QDragMoveEvent) -> bool:
        has_files = bool(dropped_paths(event.mimeData()))
        if has_files:
            accept_copy(event)
        else:
            event.ignore()
        self.hovered.emit(has_files)
        return True

    def _drop(self, event: QDropEvent) -> bool:
        paths = dropped_paths(event.mimeData())
        self.hovered.emit(False)
        if paths:
            accept_copy(event)
            self.paths_dropped.emit(paths)
        return True
