"""Where the requests and answers on a connection begin and end, and how far into one a byte is."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

_END_OF_HEAD = b"\r\n\r\n"
_LONGEST_HEAD_BYTES = 64 * 1024
_REQUEST_LINE = re.compile(rb"[A-Z]+ \S+ HTTP/1\.[01]\r")
_CONTENT_LENGTH = re.compile(rb"\r\ncontent-length: *([0-9]+)", re.IGNORECASE)


@dataclass(frozen=True, eq=False)
class Exchange:
    """One request and its answer. `head` is empty where the bytes are not HTTP."""

    connection: int
    number: int
    head: str

    def __str__(self) -> str:
        return f"connection {self.connection}, {self.head.partition(' HTTP/')[0] or 'raw bytes'}"


@dataclass(frozen=True)
class Piece:
    """Bytes in a row. Positions are those of the first byte.

    `at` counts from the start of the connection, `body_at` from the start of the body, so it is
    negative in a head. `is_end`: the request's last byte is in it. `is_interim`: it is no
    answer yet (100 Continue).
    """

    data: bytes
    at: int
    body_at: int
    exchange: Exchange
    is_end: bool = False
    is_interim: bool = False

    def split(self, count: int) -> tuple["Piece", "Piece"]:
        """The first `count` bytes, and the rest."""
        first = replace(self, data=self.data[:count], is_end=False)
        rest = replace(
            self, data=self.data[count:], at=self.at + count, body_at=self.body_at + count
        )
        return first, rest


class Requests:
    """What the client sends, cut into heads and bodies."""

    def __init__(self, connection: int) -> None:
        self.exchange = Exchange(connection, 0, "")
        self.is_raw = False
        self._held = b""
        self._at = 0
        self._body_at = 0
        self._body_left = 0

    def cut(self, data: bytes) -> Iterator[Piece]:
        while data:
            if self.is_raw:
                yield self._piece(data)
                return
            if self._body_left:
                body, data = data[: self._body_left], data[self._body_left :]
                self._body_left -= len(body)
                yield self._piece(body, is_end=self._body_left == 0)
                continue
            data, self._held = self._held + data, b""
            if not _may_be_head(data):
                self.is_raw = True
                continue
            head, end, rest = data.partition(_END_OF_HEAD)
            if not end:
                self._held = data
                return
            yield self._start(head + end)
            data = rest

    def rest(self) -> Iterator[Piece]:
        """What is left when the client closes within a head."""
        if self._held:
            yield self._piece(self._held)

    def _start(self, head: bytes) -> Piece:
        length = _CONTENT_LENGTH.search(head)
        self._body_left = int(length[1]) if length else 0
        self._body_at = -len(head)
        before = self.exchange
        self.exchange = Exchange(before.connection, before.number + 1, head.decode("latin-1"))
        return self._piece(head, is_end=self._body_left == 0)

    def _piece(self, data: bytes, *, is_end: bool = False) -> Piece:
        piece = Piece(data, self._at, self._body_at, self.exchange, is_end)
        self._at += len(data)
        self._body_at += len(data)
        return piece


class Answers:
    """What the server sends: the answer to a request goes on until the next request."""

    def __init__(self, requests: Requests) -> None:
        self._requests = requests
        self._exchange = requests.exchange
        self._in_head = False
        self._held = b""
        self._at = 0
        self._body_at = 0

    def cut(self, data: bytes) -> Iterator[Piece]:
        if self._requests.exchange is not self._exchange:
            self._exchange = self._requests.exchange
            self._in_head = True
        while self._in_head and data:
            held = self._held + data
            head, end, data = held.partition(_END_OF_HEAD)
            if not end:
                self._held = held
                return
            self._held = b""
            self._body_at = -len(head + end)
            self._in_head = head.startswith(b"HTTP/1.1 1")
            yield self._piece(head + end, is_interim=self._in_head)
        if data:
            yield self._piece(data)

    def rest(self) -> Iterator[Piece]:
        """What is left when the server closes within a head."""
        if self._held:
            yield self._piece(self._held)

    def _piece(self, data: bytes, *, is_interim: bool = False) -> Piece:
        at, body_at = self._at, self._body_at
        piece = Piece(data, at, body_at, self._exchange, is_interim=is_interim)
        self._at += len(data)
        self._body_at += len(data)
        return piece


def _may_be_head(data: bytes) -> bool:
    line, end, _ = data[:_LONGEST_HEAD_BYTES].partition(b"\n")
    if not end:
        return len(line) < _LONGEST_HEAD_BYTES and line[:1].isalpha()
    return _REQUEST_LINE.fullmatch(line) is not None
