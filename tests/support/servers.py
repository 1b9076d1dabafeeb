"""Three S3 servers that know nothing of each other: the practice server, moto and rclone's.

Each runs once for the whole session; tests keep out of each other's way by making buckets of
their own.
"""

import itertools
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support.programs import running, wait_until

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_bucket_numbers = itertools.count(1)


@dataclass(frozen=True)
class Service:
    """How to reach a server; as an AWS client's settings, or ready made."""

    name: str
    endpoint_url: str
    access_key_id: str
    secret_access_key: str = field(repr=False)
    region: str = "us-east-1"

    @contextmanager
    def client(self) -> "Iterator[S3Client]":
        import boto3
        from botocore.config import Config

        client = boto3.session.Session().client(
            "s3",
            endpoint_url=self.endpoint_url,
            aws_access_key_id=self.access_key_id,
            aws_secret_access_key=self.secret_access_key,
            region_name=self.region,
            config=Config(
                s3={"addressing_style": "path"},
                signature_version="s3v4",
                retries={"total_max_attempts": 1},
            ),
        )
        try:
            yield client
        finally:
            client.close()

    def new_bucket(self) -> str:
        """Makes an empty bucket and returns its name, which nothing else uses."""
        name = f"bucket-{next(_bucket_numbers)}"
        with self.client() as client:
            client.create_bucket(Bucket=name)
        return name


@pytest.fixture(scope="session")
def practice_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    from s3gui.practice import PracticeServer

    with PracticeServer(tmp_path_factory.mktemp("practice")) as server:
        yield Service(
            "practice",
            server.endpoint_url,
            server.credentials.access_key_id,
            server.credentials.secret_access_key,
            server.region,
        )


@pytest.fixture(scope="session")
def moto_service() -> Iterator[Service]:
    """Believes any key; keeps objects in memory, several times over: nothing beyond 64 MiB."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        yield Service("moto", f"http://{host}:{port}", "AKIAMOTOMOTOMOTO0001", "moto-secret-key")
    finally:
        server.stop()


@pytest.fixture(scope="session")
def rclone_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """Knows no ACLs and no conditional writes. Objects are plain files in a folder."""
    key_id, secret = "AKIARCLONERCLONE0001", "rclone-secret-key-0123456789"
    port = _free_port()
    folder = tmp_path_factory.mktemp("rclone")
    log = folder / "log"
    (folder / "buckets").mkdir()
    command = [
        Path(sys.executable).parent / "rclone",
        *("serve", "s3", folder / "buckets"),
        *("--config", os.devnull),
        *("--addr", f"127.0.0.1:{port}"),
        *("--auth-key", f"{key_id},{secret}"),
    ]
    with running(command, log) as rclone:
        wait_until(lambda: _answers(port), rclone, log)
        yield Service("rclone", f"http://127.0.0.1:{port}", key_id, secret)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True
