"""The sink as a process of its own, and how to reach it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

TOP = Path(__file__).parent.parent.parent
BUCKET = "benchmark"
REGION = "us-east-1"
CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "AKIDBENCHMARK",
    "AWS_SECRET_ACCESS_KEY": "a-secret-that-opens-nothing",
    "AWS_REGION": REGION,
    "AWS_DEFAULT_REGION": REGION,
    "AWS_CONFIG_FILE": "/dev/null",
    "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
    "AWS_EC2_METADATA_DISABLED": "true",
}


@dataclass(frozen=True, slots=True)
class Certificate:
    """`server` holds the key, too; `authority` is what a client must trust."""

    server: Path
    authority: Path


@dataclass
class Service:
    """`reports` are there when the sink has ended, one of each of its processes."""

    endpoint_url: str
    authority: Path | None
    reports: list[dict[str, Any]] = field(default_factory=list)


def make_certificate(folder: Path) -> Certificate:
    """Anew each time: they are good for a day. In a process of its own, for it needs much."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.pem"):
        old.unlink()
    code = (
        "import pathlib, sys; from tests.support.certificates import Authority;"
        "Authority(pathlib.Path(sys.argv[1])).server_context()"
    )
    subprocess.run([sys.executable, "-c", code, folder], cwd=TOP, check=True)
    (server,) = folder.glob("server-*.pem")
    (authority,) = folder.glob("authority-*.pem")
    return Certificate(server, authority)


@contextmanager
def sink(certificate: Certificate | None, options: Sequence[str] = ()) -> Iterator[Service]:
    """A running sink; over TLS where there is a `certificate`."""
    words = [sys.executable, "-m", "tests.benchmarks.sink", *options]
    if certificate is not None:
        words += ["--certificate", str(certificate.server)]
    with subprocess.Popen(
        words, cwd=TOP, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        port = int(process.stdout.readline())
        scheme = "http" if certificate is None else "https"
        authority = None if certificate is None else certificate.authority
        service = Service(f"{scheme}://127.0.0.1:{port}", authority)
        try:
            yield service
        finally:
            process.stdin.close()
            service.reports += [json.loads(line) for line in process.stdout]
