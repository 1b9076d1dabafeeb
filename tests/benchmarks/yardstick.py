"""The least that plain Python does to upload files: what s3gui's processor time is held against."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import time
import zlib
from collections.abc import Sequence
from io import FileIO
from pathlib import Path
from urllib.parse import urlsplit

_BLOCK_BYTES = 1024**2
_KEY = b"a-secret-that-opens-nothing"


def cpu_seconds(paths: Sequence[Path], endpoint_url: str) -> float:
    """Of this thread, to PUT the files one after the other: read, CRC-32, SHA-256, HMAC, sent."""
    address = urlsplit(endpoint_url)
    started = time.thread_time()
    connection = http.client.HTTPConnection(address.netloc)
    for path in paths:
        with path.open("rb", buffering=0) as file:
            _put(connection, path.name, file)
    connection.close()
    return time.thread_time() - started


def _put(connection: http.client.HTTPConnection, name: str, file: FileIO) -> None:
    block = bytearray(_BLOCK_BYTES)
    digest, crc, size = hashlib.sha256(), 0, 0
    while count := file.readinto(block):
        piece = memoryview(block)[:count]
        digest.update(piece)
        crc = zlib.crc32(piece, crc)
        size += count
    signature = hmac.digest(_KEY, digest.hexdigest().encode(), "sha256").hex()
    connection.putrequest("PUT", f"/yardstick/{name}")
    connection.putheader("Content-Length", str(size))
    connection.putheader("Authorization", signature)
    connection.putheader("x-amz-checksum-crc32", str(crc))
    connection.endheaders()
    file.seek(0)
    while count := file.readinto(block):
        connection.send(memoryview(block)[:count])
    connection.getresponse().read()
