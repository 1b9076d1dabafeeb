"""What the sink remembers of objects and parts, the same in each of its processes."""

from __future__ import annotations

import marshal
import socket
from collections.abc import Sequence
from dataclasses import dataclass

_RECORD_BYTES = 8192


@dataclass(frozen=True, slots=True)
class Stored:
    """`checksum` is a header, `x-amz-checksum-NAME: VALUE`, or empty."""

    size: int
    etag: str
    checksum: str


class Ledger:
    """Never forgets, and is told by its siblings before they answer what they stored."""

    def __init__(self, own: socket.socket, siblings: Sequence[socket.socket]) -> None:
        self.own = own
        self._siblings = siblings
        self._objects: dict[str, Stored] = {}
        self._parts: dict[str, dict[int, int]] = {}
        own.setblocking(False)
        for sibling in siblings:
            sibling.setblocking(False)

    def store(self, path: str, stored: Stored) -> None:
        self._objects[path] = stored
        if self._siblings:
            self._tell((path, stored.size, stored.etag, stored.checksum))

    def store_part(self, upload_id: str, number: int, size: int) -> None:
        self._parts.setdefault(upload_id, {})[number] = size
        if self._siblings:
            self._tell((upload_id, number, size))

    def object(self, path: str) -> Stored | None:
        self.listen()
        return self._objects.get(path)

    def take_parts(self, upload_id: str) -> int:
        """The size of all parts of an upload, in bytes, which are forgotten."""
        self.listen()
        return sum(self._parts.pop(upload_id, {}).values())

    def listen(self) -> None:
        """Take in what the siblings told."""
        while True:
            try:
                record = marshal.loads(self.own.recv(_RECORD_BYTES))
            except BlockingIOError:
                return
            if len(record) == 4:
                path, size, etag, checksum = record
                self._objects[path] = Stored(size, etag, checksum)
            else:
                upload_id, number, size = record
                self._parts.setdefault(upload_id, {})[number] = size

    def _tell(self, record: tuple[object, ...]) -> None:
        message = marshal.dumps(record)
        for sibling in self._siblings:
            while True:
                try:
                    sibling.send(message)
                    break
                except OSError:  # its buffer is full (Linux: EAGAIN, BSD: ENOBUFS)
                    self.listen()
