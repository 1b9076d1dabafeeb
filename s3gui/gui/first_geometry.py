"""Where a window is opened first: wholly on the screen, whatever that is."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize
from PySide6.QtWidgets import QWidget

_FRAME = QSize(16, 40)
"""Room for a border and a title bar: most systems tell their sizes only once they are shown."""


def fit_into(room: QRect, window: QWidget) -> None:
    """Shrink a window that is not shown yet, where `room`, in pixels of the desktop, asks for it.

    One that had to shrink is placed too: some systems open each a little below the last one.
    """
    size = window.size().boundedTo(room.size() - _FRAME)
    if size != window.size():
        window.resize(size)
        window.move(room.topLeft())
