"""HTTP/1.1 on one socket: heads and bodies in, whole answers out. No thread, no S3."""

import contextlib
import io
import socket
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from s3gui.practice.errors import ConnectionLost, S3Error

_LINE_LIMIT = 16 * 1024
_HEADER_LIMIT = 8 * 1024  # S3: "the request header is limited to 8 KB"
_BUFFER_BYTES = 64 * 1024
_DRAIN_BYTES = 64 * 1024**2
_DRAIN_SECONDS = 5.0
_BLANK_SECONDS = 0.05
_REASONS = {
    100: "Continue",
    200: "OK",
    204: "No Content",
    206: "Partial Content",
    301: "Moved Permanently",
    304: "Not Modified",
    400: "Bad Request",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    409: "Conflict",
    411: "Length Required",
    412: "Precondition Failed",
    416: "Requested Range Not Satisfiable",
    429: "Too Many Requests",
    500: "Internal Server Error",
    501: "Not Implemented",
    503: "Service Unavailable",
}
_SINGLE = frozenset({"host", "content-length", "authorization", "transfer-encoding"})


@dataclass(frozen=True)
class Head:
    """Header names in lower case; values as Latin-1, so that every byte survives."""

    method: str
    target: str
    headers: dict[str, str]
    keeps_alive: bool


class FileContent(Protocol):
    size_bytes: int

    def send(self, connection: socket.socket) -> None: ...
    def close(self) -> None: ...


@dataclass
class Response:
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    content: FileContent | None = None
    whitespace_seconds: float = 0
    is_cut_short: bool = False
    """Only half of it is sent."""

    @property
    def size_bytes(self) -> int:
        return len(self.body) if self.content is None else self.content.size_bytes


class Body(io.RawIOBase):
    """A request's body as it was framed: by Content-Length, or by chunks.

    Reading raises S3Error IncompleteBody or RequestTimeout; the connection is of no more use then
    (`broken`). The first read answers `Expect: 100-continue`.
    """

    def __init__(
        self, reader: io.BufferedReader, head: Head, send_continue: Callable[[], None]
    ) -> None:
        self._reader = reader
        self._send_continue: Callable[[], None] | None = None
        self.broken = False
        self.chunked = "transfer-encoding" in head.headers
        self.declared_bytes: int | None = None
        self._remaining = 0
        self._chunk_open = False
        if self.chunked:
            if head.headers["transfer-encoding"].lower() != "chunked":
                raise S3Error("NotImplemented")
            if "content-length" in head.headers:
                raise S3Error("BadRequest", "Content-Length and Transfer-Encoding exclude another")
        elif (declared := head.headers.get("content-length")) is not None:
            if not (declared.isascii() and declared.isdigit() and len(declared) < 19):
                raise S3Error("BadRequest", "Content-Length is not a number of bytes")
            self.declared_bytes = self._remaining = int(declared)
        self.finished = not self.chunked and self._remaining == 0
        if head.headers.get("expect", "").lower() == "100-continue":
            # Also before an empty body: botocore before 1.44 misreads the next answer on a
            # connection that has given it a final one where it expected a 100.
            self._send_continue = send_continue

    @property
    def announced(self) -> bool:
        """Whether the client said how long its body is, be it 0."""
        return self.chunked or self.declared_bytes is not None

    @property
    def untouched(self) -> bool:
        """The client still waits for the leave to send."""
        return self._send_continue is not None

    def readable(self) -> bool:
        return True

    def readinto(self, view: memoryview) -> int:  # type: ignore[override]
        if self._send_continue is not None:
            send, self._send_continue = self._send_continue, None
            send()
        if self.finished:
            return 0
        try:
            return self._read(view)
        except TimeoutError as error:
            self.broken = True
            raise S3Error("RequestTimeout") from error
        except OSError as error:
            self.broken = True
            raise ConnectionLost from error

    def _read(self, view: memoryview) -> int:
        if self.chunked and self._remaining == 0 and not self._next_chunk():
            return 0
        count = self._reader.readinto1(view[: self._remaining])
        if count == 0:
            self._incomplete()
        self._remaining -= count
        self.finished = not self.chunked and self._remaining == 0
        return count

    def _next_chunk(self) -> bool:
        if self._chunk_open and self._line() != b"":
            self._incomplete()
        size = self._line().partition(b";")[0].strip()
        try:
            self._remaining = int(size, 16) if size.isalnum() and len(size) < 16 else -1
        except ValueError:
            self._remaining = -1
        if self._remaining < 0:
            self._incomplete()
        self._chunk_open = True
        if self._remaining:
            return True
        for _ in range(100):
            if self._line() == b"":
                self.finished = True
                return False
        self._incomplete()
        return False

    def _line(self) -> bytes:
        line = self._reader.readline(_LINE_LIMIT)
        if not line.endswith(b"\n"):
            self._incomplete()
        return line.rstrip(b"\r\n")

    def _incomplete(self) -> None:
        self.broken = True
        raise S3Error("IncompleteBody")


