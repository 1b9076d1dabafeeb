"""A server that does with each connection what a test wrote down, byte for byte."""

import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from s3gui.adapters.s3 import S3Store, connect
from s3gui.adapters.s3_bounds import BOUNDS, Bounds
from s3gui.core.profile import Credentials, Profile, Secret
from tests.adapters.scripted_server import ACCESS_KEY_ID, SECRET

OK = b'HTTP/1.1 200 OK\r\nETag: "etag"\r\nContent-Length: 0\r\n\r\n'


class Caller:
    """One connection, seen from the server."""

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        self._rest = b""

    def head(self) -> bytes:
        """The head of the next request; empty when the client has gone."""
        while b"\r\n\r\n" not in self._rest:
            data = self.connection.recv(65536)
            if not data:
                return b""
            self._rest += data
        head, _, self._rest = self._rest.partition(b"\r\n\r\n")
        return head

    def body(self, size: int) -> bytes:
        while len(self._rest) < size:
            data = self.connection.recv(1 << 20)
            if not data:
                break
            self._rest += data
        body, self._rest = self._rest[:size], self._rest[size:]
        return body

    def taken(self) -> bytes:
        """What came behind the last head."""
        taken, self._rest = self._rest, b""
        return taken

    def request(self) -> tuple[bytes, bytes]:
        """Head and body of the next request."""
        head = self.head()
        length = re.search(rb"content-length: (\d+)", head.lower())
        return head, self.body(int(length[1])) if length else b""

    def answer(self, data: bytes = OK) -> None:
        self.connection.sendall(data)


Script = Callable[[Caller], None]


def answer_one_and_take_another(caller: Caller) -> None:
    """A connection that ends after its second request came: nobody knows what became of it."""
    caller.request()
    caller.answer()
    caller.request()


class RawServer:
    """Each new connection gets the next of `scripts`, the last one for ever."""

    def __init__(self, host: str, *scripts: Script, buffer_bytes: int | None) -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._listener = socket.create_server((host, 0), family=family)
        if buffer_bytes is not None:
            self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer_bytes)
        self._scripts = list(scripts)
        self._threads: list[threading.Thread] = []
        self.connections = 0
        self.host = f"[{host}]" if ":" in host else host
        self.port: int = self._listener.getsockname()[1]
        self._threads.append(threading.Thread(target=self._accept, daemon=True))
        self._threads[0].start()

    def store(self, endpoint_url: str | None = None, bounds: Bounds = BOUNDS) -> S3Store:
        profile = Profile(
            "raw",
            "Raw",
            provider_id="practice",
            endpoint_url=endpoint_url or f"http://{self.host}:{self.port}",
            region="us-east-1",
            allow_http=True,
        )
        given = Credentials(ACCESS_KEY_ID, Secret(SECRET))
        return connect(profile, given, bounds=bounds)

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            script = self._scripts.pop(0) if len(self._scripts) > 1 else self._scripts[0]
            thread = threading.Thread(target=self._run, args=(script, connection), daemon=True)
            self._threads.append(thread)
            thread.start()

    @staticmethod
    def _run(script: Script, connection: socket.socket) -> None:
        with connection:
            try:
                script(Caller(connection))
            except OSError:
                return

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()


@contextmanager
def raw_server(
    *scripts: Script, host: str = "127.0.0.1", buffer_bytes: int | None = None
) -> Iterator[RawServer]:
    server = RawServer(host, *scripts, buffer_bytes=buffer_bytes)
    try:
        yield server
    finally:
        server.close()
