"""Opens sockets; while names and hosts are waited for, a stop is heard and a time is kept."""

from __future__ import annotations

import errno
import os
import select
import socket
import threading
import time
from collections.abc import Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotYet
from typing import Any

from s3gui.adapters.s3_watch import Exchange

_LOOK_SECONDS = 0.1
_UNDER_WAY = frozenset({errno.EINPROGRESS, errno.EWOULDBLOCK, errno.EINTR})
SocketOptions = Sequence[tuple[int, int, int | bytes]]
OPTIONS: SocketOptions = (
    (socket.IPPROTO_TCP, socket.TCP_NODELAY, 1),
    (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1),
)


def open_socket(
    host: str, port: int, exchange: Exchange, *, seconds: float, options: SocketOptions
) -> socket.socket:
    """As socket.create_connection, with an ear for the stop. Raises OSError."""
    failure: OSError = OSError("it has no address")
    for family, kind, protocol, _, address in _addresses(host.strip("[]"), port, exchange, seconds):
        opened = socket.socket(family, kind, protocol)
        try:
            for option in options:
                opened.setsockopt(*option)
            _connect(opened, address, exchange, seconds)
        except OSError as error:
            opened.close()
            failure = error
        except BaseException:
            opened.close()
            raise
        else:
            return opened
    raise failure


def _connect(opened: socket.socket, address: Any, exchange: Exchange, seconds: float) -> None:
    ends_by = time.monotonic() + seconds
    opened.setblocking(False)
    number = opened.connect_ex(address)
    if number in _UNDER_WAY:
        while not _is_writable(opened, _LOOK_SECONDS):
            exchange.check_stop()
            if exchange.is_cut or time.monotonic() > ends_by:
                raise TimeoutError("it did not take the connection in time")
        number = opened.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    if number:
        raise OSError(number, os.strerror(number))


def _is_writable(opened: socket.socket, seconds: float) -> bool:
    if not hasattr(select, "poll"):
        # Windows tells of a refused connection among the exceptional ones only.
        return any(select.select([], [opened], [opened], seconds))
    poll = select.poll()
    poll.register(opened, select.POLLOUT)
    return bool(poll.poll(seconds * 1000))


def _addresses(host: str, port: int, exchange: Exchange, seconds: float) -> list[Any]:
    if _is_number(host):
        # As bytes: of text Python makes IDNA first, and its tables take longer to load than this.
        return socket.getaddrinfo(host.encode(), port, type=socket.SOCK_STREAM)
    return _resolved(host, port, exchange, seconds)


def _resolved(host: str, port: int, exchange: Exchange, seconds: float) -> list[Any]:
    """The system's resolver cannot be told to hurry or to stop: it is left behind."""
    found: Future[list[Any]] = Future()

    def find() -> None:
        try:
            found.set_result(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except Exception as error:  # noqa: BLE001 - raised again in the thread that asked
            found.set_exception(error)

    threading.Thread(target=find, name="resolver", daemon=True).start()
    ends_by = time.monotonic() + seconds
    while True:
        try:
            return found.result(_LOOK_SECONDS)
        except NotYet as error:
            if found.done():
                raise  # the resolver's own
            exchange.check_stop()
            if exchange.is_cut or time.monotonic() > ends_by:
                raise socket.gaierror(socket.EAI_AGAIN, "no name server answers") from error


def _is_number(host: str) -> bool:
    """Whether it is an address already: nobody has to be asked for it."""
    for family in (socket.AF_INET, socket.AF_INET6):
        try:
            socket.inet_pton(family, host)
        except OSError:
            continue
        return True
    return False
