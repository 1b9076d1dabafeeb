"""An HTTP proxy on 127.0.0.1: passes requests and tunnels on to one port, or refuses as told."""

import contextlib
import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tests.adapters.raw_server import Caller, RawServer, raw_server

_ORIGIN = re.compile(rb"^(\w+) http://[^/ ]+")
_WHO = re.compile(rb"\r\nproxy-authorization: *([^\r]*)", re.IGNORECASE)


class ForwardProxy:
    """`first_lines` and `authorizations` are what it was asked with."""

    def __init__(self, refusal: Callable[[Caller], None] | None, target_port: int | None) -> None:
        self._refusal = refusal
        self._target_port = target_port
        self.server: RawServer
        self.first_lines: list[str] = []
        self.authorizations: list[str] = []

    @property
    def port(self) -> int:
        return self.server.port

    def serve(self, caller: Caller) -> None:
        head = caller.head()
        if not head:
            return
        self.first_lines.append(head.partition(b"\r\n")[0].decode())
        self.authorizations += [each.decode() for each in _WHO.findall(head)]
        if self._refusal is not None:
            self._refusal(caller)
            return
        with socket.create_connection(("127.0.0.1", self._target_port or 0)) as onward:
            if head.startswith(b"CONNECT "):
                caller.answer(b"HTTP/1.1 200 Connection established\r\n\r\n")
                first = b""
            else:
                first = _ORIGIN.sub(rb"\1 ", _WHO.sub(b"", head)) + b"\r\n\r\n"
            onward.sendall(first + caller.taken())
            back = threading.Thread(target=_pump, args=(onward, caller.connection), daemon=True)
            back.start()
            _pump(caller.connection, onward)
            back.join()


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
    with contextlib.suppress(OSError):
        sink.shutdown(socket.SHUT_WR)


@contextmanager
def forward_proxy(
    refusal: Callable[[Caller], None] | None = None, *, target_port: int | None = None
) -> Iterator[ForwardProxy]:
    """In the clear it reads the first request of each connection only."""
    proxy = ForwardProxy(refusal, target_port)
    with raw_server(proxy.serve) as proxy.server:
        yield proxy


def refuses(status: str) -> Callable[[Caller], None]:
    answer = f"HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    return lambda caller: caller.answer(answer.encode())


def says_nothing(caller: Caller) -> None:
    """Until the client goes."""
    while caller.connection.recv(65536):
        pass


def trickles(caller: Caller) -> None:
    """One byte of its answer now and then, without end."""
    ended = threading.Event()
    for byte in b"HTTP/1.1 200 " + b"x" * 600:
        caller.answer(bytes([byte]))
        ended.wait(0.05)


def breaks_off(caller: Caller) -> None:
    caller.connection.shutdown(socket.SHUT_RDWR)


def talks_nonsense(caller: Caller) -> None:
    caller.answer(b"220 mail.example.com ESMTP\r\n\r\n")
