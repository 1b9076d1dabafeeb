"""Open connections: kept for the next request, and on long lines opened ahead of it."""

from __future__ import annotations

import math
import threading
import time
import weakref
from collections import deque
from contextlib import suppress

from s3gui.adapters.s3_address import Address
from s3gui.adapters.s3_network import Network
from s3gui.adapters.s3_socket import Connection
from s3gui.adapters.s3_watch import Watch

_MOST_IDLE = 64
_MOST_AHEAD = 16
_LONG_SECONDS = 0.005
"""A connection that took longer to open comes over a long line."""


class KeptConnections:
    """Thread-safe. `grace_seconds` as in `Watch.exchange`."""

    def __init__(self, network: Network, watch: Watch, grace_seconds: float) -> None:
        self._network = network
        self._watch = watch
        self._grace_seconds = grace_seconds
        self._idle: dict[str, deque[Connection]] = {}
        self._is_closed = False
        self._lock = threading.Lock()
        # Not __del__: in a cycle of garbage the sockets may go first, and complain.
        weakref.finalize(self, _close_all, self._idle)

    def take(self, address: Address, proxy_url: str | None, awaited: int) -> Connection:
        """One on which a request can be sent. Inside of an exchange.

        `awaited`: on how many others this thread awaits an answer. Where each takes long to open,
        it does not open them all one after the other. Raises what `Network.open` raises.
        """
        while (kept := self._kept(address.origin)) is not None:
            if self._watch.is_fresh(kept.used_at) and kept.is_silent():
                return kept
            kept.close()
        started_at = time.monotonic()
        opened = self._open(address, proxy_url)
        if awaited and time.monotonic() - started_at > _LONG_SECONDS:
            with suppress(RuntimeError):  # a system that gives no more threads
                for _ in range(min(awaited, _MOST_AHEAD)):
                    threading.Thread(
                        target=self._open_ahead,
                        args=(address, proxy_url),
                        name="opening",
                        daemon=True,
                    ).start()
        return opened

    def keep(self, address: Address, connection: Connection) -> None:
        with self._lock:
            idle = self._idle.get(address.origin)
            if idle is None:
                idle = self._idle[address.origin] = deque()
            oldest = idle.popleft() if len(idle) >= _MOST_IDLE else None
            if self._is_closed:
                oldest = connection
            else:
                idle.append(connection)
        if oldest is not None:
            oldest.close()

    def close(self) -> None:
        """Of those that are idle; what is kept from now on is closed too."""
        with self._lock:
            self._is_closed = True
            _close_all(self._idle)

    def _open(self, address: Address, proxy_url: str | None) -> Connection:
        opened = self._network.open(address, proxy_url)
        return Connection(opened, self._watch.bounds.silence_seconds)

    def _open_ahead(self, address: Address, proxy_url: str | None) -> None:
        """Who needs a connection that cannot be opened will meet the reason."""
        with (
            suppress(Exception),
            self._watch.exchange(grace_seconds=self._grace_seconds, silence_seconds=math.inf) as it,
        ):
            connection = self._open(address, proxy_url)
            it.hold(None)
            self.keep(address, connection)

    def _kept(self, origin: str) -> Connection | None:
        with self._lock:
            idle = self._idle.get(origin)
            return idle.pop() if idle else None


def _close_all(idle: dict[str, deque[Connection]]) -> None:
    while idle:
        _, connections = idle.popitem()
        for connection in connections:
            connection.close()
