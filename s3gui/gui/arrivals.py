"""Files that come to a window that is open already: from a later start, or from macOS' Dock.

A later start finds the socket in the folder that keeps the queue, which is its owner's alone; who
owns the queue is the one that listens there. What comes through it is paths, never anything else.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication

if TYPE_CHECKING:
    from PySide6.QtNetwork import QLocalServer, QLocalSocket

_SOCKET = "window.socket"
_LONGEST_SOCKET_PATH = 100
"""In bytes: the system allows 108, and Qt may add to it while it makes the socket."""

_MOST_BYTES = 4 * 2**20
_PATIENCE_SECONDS = 2.0
_AT_ONCE_MILLISECONDS = 10
"""PySide waits with Python's lock held: longer, and a window of this process would stand still."""

_TAKEN = b"taken\n"


class Application(QApplication):
    """Hears of the files that macOS wants opened: they are no arguments there."""

    file_came = Signal(str)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QFileOpenEvent) and event.file():
            self.file_came.emit(event.file())
            return True
        return super().event(event)


class Arrivals(QObject):
    """What later starts bring, from `listen` on."""

    paths_came = Signal(object)
    """A list of whole paths; empty when a later start brought none and only wants the window."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._server: QLocalServer | None = None

    def listen(self, home: Path) -> None:
        """Call it as the owner of the queue in `home` only: another's socket is put away."""
        from PySide6.QtNetwork import QLocalServer

        name = _name(home)
        if name is None:
            return
        server = QLocalServer(self)
        server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        QLocalServer.removeServer(name)
        if server.listen(name):
            self._server = server
            server.newConnection.connect(self._greet)

    def take_file(self, path: str) -> None:
        """One that the desktop wants opened."""
        self.paths_came.emit([path])

    def close(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None

    def _greet(self) -> None:
        while self._server is not None and self._server.hasPendingConnections():
            guest = _Guest(self._server.nextPendingConnection(), self)
            guest.paths_came.connect(self.paths_came)
            guest.read()


class _Guest(QObject):
    """A later start, which says its paths in one line and hears that they were taken."""

    paths_came = Signal(object)

    def __init__(self, socket: QLocalSocket, parent: QObject) -> None:
        super().__init__(parent)
        self._socket = socket
        self._body = bytearray()
        socket.setParent(self)
        socket.readyRead.connect(self.read)
        socket.disconnected.connect(self.deleteLater)

    def read(self) -> None:
        self._body += self._socket.readAll().data()
        if len(self._body) > _MOST_BYTES:
            self._socket.abort()
        elif self._body.endswith(b"\n"):
            paths = _paths(bytes(self._body))
            self._body.clear()
            if paths is None:
                self._socket.abort()
                return
            self._socket.write(_TAKEN)
            self._socket.flush()
            self.paths_came.emit(paths)


def hand_over(home: Path, paths: Sequence[str]) -> bool:
    """Give `paths` to the window that is open already; False where none takes them. Any thread."""
    name = _name(home)
    if name is None or (sys.platform != "win32" and not Path(name).is_socket()):
        return False
    from PySide6.QtNetwork import QLocalSocket

    states = QLocalSocket.LocalSocketState
    ends_by = time.monotonic() + _PATIENCE_SECONDS
    socket = QLocalSocket()
    socket.connectToServer(name)
    while socket.state() == states.ConnectingState and time.monotonic() < ends_by:
        socket.waitForConnected(_AT_ONCE_MILLISECONDS)
    if socket.state() != states.ConnectedState:
        return False
    socket.write(json.dumps(list(paths)).encode() + b"\n")
    while socket.state() == states.ConnectedState and time.monotonic() < ends_by:
        socket.waitForReadyRead(_AT_ONCE_MILLISECONDS)
        if socket.canReadLine():
            return bool(socket.readLine().data() == _TAKEN)
    return False


def _name(home: Path) -> str | None:
    """None where the path is longer than the system lets a socket's be."""
    if sys.platform == "win32":
        import hashlib

        return f"s3gui-{hashlib.sha256(str(home).encode()).hexdigest()[:32]}"
    name = str(home / _SOCKET)
    return name if len(name.encode(errors="surrogateescape")) <= _LONGEST_SOCKET_PATH else None


def _paths(body: bytes) -> list[str] | None:
    """None for everything that is not a list of whole paths."""
    try:
        paths = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(paths, list):
        return None
    is_right = all(isinstance(path, str) and Path(path).is_absolute() for path in paths)
    return paths if is_right else None
