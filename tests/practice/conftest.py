"""A practice server for each test, and its clients; a mistake inside the server fails the test."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import boto3
import pytest
from botocore.config import Config

from s3gui.practice import PracticeCredentials, PracticeServer
from tests.practice.raw_client import RawClient

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

MakeClient = Callable[..., "S3Client"]


@pytest.fixture(scope="session")
def boto_session():
    return boto3.session.Session()


@pytest.fixture
def server(tmp_path) -> Iterator[PracticeServer]:
    """With three buckets: as AWS makes them, with ACLs and public access, and versioned."""
    with PracticeServer(tmp_path / "practice") as running:
        running.create_bucket("bucket")
        running.create_bucket("open-bucket", acls_enabled=True, public_access_blocked=False)
        running.create_bucket("versioned", versioning=True)
        yield running
    assert running.ledger.unexpected() == []


@pytest.fixture
def make_client(server, boto_session) -> Iterator[MakeClient]:
    made = []

    def make(credentials: PracticeCredentials | None = None, **settings) -> "S3Client":
        keys = credentials or server.credentials
        client = boto_session.client(
            "s3",
            endpoint_url=settings.pop("endpoint_url", server.endpoint_url),
            aws_access_key_id=keys.access_key_id,
            aws_secret_access_key=keys.secret_access_key,
            aws_session_token=keys.session_token,
            region_name=settings.pop("region", "us-east-1"),
            verify=settings.pop("verify", None),
            config=Config(retries={"total_max_attempts": 1}, **settings),
        )
        made.append(client)
        return client

    yield make
    for client in made:
        client.close()


@pytest.fixture
def client(make_client) -> "S3Client":
    """boto3 as it comes, but that it does not retry."""
    return make_client()


@pytest.fixture
def raw(server) -> Iterator[RawClient]:
    with RawClient(server) as client:
        yield client
