"""The way of a value out of any thread into the window's."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal


class Crossing:
    """`send` takes from any thread; `take`, a QObject's own method, is called in the window's.

    Where the receiver is gone nothing is called. A signal of the receiver itself would not do: to
    emit it in the moment in which a window takes the receiver along crashes Qt, and so does
    a sender that goes in one thread while its receiver goes in another. So the sender belongs to
    the application, and goes in the window's thread when nobody can send any more.
    """

    def __init__(self, take: Callable[[Any], None]) -> None:
        self._sender = _Sender(QCoreApplication.instance())
        self._sender.came.connect(take, Qt.ConnectionType.QueuedConnection)

    def send(self, value: object) -> None:
        with suppress(RuntimeError):  # the application is gone
            self._sender.came.emit(value)

    def __del__(self) -> None:
        with suppress(RuntimeError):
            self._sender.deleteLater()


class _Sender(QObject):
    came = Signal(object)
