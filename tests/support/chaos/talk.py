"""A client on a raw socket, and what it and its server say."""

import socket
import threading
import time
from dataclasses import dataclass, field

from tests.support.chaos.proxy import ChaosProxy

BODY = bytes(range(256)) * 40
ANSWER = b"thank you"
DAMAGED = b"uhank you"


@dataclass
class Server:
    """Takes anything, and keeps the bodies."""

    port: int
    bodies: list[bytes] = field(default_factory=list)
    arrived: threading.Condition = field(default_factory=threading.Condition)

    def take(self, body: bytes) -> None:
        with self.arrived:
            self.bodies.append(body)
            self.arrived.notify_all()

    def wait_for(self, *bodies: bytes) -> None:
        with self.arrived:
            assert self.arrived.wait_for(lambda: len(self.bodies) >= len(bodies), 5)
            assert self.bodies == list(bodies)


class Client:
    """One connection; also the time that its last answer took."""

    def __init__(self, proxy: ChaosProxy) -> None:
        self.socket = socket.create_connection(("127.0.0.1", proxy.port), timeout=5)
        self.seconds = 0.0

    def put(self, body: bytes = BODY, path: str = "/bucket/key") -> bytes:
        """The answer's body. Raises ConnectionResetError, EOFError, TimeoutError."""
        self.send(body, path)
        return self.receive()

    def send(self, body: bytes = BODY, path: str = "/bucket/key") -> None:
        head = f"PUT {path} HTTP/1.1\r\nHost: here\r\nContent-Length: {len(body)}\r\n\r\n"
        self._sent_at = time.monotonic()
        self.socket.sendall(head.encode() + body)

    def receive(self) -> bytes:
        received = b""
        while not received.endswith((ANSWER, DAMAGED, b"</html>", b"</Error>")):
            block = self.socket.recv(65536)
            if not block:
                raise EOFError(received)
            received += block
        self.seconds = time.monotonic() - self._sent_at
        return received.partition(b"\r\n\r\n")[2]
