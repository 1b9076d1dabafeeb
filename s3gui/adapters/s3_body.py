"""The bytes of one request as botocore, its signer and urllib3 want to read them."""

from __future__ import annotations

import os
from collections.abc import Iterator

from s3gui.core.checksum import BytesLike
from s3gui.core.errors import SourceChanged
from s3gui.engine.ports import Body, OnSent

_LARGEST_READ = 1024 * 1024


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
        self.error: Exception | None = None

    def start_sending(self) -> None:
        self._is_sending = True

    def read(self, size: int = -1) -> memoryview | bytes:
        """The next large block, whatever `size` says: one system call sends it.

        urllib3 asks for 16 KiB at a time, and each small block costs a turn of the
        interpreter's lock.
        """
        del size
        if self._is_sending and self._position:
            self._on_sent(self._position)
        try:
            return self._next_view()
        except Exception as error:
            # urllib3 would call a disk's error a network's error: keep it for the caller.
            self.error = error
            raise

    def _next_view(self) -> memoryview | bytes:
        if self._views is None:
            self._views = _views(self._body.blocks())
        view = next(self._views, None)
        if view is None:
            if self._position != self.size:
                raise SourceChanged("The source became shorter while it was being sent.")
            return b""
        if self._position + len(view) > self.size:
            raise SourceChanged("The source became longer while it was being sent.")
        self._position += len(view)
        return view

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


def _views(blocks: Iterator[BytesLike]) -> Iterator[memoryview]:
    for block in blocks:
        view = memoryview(block).cast("B")
        for start in range(0, len(view), _LARGEST_READ):
            yield view[start : start + _LARGEST_READ]
