"""A server that answers every request with what it was told to, endless or wrong as it may be."""

from __future__ import annotations

import contextlib
import itertools
import re
import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

Content = Callable[[str], Iterable[bytes]]
"""Given the request line, the pieces of an answer; they may go on for ever."""

_LENGTH = re.compile(rb"^content-length: *(\d+)", re.IGNORECASE | re.MULTILINE)
_MIB = 1024 * 1024


@dataclass
class HostileServer:
    port: int
    content: Content
    requests: list[str] = field(default_factory=list)
    sent_bytes: int = 0

    @property
    def endpoint_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def hostile_server(content: Content) -> Iterator[HostileServer]:
    """Closes each connection after one answer."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = HostileServer(listener.getsockname()[1], content)
        thread = threading.Thread(target=_serve, args=(listener, server), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            # Closing alone does not wake who waits in accept().
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()


def _serve(listener: socket.socket, server: HostileServer) -> None:
    while True:
        try:
            client, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=_answer, args=(client, server), daemon=True).start()


def _answer(client: socket.socket, server: HostileServer) -> None:
    with client, contextlib.suppress(OSError):
        client.settimeout(60)
        head = b""
        while b"\r\n\r\n" not in head:
            received = client.recv(65536)
            if not received:
                return
            head += received
        head, _, body = head.partition(b"\r\n\r\n")
        length = _LENGTH.search(head)
        left = (int(length[1]) if length else 0) - len(body)
        while left > 0 and (received := client.recv(65536)):
            left -= len(received)
        line = head.partition(b"\r\n")[0].decode("latin-1")
        server.requests.append(line)
        for piece in server.content(line):
            client.sendall(piece)
            server.sent_bytes += len(piece)


def plain(status: str, body: bytes, **headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def _endless(start: bytes, again: bytes, mebibytes: int = 400) -> Content:
    block = again * max(1, 65536 // len(again))

    def content(_: str) -> Iterator[bytes]:
        yield start
        yield from itertools.repeat(block, mebibytes * _MIB // len(block))

    return content


def _document(status: str, body: bytes) -> Content:
    return lambda _: [plain(status, body, content_type="application/xml")]


def _entities() -> bytes:
    names = "abcdefghij"
    first = f'<!ENTITY a "{"ha" * 100}">'
    rest = "".join(
        f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in itertools.pairwise(names)
    )
    return f"<!DOCTYPE x [{first}{rest}]><Error><Code>&j;</Code></Error>".encode()


def _attributes() -> bytes:
    return b"<Error " + b" ".join(b"a%d=''" % number for number in range(900_000)) + b"/>"


def _nested(depth: int) -> bytes:
    return b"<a>" * depth + b"</a>" * depth


OK = b'HTTP/1.1 200 OK\r\nETag: "0123"\r\n'
MEMORY_BOMBS: dict[str, Content] = {
    "a long error": _endless(b"HTTP/1.1 500 No\r\nContent-Length: 419430400\r\n\r\n", b"<a/>"),
    "a long success": _endless(OK + b"Content-Length: 419430400\r\n\r\n", b"<a>x</a>"),
    "no length": _endless(OK + b"Connection: close\r\n\r\n", b"x"),
    "chunks": _endless(
        OK + b"Transfer-Encoding: chunked\r\n\r\n", b"40\r\n" + b"<a/>" * 16 + b"\r\n"
    ),
    "one chunk": _endless(OK + b"Transfer-Encoding: chunked\r\n\r\n7fffffff\r\n", b"x"),
    "a chunk's size": _endless(OK + b"Transfer-Encoding: chunked\r\n\r\n", b"0"),
    "trailers": _endless(OK + b"Transfer-Encoding: chunked\r\n\r\n0\r\n", b"x-a: b\r\n"),
    "headers": _endless(OK, b"x-header: " + b"v" * 60_000 + b"\r\n"),
    "one header": _endless(OK + b"x-header: ", b"v"),
    "no line": _endless(b"", b"H"),
    "interim answers": _endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "many elements": _document("500 No", b"<Error>" + b"<a/>" * 1_900_000 + b"</Error>"),
    "many elements of a list": _document(
        "200 OK", b"<ListBucketResult>" + b"<Contents/>" * 700_000 + b"</ListBucketResult>"
    ),
    "attributes": _document("400 Bad", _attributes()),
    "a long name": _document("400 Bad", b"<" + b"a" * 8_000_000 + b"/>"),
    "deep nesting": _document("200 OK", _nested(1_100_000)),
    "entities": _document("400 Bad", _entities()),
}
"""C-11 and G13: what a program that keeps whatever it is given would die of."""
