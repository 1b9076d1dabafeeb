"""In a network of its own: uploads by the program and plain TCP over one line, told as JSON."""

from __future__ import annotations

import json
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from s3gui.core.transfer import TransferState, UploadOptions
from s3gui.practice import server as practice_server
from tests.support.lossy_line import FAR, NEAR, LossyLine
from tests.support.upload_world import UploadWorld, connect_small, upload_world

_MIB = 1024 * 1024
_PART = 1 * _MIB
_AT_ONCE = 4
_SERVICE_PORT, _PLAIN_PORT = 8000, 8001
_BLOCK = bytes(64 * 1024)


def main() -> None:
    mebibytes, seed, kind = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    if kind == "slow":
        _upload_slowly(mebibytes, seed)
        return
    LossyLine(delay_seconds=0.1, loss=0.02, bytes_per_second=10e6 / 8, seed=seed).start()
    with socket.create_server((NEAR, _PLAIN_PORT)) as listener:
        threading.Thread(target=_take, args=(listener,), daemon=True).start()
        one = _plain(mebibytes * _MIB // _AT_ONCE, 1)
        several = _plain(mebibytes * _MIB, _AT_ONCE)
    with tempfile.TemporaryDirectory() as folder:
        program = _program(Path(folder), mebibytes)
    json.dump({"one": one, "several": several, "program": program}, sys.stdout)


def _upload_slowly(mebibytes: int, seed: int) -> None:
    """One part of that size at 20 KB/s, with the program's own bounds."""
    LossyLine(0.05, loss=0, bytes_per_second=20_000, seed=seed, queue_bytes=32 * 1024).start()
    with (
        tempfile.TemporaryDirectory() as folder,
        _world(Path(folder), mebibytes * _MIB) as world,
    ):
        rate = _upload(world, mebibytes, mebibytes * _MIB)
        pauses = len(world.clock.pauses)
        json.dump({"program": rate, "attempts lost": pauses}, sys.stdout)


def _take(listener: socket.socket) -> None:
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=_count, args=(connection,), daemon=True).start()


def _count(connection: socket.socket) -> None:
    """Answers one byte when all is there, as a service answers a part."""
    with connection:
        while connection.recv(256 * 1024):
            pass
        connection.sendall(b"!")


def _plain(size: int, connections: int) -> float:
    """Bytes in a second, by sendall() on so many connections."""

    def send() -> None:
        with socket.create_connection((FAR, _PLAIN_PORT)) as connection:
            left = size // connections
            while left > 0:
                connection.sendall(_BLOCK[:left])
                left -= len(_BLOCK)
            connection.shutdown(socket.SHUT_WR)
            connection.recv(1)

    began = time.monotonic()
    with ThreadPoolExecutor(connections) as pool:
        for sending in [pool.submit(send) for _ in range(connections)]:
            sending.result()
    return size / (time.monotonic() - began)


def _program(folder: Path, mebibytes: int) -> float:
    with _world(folder, _PART) as world:
        return _upload(world, mebibytes, _PART)


@contextmanager
def _world(folder: Path, part_bytes: int) -> Iterator[UploadWorld]:
    practice_server._HOST = NEAR
    with upload_world(folder, part_bytes=part_bytes, port=_SERVICE_PORT) as world:
        world.profile = replace(world.profile, endpoint_url=f"http://{FAR}:{_SERVICE_PORT}")
        secret = world.server.credentials.secret_access_key
        store = connect_small(world.profile, secret, part_bytes=part_bytes)
        world.stores[world.profile.id] = store
        yield world


def _upload(world: UploadWorld, mebibytes: int, part_bytes: int) -> float:
    path = world.folder / "file.bin"
    path.write_bytes(bytes(mebibytes * _MIB + 1))
    began = time.monotonic()
    world.upload(
        path, options=UploadOptions(part_size=part_bytes), parts_at_once=_AT_ONCE, seconds=600
    )
    seconds = time.monotonic() - began
    row = world.row()
    if row.state is not TransferState.COMPLETED:
        raise RuntimeError(f"{row.state}: {row.failure}")
    return mebibytes * _MIB / seconds


if __name__ == "__main__":
    main()
