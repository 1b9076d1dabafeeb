"""The most that TLS lets through: `python -m tests.benchmarks.pusher ENDPOINT_URL BYTES`.

Pushes zeros as the bodies of four PUTs at once: no file, no checksum, no signature. OpenSSL has
the interpreter's lock released while it encrypts a block.
"""

from __future__ import annotations

import socket
import ssl
import sys
import threading
from urllib.parse import urlsplit

_CONNECTIONS = 4
_BLOCK = memoryview(bytes(1024**2))


def main() -> None:
    address = urlsplit(sys.argv[1])
    size = int(sys.argv[2]) // _CONNECTIONS
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    assert address.hostname is not None
    assert address.port is not None
    place = address.hostname, address.port
    threads = [
        threading.Thread(target=_push, args=(place, context, number, size))
        for number in range(_CONNECTIONS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _push(place: tuple[str, int], context: ssl.SSLContext, number: int, size: int) -> None:
    with context.wrap_socket(socket.create_connection(place)) as peer:
        head = f"PUT /ceiling/{number} HTTP/1.1\r\nHost: sink\r\nContent-Length: {size}\r\n\r\n"
        peer.sendall(head.encode())
        for start in range(0, size, len(_BLOCK)):
            peer.sendall(_BLOCK[: min(len(_BLOCK), size - start)])
        peer.recv(1024)


main()
