"""What waits until the window is seen: what is done before, its user waits for."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QWidget

_PATIENCE_MILLISECONDS = 300
"""A window that is opened minimised is not painted at all."""

_BETWEEN_IMPORTS_MILLISECONDS = 50


class FirstPaint(QObject):
    """Calls `then` once, when `window` was painted for the first time."""

    def __init__(self, window: QWidget, then: Callable[[], None]) -> None:
        super().__init__(window)
        self._then: Callable[[], None] | None = then
        window.installEventFilter(self)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self._go_on)
        self._soon.start(_PATIENCE_MILLISECONDS)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Paint:
            watched.removeEventFilter(self)
            self._soon.start(0)  # its parts are still to be painted
        return False

    def _go_on(self) -> None:
        then, self._then = self._then, None
        if then is not None:
            then()


class ImportLater(QObject):
    """Imports what a first click would wait for, one module at a time between other events."""

    def __init__(self, modules: Sequence[str], parent: QObject) -> None:
        super().__init__(parent)
        self._modules = list(reversed(modules))
        self._timer = QTimer(self)
        self._timer.setInterval(_BETWEEN_IMPORTS_MILLISECONDS)
        self._timer.timeout.connect(self._import_one)
        self._timer.start()

    def _import_one(self) -> None:
        if self._modules:
            importlib.import_module(self._modules.pop())
        else:
            self._timer.stop()
