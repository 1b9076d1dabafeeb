"""Whether anything in this process, or another, opened a file of a folder (Linux)."""

import ctypes
import os
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_IN_OPEN = 0x20
_IN_NONBLOCK = 0o4000
_HEAD = struct.Struct("iIII")


class Watch:
    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def opened(self) -> set[str]:
        """The names that were opened since the last time."""
        names: set[str] = set()
        while True:
            try:
                data = os.read(self._descriptor, 65536)
            except BlockingIOError:
                return names
            while data:
                _watch, _mask, _cookie, length = _HEAD.unpack_from(data)
                name = data[_HEAD.size : _HEAD.size + length].rstrip(b"\0")
                names |= {name.decode()} if name else set()
                data = data[_HEAD.size + length :]


@contextmanager
def watching(folder: Path) -> Iterator[Watch]:
    libc = ctypes.CDLL(None, use_errno=True)
    descriptor = libc.inotify_init1(_IN_NONBLOCK)
    if descriptor < 0 or libc.inotify_add_watch(descriptor, bytes(folder), _IN_OPEN) < 0:
        raise OSError(ctypes.get_errno(), "inotify")
    try:
        yield Watch(descriptor)
    finally:
        os.close(descriptor)
