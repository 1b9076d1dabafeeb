"""The bytes of one request as botocore, its signer and urllib3 want to read them."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

from s3gui.core.errors import SourceChanged
from s3gui.engine.ports import Body, OnSent

_SMALLEST_READ = 32 * 1024
_LARGEST_READ = 1024 * 1024
_QUICK_SECONDS = 0.1
_SLOW_SECONDS = 0.5


def exact_blocks(body: Body) -> Iterator[memoryview]:
    """The body's bytes, as many as it promised. Raises SourceChanged."""
    left = body.size
    for block in body.blocks():
        view = memoryview(block).cast("B")
        left -= len(view)
        if left < 0:
            raise _changed(left)
        yield view
    if left:
        raise _changed(left)


def exact_bytes(body: Body) -> bytes:
    """As `exact_blocks`, of a small body: all at once."""
    data = b"".join(body.blocks())
    if len(data) != body.size:
        raise _changed(body.size - len(data))
    return data


def _changed(missing_bytes: int) -> SourceChanged:
    if missing_bytes < 0:
        return SourceChanged("The source became longer while it was being sent.")
    return SourceChanged("The source became shorter while it was being sent.")


class RequestBody:
    """A file-like view of a `Body` that tells the bytes sent from those that were only read.

    botocore reads a body once to sign it (plain http only) and once to send it; only what is
    read after `start_sending` counts. A block counts when the next one is asked for: by then
    it was handed to the network whole.
    """

    def __init__(self, body: Body, on_sent: OnSent) -> None:
        self.size = body.size
        self._body = body
        self._on_sent = on_sent
        self._views: Iterator[memoryview] | None = None
        self._position = 0
        self._is_sending = False
        self._read_size = _SMALLEST_READ
        self._handed_out_at = 0.0
        self.error: Exception | None = None

    def start_sending(self) -> None:
        self._is_sending = True

    def read(self, size: int = -1) -> memoryview | bytes:
        """The next block, of our own size: urllib3 would ask for 16 KiB each time.

        Each block costs a system call and a turn of the interpreter's lock, so a fast line gets
        large ones. But a block must be sent within the socket's timeout, so a slow line gets
        small ones: it is not to be taken for a dead one.
        """
        del size
        if self._is_sending and self._position:
            self._on_sent(self._position)
            self._adapt_to_the_line(time.monotonic() - self._handed_out_at)
        try:
            view = self._next_view()
        except Exception as error:
            # urllib3 would call a disk's error a network's error: keep it for the caller.
            self.error = error
            raise
        self._handed_out_at = time.monotonic()
        return view

    def _adapt_to_the_line(self, seconds: float) -> None:
        if seconds < _QUICK_SECONDS:
            self._read_size = min(self._read_size * 2, _LARGEST_READ)
        elif seconds > _SLOW_SECONDS:
            self._read_size = max(self._read_size // 2, _SMALLEST_READ)

    def _next_view(self) -> memoryview | bytes:
        if self._views is None:
            self._views = self._cut(exact_blocks(self._body))
        view = next(self._views, None)
        if view is None:
            return b""
        self._position += len(view)
        return view

    def _cut(self, blocks: Iterator[memoryview]) -> Iterator[memoryview]:
        for view in blocks:
            rest = view
            while rest:
                size = self._read_size if self._is_sending else _LARGEST_READ
                yield rest[:size]
                rest = rest[size:]

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """To the start (the bytes begin anew) or to the end (to be measured)."""
        if offset != 0 or whence == os.SEEK_CUR:
            raise ValueError("the bytes of a request can be read from the start only")
        self._views = None if whence == os.SEEK_SET else iter(())
        self._position = 0 if whence == os.SEEK_SET else self.size
        self._is_sending = False
        return self._position
