"""One client's connection: requests are read and thrown away, and answered."""

from __future__ import annotations

import select
import socket
import ssl
import sys
from typing import Protocol

from tests.benchmarks.sink.answers import CONTINUE, Answers
from tests.benchmarks.sink.pace import Pace
from tests.benchmarks.sink.request import Request

BUFFER = memoryview(bytearray(1024**2))
"""Bodies of all connections go there; nobody reads them."""

_HEAD_BYTES = 64 * 1024
_PACED_BYTES = 32 * 1024
_TURN_BYTES = 2 * 1024**2
_THROWN_AWAY_UNCOPIED = socket.MSG_TRUNC if sys.platform == "linux" else 0


class Loop(Protocol):
    """What a connection asks of the loop that calls it."""

    def count(self, size: int) -> None: ...

    def pause(self, connection: Connection, until: float) -> None: ...

    def answer(self, connection: Connection, answer: bytes) -> None: ...

    def now(self) -> float: ...


class Connection:
    def __init__(
        self, peer: socket.socket, loop: Loop, answers: Answers, pace: Pace | None
    ) -> None:
        self.peer = peer
        self.is_handshaken = not isinstance(peer, ssl.SSLSocket)
        self._is_tls = not self.is_handshaken
        self._loop = loop
        self._answers = answers
        self._pace = pace
        self._head = b""
        self._request: Request | None = None
        self._left = 0

    def turn(self) -> bool:
        """Read what is there, within bounds; False when the connection has ended."""
        try:
            if not self.is_handshaken:
                assert isinstance(self.peer, ssl.SSLSocket)
                self.peer.do_handshake()
                self.is_handshaken = True
            budget = _TURN_BYTES
            while budget > 0:
                size = self._read()
                if size <= 0:
                    return size < 0
                budget -= size
        except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
            return True
        except (OSError, ValueError):
            return False
        return True

    def _read(self) -> int:
        """Bytes read; 0 at the connection's end, -1 when it is not to be read for a while."""
        request = self._request
        if request is None:
            return self._read_head()
        size = self._read_body(request)
        if size > 0:
            self._loop.count(size)
            self._left -= size
            if self._left == 0:
                self._finish(request)
            elif self._pace is not None:
                self._loop.pause(self, self._pace.took(size, self._loop.now()))
                return -1
        return size

    def _read_head(self) -> int:
        data = self.peer.recv(_HEAD_BYTES)
        if not data:
            return 0
        self._head += data
        end = self._head.find(b"\r\n\r\n")
        if end < 0:
            return len(data) if len(self._head) < _HEAD_BYTES else 0
        request = Request(self._head[: end + 4])
        rest = self._head[end + 4 :]
        self._head = rest[request.length :]
        self._left = request.length - min(request.length, len(rest))
        self._loop.count(request.length - self._left)
        if request.method == "POST":
            request.body += rest[: request.length]
        self._request = request
        if self._left == 0:
            self._finish(request)
        elif request.expects_continue and len(rest) == 0:
            self._loop.answer(self, CONTINUE)
        return len(data)

    def _read_body(self, request: Request) -> int:
        if request.method == "POST":
            data = self.peer.recv(self._left)
            request.body += data
            return len(data)
        wanted = min(self._left, len(BUFFER) if self._pace is None else _PACED_BYTES)
        if self._is_tls:
            return self.peer.recv_into(BUFFER, wanted)
        return self.peer.recv_into(BUFFER, wanted, _THROWN_AWAY_UNCOPIED)

    def _finish(self, request: Request) -> None:
        self._request = None
        self._loop.answer(self, self._answers.to(request))

    def send(self, data: bytes) -> None:
        """Blocks in the rare case that the peer does not take it. Raises OSError."""
        view = memoryview(data)
        while view:
            try:
                view = view[self.peer.send(view) :]
            except (BlockingIOError, ssl.SSLWantWriteError):
                if not select.select([], [self.peer], [], 10)[1]:
                    raise TimeoutError from None
