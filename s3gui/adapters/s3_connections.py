"""botocore's connections, opened so that a stop is heard, and bounded in what they read."""

from __future__ import annotations

import io
import socket
from collections.abc import Callable
from functools import partial
from http.client import HTTPException, HTTPResponse
from typing import Any

from botocore.awsrequest import (
    AWSHTTPConnection,
    AWSHTTPConnectionPool,
    AWSHTTPSConnection,
    AWSHTTPSConnectionPool,
)
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError

from s3gui.adapters.s3_opening import open_socket
from s3gui.adapters.s3_watch import Watch, awake_or_asleep_seconds
from s3gui.core.errors import BadAnswer

_SENT_AT_ONCE = 256 * 1024
_UNSENT_BYTES = 256 * 1024
"""What the system may take from us beyond what is on its way. Without a bound it takes megabytes
at once, and then neither the user nor the watch would see how a slow line is getting on."""


class TunnelBroken(OSError):
    """A proxy neither opened the way to the host nor refused to."""


def watched_pools(watch: Watch) -> dict[str, Callable[..., Any]]:
    """For `PoolManager.pool_classes_by_scheme`."""
    return {
        "http": partial(_pool, AWSHTTPConnectionPool, PlainConnection, watch),
        "https": partial(_pool, AWSHTTPSConnectionPool, TlsConnection, watch),
    }


def _pool(pool_class: Any, connection_class: Any, watch: Watch, *args: Any, **kwargs: Any) -> Any:
    pool = pool_class(*args, **kwargs)
    pool.ConnectionCls = partial(connection_class, watch)
    return pool


class _Watched:
    """What both kinds of connections have in addition to botocore's."""

    sock: Any
    host: str
    port: int
    proxy: Any
    timeout: float
    socket_options: Any
    _dns_host: str
    _tunnel_host: str | None

    def __init__(self, watch: Watch, *args: Any, **kwargs: Any) -> None:
        self._watch = watch
        self._used_at = awake_or_asleep_seconds()
        self._opened: list[_Bounded] = []
        self.response_class = partial(_BoundedAnswer, watch, self._opened)
        super().__init__(*args, **kwargs)

    @property
    def is_connected(self) -> bool:
        """Asked before a connection is used again."""
        return self._watch.is_fresh(self._used_at) and bool(super().is_connected)  # type: ignore[misc]  # the mixin's other half

    def connect(self) -> None:
        exchange = self._watch.current
        exchange.opens(by_proxy=self.proxy is not None or self._tunnel_host is not None)
        try:
            super().connect()  # type: ignore[misc]  # the mixin's other half
        finally:
            self._give_up_handle()
            exchange.hold(self.sock)
        exchange.opened()

    def _tunnel(self) -> None:
        try:
            super()._tunnel()  # type: ignore[misc]  # the mixin's other half
        except (ConnectionError, HTTPException) as error:
            # Else it would be taken for the host's doing, or, by us, for nobody's.
            raise TunnelBroken("the proxy broke off before it had opened a way") from error
        if self._watch.current.is_cut:
            # The end of a connection ends a status line, too.
            raise TunnelBroken("the proxy was not waited for any longer")

    def request(self, *args: Any, **kwargs: Any) -> None:
        self._watch.current.hold(self.sock)
        super().request(*args, **kwargs)  # type: ignore[misc]  # the mixin's other half

    def getresponse(self) -> Any:
        try:
            return super().getresponse()  # type: ignore[misc]  # the mixin's other half
        except BaseException:
            # An answer whose head urllib3 refuses, it leaves open.
            for answer in self._opened:
                answer.close()
            raise
        finally:
            self._opened.clear()

    def send(self, data: Any) -> None:
        exchange = self._watch.current
        rest = memoryview(data).cast("B")
        while rest:
            super().send(rest[:_SENT_AT_ONCE])  # type: ignore[misc]  # the mixin's other half
            exchange.moved()
            rest = rest[_SENT_AT_ONCE:]
        self._used_at = awake_or_asleep_seconds()

    def _new_conn(self) -> socket.socket:
        exchange = self._watch.current
        try:
            opened = open_socket(
                self._dns_host,
                self.port,
                exchange,
                seconds=self._watch.bounds.connect_seconds,
                options=self.socket_options or (),
            )
        except socket.gaierror as error:
            raise NameResolutionError(self.host, self, error) from error  # type: ignore[arg-type]
        except TimeoutError as error:
            raise ConnectTimeoutError(self, f"{self.host} did not answer.") from error
        except OSError as error:
            raise NewConnectionError(self, f"{self.host}: {error}") from error  # type: ignore[arg-type]
        opened.settimeout(self.timeout)
        if hasattr(socket, "TCP_NOTSENT_LOWAT"):
            opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, _UNSENT_BYTES)
        # TLS will move the connection into another object; until that is there, this one ends it.
        self._handle = opened.dup()
        exchange.hold(self._handle)
        return opened

    _handle: socket.socket | None = None

    def _give_up_handle(self) -> None:
        if self._handle is not None:
            self._watch.current.hold(None)
            self._handle.close()
            self._handle = None


class PlainConnection(_Watched, AWSHTTPConnection):  # type: ignore[misc]  # botocore is untyped
    pass


class TlsConnection(_Watched, AWSHTTPSConnection):  # type: ignore[misc]  # botocore is untyped
    pass


class _BoundedAnswer(HTTPResponse):
    """Reads no more of an answer than it may be long: status, heads, chunks and body together."""

    def __init__(
        self, watch: Watch, opened: list[_Bounded], sock: socket.socket, *args: Any, **kwargs: Any
    ) -> None:
        exchange = watch.current
        self._is_download = exchange.is_download
        self._sock = sock
        self._silence_seconds = watch.bounds.silence_seconds
        raw = sock.makefile("rb", buffering=0)
        self._bounded = _Bounded(raw, exchange.heard, watch.bounds.answer_bytes)
        opened.append(self._bounded)
        super().__init__(_File(self._bounded), *args, **kwargs)  # type: ignore[arg-type]

    def begin(self) -> None:
        super().begin()
        if self._is_download and 200 <= self.status < 300:
            # From here on its reader waits for it, outside of the exchange.
            self._bounded.most_bytes = None
            self._sock.settimeout(self._silence_seconds)


class _File:
    """All that HTTPResponse wants of a socket."""

    def __init__(self, raw: _Bounded) -> None:
        self._raw = raw

    def makefile(self, mode: str) -> io.BufferedReader:
        del mode
        return io.BufferedReader(self._raw, 64 * 1024)


class _Bounded(io.RawIOBase):
    """`most_bytes`: None lets everything through."""

    def __init__(self, raw: Any, heard: Callable[[], None], most_bytes: int | None) -> None:
        super().__init__()
        self.most_bytes = most_bytes
        self._raw = raw
        self._heard = heard
        self._read_bytes = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        count: int | None = self._raw.readinto(buffer)
        self._heard()
        self._read_bytes += count or 0
        if self.most_bytes is not None and self._read_bytes > self.most_bytes:
            raise BadAnswer(
                f"The answer is longer than any of S3's: more than {self.most_bytes} bytes."
            )
        return count

    def close(self) -> None:
        self._raw.close()
        super().close()
