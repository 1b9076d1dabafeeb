"""Bytes in files, named at random: no key of a client ever becomes a path."""

import contextlib
import os
import secrets
import socket
import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Self

_BINARY = getattr(os, "O_BINARY", 0)


class BlobWriter:
    """A new file; gone again unless it was kept."""

    def __init__(self, path: Path) -> None:
        self.name = path.name
        self._path = path
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, 0o600)
        self._file = open(descriptor, "wb", buffering=0)  # noqa: PTH123, SIM115 - by descriptor
        self._kept = False

    def write(self, data: memoryview) -> None:
        while data:
            data = data[self._file.write(data) :]

    def keep(self) -> str:
        self._kept = True
        return self.name

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
        if not self._kept:
            with contextlib.suppress(OSError):
                self._path.unlink()


@dataclass(frozen=True)
class Piece:
    """`size_bytes` of a blob, from `offset` on."""

    blob: str
    offset: int
    size_bytes: int


class Blobs:
    """The folder of blobs. What a reader still holds is removed when the reader lets go."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._held: Counter[str] = Counter()
        self._doomed: set[str] = set()
        folder.mkdir(mode=0o700, exist_ok=True)

    def create(self) -> BlobWriter:
        path = self._path(secrets.token_hex(16))
        try:
            return BlobWriter(path)
        except FileNotFoundError:
            path.parent.mkdir(mode=0o700, exist_ok=True)
            return BlobWriter(path)

    def open(self, blob: str) -> BinaryIO:
        return self._path(blob).open("rb", buffering=0)

    def hold(self, blobs: Iterable[str]) -> None:
        with self._lock:
            self._held.update(blobs)

    def release(self, blobs: Iterable[str]) -> None:
        blobs = list(blobs)
        with self._lock:
            self._held.subtract(blobs)
            free = [blob for blob in blobs if self._held[blob] <= 0]
            for blob in free:
                del self._held[blob]
            doomed = self._doomed.intersection(free)
            self._doomed -= doomed
        self._unlink(doomed)

    def remove(self, blobs: Iterable[str]) -> None:
        with self._lock:
            names = set(blobs)
            waiting = {blob for blob in names if self._held[blob] > 0}
            self._doomed |= waiting
        self._unlink(names - waiting)

    def sweep(self, known: set[str]) -> None:
        """Removes what a killed server left behind: files that nothing refers to."""
        for folder in filter(Path.is_dir, self._folder.iterdir()):
            with os.scandir(folder) as entries:
                strays = [
                    entry.path for entry in entries if entry.is_file() and entry.name not in known
                ]
            for path in strays:
                Path(path).unlink()

    def _unlink(self, blobs: Iterable[str]) -> None:
        for blob in blobs:
            with contextlib.suppress(OSError):  # swept at the next start
                self._path(blob).unlink()

    def _path(self, blob: str) -> Path:
        return self._folder / blob[:2] / blob


class StoredContent:
    """Bytes of an object on their way out; holds its blobs until it is closed."""

    def __init__(self, blobs: Blobs, pieces: list[Piece]) -> None:
        self._blobs = blobs
        self._pieces = pieces
        self._names = [piece.blob for piece in pieces]
        self.size_bytes = sum(piece.size_bytes for piece in pieces)
        blobs.hold(self._names)

    def send(self, connection: socket.socket) -> None:
        for piece in self._pieces:
            if piece.size_bytes:
                with self._blobs.open(piece.blob) as file:
                    connection.sendfile(file, piece.offset, piece.size_bytes)

    def read(self, view: memoryview) -> Iterator[int]:
        """Fills `view` again and again; gives how many bytes of it are good each time."""
        for piece in self._pieces:
            remaining = piece.size_bytes
            with self._blobs.open(piece.blob) as file:
                file.seek(piece.offset)
                while remaining:
                    count = file.readinto(view[:remaining])  # type: ignore[attr-defined]
                    if not count:
                        raise OSError("a blob is shorter than its index says")
                    remaining -= count
                    yield count

    def close(self) -> None:
        self._blobs.release(self._names)
        self._names = []


def slice_pieces(pieces: Iterable[tuple[str, int]], start: int, length: int) -> list[Piece]:
    """The pieces that hold `length` bytes from `start` on, of blobs laid end to end."""
    found: list[Piece] = []
    position = 0
    for blob, size_bytes in pieces:
        first = max(start - position, 0)
        last = min(start + length - position, size_bytes)
        if first < last:
            found.append(Piece(blob, first, last - first))
        position += size_bytes
    return found