class Wire:
    """One client's connection."""

    def __init__(self, connection: socket.socket, idle_timeout_seconds: float) -> None:
        self._socket = connection
        self._socket.settimeout(idle_timeout_seconds)
        with contextlib.suppress(OSError):
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        reader = connection.makefile("rb", buffering=_BUFFER_BYTES)
        assert isinstance(reader, io.BufferedReader)
        self._reader = reader

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._reader.close()
        with contextlib.suppress(OSError):
            self._socket.close()

    def reset(self) -> None:
        """With no time to linger the system sends a RST."""
        with contextlib.suppress(OSError):
            linger = struct.pack("ii", 1, 0)
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)

    def read_head(self) -> Head | None:
        """None when the client has closed. Raises S3Error for what is no HTTP request."""
        try:
            first = self._reader.readline(_LINE_LIMIT + 1)
            if first in {b"\r\n", b"\n"}:
                first = self._reader.readline(_LINE_LIMIT + 1)
            if not first:
                return None
            return self._head(first)
        except TimeoutError as error:
            raise ConnectionLost from error
        except OSError as error:
            raise ConnectionLost from error

    def _head(self, first: bytes) -> Head:
        if len(first) > _LINE_LIMIT:
            raise S3Error("RequestHeaderSectionTooLarge")
        words = first.decode("latin-1").split()
        if len(words) != 3 or words[2] not in {"HTTP/1.1", "HTTP/1.0"}:
            raise S3Error("BadRequest", "An error occurred when parsing the HTTP request.")
        method, target, version = words
        headers: dict[str, str] = {}
        size = 0
        while (line := self._reader.readline(_HEADER_LIMIT + 1)) not in {b"\r\n", b"\n"}:
            size += len(line)
            if size > _HEADER_LIMIT:
                raise S3Error("RequestHeaderSectionTooLarge", MaxSizeAllowed=_HEADER_LIMIT)
            if not line.endswith(b"\n"):
                raise ConnectionLost
            _add_header(headers, line.rstrip(b"\r\n").decode("latin-1"))
        connection = headers.get("connection", "").lower()
        keeps_alive = version == "HTTP/1.1" and "close" not in connection
        return Head(method, target, headers, keeps_alive)

    def body(self, head: Head) -> Body:
        return Body(self._reader, head, self._continue)

    def _continue(self) -> None:
        self._send(b"HTTP/1.1 100 Continue\r\n\r\n")

    def send(self, response: Response, *, without_body: bool, closing: bool) -> None:
        """Raises ConnectionLost when the client does not take it."""
        lines = [f"HTTP/1.1 {response.status} {_REASONS.get(response.status, 'Unknown')}"]
        lines += [f"{name}: {value}" for name, value in response.headers.items()]
        if response.whitespace_seconds:
            self._send_slowly(lines, response)
            return
        if response.status not in {204, 304}:
            lines.append(f"Content-Length: {response.size_bytes}")
        if closing:
            lines.append("Connection: close")
        head = ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace")
        bare = without_body or response.status in {204, 304}
        if response.is_cut_short:
            whole = head if bare else head + response.body
            self._send(whole[: len(head) // 2 if whole == head else (len(head) + len(whole)) // 2])
            return
        if bare or response.content is None:
            self._send(head if bare else head + response.body)
            return
        self._send(head)
        try:
            response.content.send(self._socket)
        except (OSError, ValueError) as error:
            raise ConnectionLost from error

    def _send_slowly(self, lines: list[str], response: Response) -> None:
        """The head and the XML declaration at once, then blanks, and the document at last."""
        head = "\r\n".join([*lines, "Transfer-Encoding: chunked"]) + "\r\n\r\n"
        declaration, mark, document = response.body.rpartition(b"?>")
        self._send(head.encode("latin-1", "replace") + _chunk(declaration + mark))
        ends_by = time.monotonic() + response.whitespace_seconds
        while time.monotonic() < ends_by:
            self._send(_chunk(b" "))
            time.sleep(_BLANK_SECONDS)
        self._send(_chunk(document) + b"0\r\n\r\n")

    def _send(self, data: bytes) -> None:
        try:
            self._socket.sendall(data)
        except OSError as error:
            raise ConnectionLost from error

    def close_gently(self) -> None:
        """Lets the client read the answer although its body was not read.

        Closing with unread bytes sends a reset, which makes many systems throw the answer away.
        """
        deadline = time.monotonic() + _DRAIN_SECONDS
        drained = 0
        with contextlib.suppress(OSError, ValueError):
            self._socket.shutdown(socket.SHUT_WR)
            self._socket.settimeout(_DRAIN_SECONDS / 5)
            buffer = bytearray(_BUFFER_BYTES)
            while drained < _DRAIN_BYTES and time.monotonic() < deadline:
                count = self._socket.recv_into(buffer)
                if not count:
                    break
                drained += count
        self.close()


def _chunk(data: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(data), data) if data else b""


def _add_header(headers: dict[str, str], line: str) -> None:
    name, colon, value = line.partition(":")
    name = name.lower()
    if not colon or not name or name != name.strip():
        raise S3Error("BadRequest", "An error occurred when parsing the HTTP request.")
    if name in headers:
        if name in _SINGLE:
            raise S3Error("BadRequest", f"The header {name} was sent twice")
        headers[name] += "," + value.strip()
    else:
        headers[name] = value.strip()
