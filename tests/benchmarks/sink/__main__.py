"""An S3 service that reads and throws away: `python -m tests.benchmarks.sink`.

Prints its port as the first line, serves on 127.0.0.1 until standard input ends, and prints what
it saw as JSON, one line a process. With a certificate it speaks TLS 1.3 with AES-256-GCM.
"""

from __future__ import annotations

import argparse
import json
import os
import socket
import ssl
import sys
import time
from pathlib import Path

from tests.benchmarks.sink.ledger import Ledger
from tests.benchmarks.sink.loop import Loop
from tests.benchmarks.sink.pace import Line


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--certificate", type=Path, help="a PEM file with its key")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--latency-ms", type=float, default=0)
    parser.add_argument("--connection-mb-per-second", type=float, default=0)
    parser.add_argument("--link-mb-per-second", type=float, default=0)
    chosen = parser.parse_args()
    line = Line(
        chosen.latency_ms / 1000,
        int(chosen.connection_mb_per_second * 1e6),
        int(chosen.link_mb_per_second * 1e6),
    )
    listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
    listener.setblocking(False)
    sys.stdout.write(f"{listener.getsockname()[1]}\n")
    sys.stdout.flush()
    _serve(listener, chosen.certificate, line, 1 if line.is_limited else chosen.processes)


def _serve(listener: socket.socket, certificate: Path | None, line: Line, processes: int) -> None:
    pairs = [socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM) for _ in range(processes)]
    children = []
    number = 0
    for child in range(1, processes):
        pid = os.fork()
        if pid == 0:
            number, children = child, []
            break
        children.append(pid)
    siblings = [pair[1] for at, pair in enumerate(pairs) if at != number]
    ledger = Ledger(pairs[number][0], siblings)
    loop = Loop(listener, _context(certificate), ledger, line, number)
    loop.run(sys.stdin.fileno())
    times = os.times()
    report = {
        "requests": loop.requests,
        "most_connections": loop.most_connections,
        "cpu_seconds": round(times.user + times.system, 3),
        "received_by_second": loop.received_by_second,
        "ended_at": time.monotonic(),
    }
    sys.stdout.write(json.dumps(report) + "\n")
    sys.stdout.flush()
    for pid in children:
        os.waitpid(pid, 0)


def _context(certificate: Path | None) -> ssl.SSLContext | None:
    if certificate is None:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.load_cert_chain(certificate)
    return context


if __name__ == "__main__":
    main()
