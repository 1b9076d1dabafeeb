"""One process of the sink: all its connections in one thread."""

from __future__ import annotations

import heapq
import selectors
import socket
import ssl
import time
from contextlib import suppress
from itertools import count
from typing import Any

from tests.benchmarks.sink.answers import Answers
from tests.benchmarks.sink.connection import Connection
from tests.benchmarks.sink.ledger import Ledger
from tests.benchmarks.sink.pace import Line, Link, Pace

_WINDOW_BYTES = 64 * 1024
"""Of a limited connection: more would let a client run ahead of the line."""


class Loop:
    def __init__(
        self,
        listener: socket.socket,
        context: ssl.SSLContext | None,
        ledger: Ledger,
        line: Line,
        process: int,
    ) -> None:
        self.requests = 0
        self.connections = 0
        self.most_connections = 0
        self.received_by_second: dict[int, int] = {}
        """Bytes of bodies in each second of the monotonic clock."""
        self._listener = listener
        self._context = context
        self._ledger = ledger
        self._answers = Answers(ledger, process)
        self._line = line
        self._link = Link(line)
        self._selector = selectors.DefaultSelector()
        self._now = time.monotonic()
        self._timers: list[tuple[float, int, Connection, bytes | None]] = []
        self._timer_numbers = count()
        if line.is_limited:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _WINDOW_BYTES)

    def run(self, leash: int) -> None:
        """Serve until the file descriptor `leash` is at its end."""
        self._selector.register(self._listener, selectors.EVENT_READ, None)
        self._selector.register(self._ledger.own, selectors.EVENT_READ, self._ledger)
        self._selector.register(leash, selectors.EVENT_READ, leash)
        while True:
            ready = self._selector.select(self._seconds_to_next_timer())
            self._now = time.monotonic()
            for key, _ in ready:
                if key.data is leash:
                    return
                self._serve(key.data)
            self._fire_timers()

    def now(self) -> float:
        return self._now

    def count(self, size: int) -> None:
        second = int(self._now)
        self.received_by_second[second] = self.received_by_second.get(second, 0) + size

    def pause(self, connection: Connection, until: float) -> None:
        if until <= self._now:
            return
        with suppress(KeyError):
            self._selector.unregister(connection.peer)
        self._set_timer(until, connection, None)

    def answer(self, connection: Connection, answer: bytes) -> None:
        self.requests += 1
        if self._line.latency_seconds:
            self._set_timer(self._now + self._line.latency_seconds, connection, answer)
        else:
            connection.send(answer)

    def _serve(self, what: Any) -> None:
        if what is None:
            self._accept()
        elif what is self._ledger:
            self._ledger.listen()
        elif not what.turn():
            self._close(what)

    def _accept(self) -> None:
        try:
            peer, _ = self._listener.accept()
        except OSError:  # another process was quicker
            return
        peer.setblocking(False)
        peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self._context is not None:
            peer = self._context.wrap_socket(peer, server_side=True, do_handshake_on_connect=False)
        pace = Pace(self._line, self._link) if self._line.is_limited else None
        connection = Connection(peer, self, self._answers, pace)
        self.connections += 1
        self.most_connections = max(self.most_connections, self.connections)
        if self._line.latency_seconds:
            self._set_timer(self._now + self._line.latency_seconds, connection, None)
        else:
            self._register(connection)

    def _register(self, connection: Connection) -> None:
        with suppress(KeyError, ValueError):  # it reads already, or has been closed
            self._selector.register(connection.peer, selectors.EVENT_READ, connection)

    def _close(self, connection: Connection) -> None:
        if connection.peer.fileno() < 0:
            return
        self.connections -= 1
        with suppress(KeyError, ValueError):
            self._selector.unregister(connection.peer)
        connection.peer.close()

    def _set_timer(self, at: float, connection: Connection, answer: bytes | None) -> None:
        heapq.heappush(self._timers, (at, next(self._timer_numbers), connection, answer))

    def _seconds_to_next_timer(self) -> float | None:
        return max(0.0, self._timers[0][0] - time.monotonic()) if self._timers else None

    def _fire_timers(self) -> None:
        while self._timers and self._timers[0][0] <= self._now:
            _, _, connection, answer = heapq.heappop(self._timers)
            if answer is None:
                self._register(connection)
            else:
                try:
                    connection.send(answer)
                except OSError:
                    self._close(connection)
