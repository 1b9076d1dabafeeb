"""A practice server for each test, and its clients; a mistake inside the server fails the test."""

import datetime as dt
import ipaddress
import ssl
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import boto3
import pytest
from botocore.config import Config
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

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


@pytest.fixture
def certificate(tmp_path):
    """Of a server at 127.0.0.1, signed by itself: the path of a PEM file with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "server.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


@pytest.fixture
def server_with_tls(tmp_path, certificate):
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)
    with PracticeServer(tmp_path / "tls", tls=tls) as running:
        running.create_bucket("bucket")
        yield running
    assert running.ledger.unexpected() == []
