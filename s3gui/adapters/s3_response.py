"""Reads the answer to a request: HTTP/1.1 and 1.0, no more of it than can be meant.

Source: RFC 9112.
"""

from __future__ import annotations

import re
from functools import lru_cache

from s3gui.core.errors import BadAnswer
from s3gui.core.frozen import frozen, replace

_MOST_HEAD_BYTES = 64 * 1024
_MOST_BODY_BYTES = 1024 * 1024
"""Of an error document; those of S3 have a few hundred bytes."""

_MOST_INTERIM_ANSWERS = 16
_STATUS_LINE = re.compile(r"HTTP/1\.([01]) ([1-9][0-9]{2})(?: [^\r\n]*)?")
_DIGITS = re.compile(r"[0-9]{1,18}")
_CHUNK_SIZE = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]*)?")
_END_OF_HEAD = b"\r\n\r\n"
_STATUS_LINES_KEPT = 8
_FIELDS_KEPT = 64


@frozen
class Response:
    """`headers` by their names in lower case; `is_early`: it came before all was sent."""

    status: int
    headers: dict[str, str]
    body: bytes
    keeps_alive: bool
    is_early: bool = False

    def cut_short(self) -> Response:
        """As the answer to a request that was not sent whole: nothing can follow it."""
        return replace(self, keeps_alive=False, is_early=True)


class _Head:
    __slots__ = ("body_at", "headers", "keeps_alive", "status")

    def __init__(
        self, status: int, headers: dict[str, str], body_at: int, *, keeps_alive: bool
    ) -> None:
        self.status = status
        self.headers = headers
        self.keeps_alive = keeps_alive
        self.body_at = body_at


class ResponseReader:
    """Takes bytes as they come. Every method raises BadAnswer where they are no answer.

    `is_for_head`: an answer to HEAD, which tells the length of a body that does not come.
    """

    __slots__ = ("_data", "_head", "_interim_answers", "_is_for_head")

    def __init__(self, *, is_for_head: bool = False) -> None:
        self._is_for_head = is_for_head
        self._data = bytearray()
        self._head: _Head | None = None
        self._interim_answers = 0

    @property
    def has_begun(self) -> bool:
        return bool(self._data) or self._interim_answers > 0

    def add(self, data: bytes) -> None:
        self._data += data
        if len(self._data) > _MOST_HEAD_BYTES + 2 * _MOST_BODY_BYTES:
            raise _bad("it is too long")

    def response(self) -> Response | None:
        """The answer as soon as it is there."""
        head = self._read_head()
        if head is None:
            return None
        headers = head.headers
        if self._is_for_head or head.status in {204, 304}:
            return self._made(head, b"", head.body_at)
        if "transfer-encoding" in headers:
            if headers["transfer-encoding"].lower() != "chunked":
                raise _bad("its encoding is unknown")
            return self._chunked(head)
        if "content-length" not in headers:
            return None  # its end is that of the connection
        size = _length(headers["content-length"])
        end = head.body_at + size
        if len(self._data) < end:
            return None
        body = bytes(self._data[head.body_at : end]) if size else b""
        return self._made(head, body, end)

    def response_at_end(self) -> Response | None:
        """The answer of a server that closes the connection after it."""
        response = self.response()
        if response is not None or self._head is None:
            return response
        if {"content-length", "transfer-encoding"} & self._head.headers.keys():
            return None
        body = bytes(self._data[self._head.body_at :])
        if len(body) > _MOST_BODY_BYTES:
            raise _bad("it is too long")
        return Response(self._head.status, self._head.headers, body, keeps_alive=False)

    def _read_head(self) -> _Head | None:
        while self._head is None:
            end = self._data.find(_END_OF_HEAD, 0, _MOST_HEAD_BYTES)
            if end < 0:
                if len(self._data) >= _MOST_HEAD_BYTES:
                    raise _bad("it does not begin as an answer does")
                return None
            head = _parsed(self._data[:end].decode("latin-1"), end + len(_END_OF_HEAD))
            if head.status >= 200:
                self._head = head
            else:
                del self._data[: head.body_at]
                self._interim_answers += 1
                if head.status == 101 or self._interim_answers > _MOST_INTERIM_ANSWERS:
                    raise _bad("it never comes to the point")
        return self._head

    def _chunked(self, head: _Head) -> Response | None:
        body = bytearray()
        position = head.body_at
        while True:
            line_end = self._data.find(b"\r\n", position)
            if line_end < 0:
                if len(self._data) - position > _MOST_HEAD_BYTES:
                    raise _bad("its chunks cannot be read")
                return None
            size_line = _CHUNK_SIZE.fullmatch(self._data[position:line_end])
            if size_line is None:
                raise _bad("its chunks cannot be read")
            size = int(size_line[1], 16)
            start = line_end + 2
            if size == 0:
                return self._after_trailers(head, bytes(body), line_end)
            if len(body) + size > _MOST_BODY_BYTES:
                raise _bad("it is too long")
            position = start + size + 2
            if len(self._data) < position:
                return None
            if self._data[position - 2 : position] != b"\r\n":
                raise _bad("its chunks cannot be read")
            body += self._data[start : start + size]

    def _after_trailers(self, head: _Head, body: bytes, last_line_end: int) -> Response | None:
        end = self._data.find(_END_OF_HEAD, last_line_end)
        if end < 0:
            return None
        return self._made(head, body, end + len(_END_OF_HEAD))

    def _made(self, head: _Head, body: bytes, end: int) -> Response:
        # What follows an answer that nothing was asked after is not to be trusted.
        is_alone = len(self._data) == end
        return Response(head.status, head.headers, body, head.keeps_alive and is_alone)


def _parsed(text: str, body_at: int) -> _Head:
    first, *lines = text.split("\r\n")
    status, is_1_1 = _status(first)
    headers: dict[str, str] = {}
    for line in lines:
        name, value = _field(line)
        if name not in headers:
            headers[name] = value
        elif name != "content-length":
            headers[name] += ", " + value
        elif headers[name] != value:
            raise _bad("it says two lengths")
    options = headers.get("connection", "").lower()
    keeps_alive = "close" not in options and (is_1_1 or "keep-alive" in options)
    return _Head(status, headers, body_at, keeps_alive=keeps_alive)


@lru_cache(_STATUS_LINES_KEPT)
def _status(line: str) -> tuple[int, bool]:
    """The status, and whether the line speaks HTTP/1.1."""
    found = _STATUS_LINE.fullmatch(line)
    if found is None:
        raise _bad("it does not begin as an answer does")
    return int(found[2]), found[1] == "1"


@lru_cache(_FIELDS_KEPT)
def _field(line: str) -> tuple[str, str]:
    """A header's name in lower case, and its value. Answers of one service have many the same."""
    written, colon, value = line.partition(":")
    if not colon or not written or written != written.strip():
        raise _bad("its head cannot be read")
    return written.lower(), value.strip()


@lru_cache(_STATUS_LINES_KEPT)
def _length(text: str) -> int:
    if not _DIGITS.fullmatch(text) or int(text) > _MOST_BODY_BYTES:
        raise _bad("it is too long")
    return int(text)


def _bad(reason: str) -> BadAnswer:
    return BadAnswer(f"The answer cannot be read: {reason}.")
