"""The stores that the contract is checked on: the fake, and `S3Store` on three servers."""

import itertools
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import pytest

from s3gui.adapters.s3 import connect
from s3gui.core.errors import S3guiError
from s3gui.core.profile import Credentials, Profile, Secret
from s3gui.core.provider import GENERIC
from s3gui.core.transfer import Destination
from s3gui.engine.ports import ObjectStore
from tests.contract.differences import ACCEPTED, DIFFERENCES
from tests.fakes.object_store import FakeObjectStore
from tests.support.servers import Service

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

Value = TypeVar("Value")

_bucket_numbers = itertools.count(1)
_PROVIDERS = {"practice": "practice", "moto": "aws", "rclone": "generic"}


@dataclass(frozen=True)
class Subject:
    """A store under test. `read`, `describe` and `acl_of` look at it in another way."""

    name: str
    store: ObjectStore
    bucket: str
    enforced_bucket: str
    read: Callable[[Destination], bytes | None]
    describe: Callable[[Destination], dict[str, Any]]

    def at(self, key: str) -> Destination:
        return Destination(self.bucket, key)

    @contextmanager
    def outcome(self, behaviour: str, error: type[S3guiError] | None) -> Iterator[None]:
        """What is done inside raises `error`, or what the differences say instead of it."""
        expected = self.expected(behaviour, error)
        if expected is ACCEPTED:
            yield
            return
        with pytest.raises(expected) as caught:
            yield
        assert type(caught.value) is expected, caught.value

    def expected(self, behaviour: str, value: Value) -> Value:
        """`value`, or what the differences say instead of it."""
        difference = DIFFERENCES.get(self.name, {}).get(behaviour)
        return value if difference is None else difference.instead


@dataclass(frozen=True)
class Server:
    """A service, `S3Store` on it, and boto3 to look at it in another way."""

    name: str
    store: ObjectStore
    client: "S3Client"


@pytest.fixture(scope="session")
def server_of() -> Iterator[Callable[[Service], Server]]:
    """Clients cost half a second: each server's are made once."""
    known: dict[str, Server] = {}
    with ExitStack() as stack:

        def server_of(service: Service) -> Server:
            if service.name not in known:
                store = connect(profile_of(service), credentials_of(service))
                client = stack.enter_context(service.client())
                known[service.name] = Server(service.name, store, client)
            return known[service.name]

        yield server_of


@pytest.fixture(params=["fake", "fake_generic", "practice", "moto", "rclone"])
def subject(request: pytest.FixtureRequest, server_of: Callable[[Service], Server]) -> Subject:
    if request.param == "fake":
        return _fake("fake", FakeObjectStore())
    if request.param == "fake_generic":
        return _fake("fake_generic", FakeObjectStore(GENERIC))
    return _served(server_of(request.getfixturevalue(f"{request.param}_service")))


def _fake(name: str, store: FakeObjectStore) -> Subject:
    store.add_bucket("enforced", acls_enabled=False, public_acls_blocked=True)

    def describe(destination: Destination) -> dict[str, Any]:
        found = store.object(destination)
        assert found is not None
        options = found.options
        return {
            "ContentType": found.stored.content_type,
            "CacheControl": options.cache_control,
            "Metadata": dict(options.metadata),
        }

    return Subject(name, store, "bucket", "enforced", store.data, describe)


def _served(server: Server) -> Subject:
    client = server.client
    bucket = f"contract-{next(_bucket_numbers)}"
    enforced = f"{bucket}-enforced"
    for name, is_enforced in ((bucket, False), (enforced, True)):
        client.create_bucket(Bucket=name)
        if server.name != "rclone":
            ownership = "BucketOwnerEnforced" if is_enforced else "ObjectWriter"
            client.put_bucket_ownership_controls(
                Bucket=name, OwnershipControls={"Rules": [{"ObjectOwnership": ownership}]}
            )
            client.put_public_access_block(
                Bucket=name,
                PublicAccessBlockConfiguration={
                    "BlockPublicAcls": is_enforced,
                    "IgnorePublicAcls": is_enforced,
                    "BlockPublicPolicy": False,
                    "RestrictPublicBuckets": False,
                },
            )

    def read(destination: Destination) -> bytes | None:
        try:
            answer = client.get_object(Bucket=destination.bucket, Key=destination.key)
        except client.exceptions.NoSuchKey:
            return None
        return answer["Body"].read()

    def describe(destination: Destination) -> dict[str, Any]:
        return dict(client.head_object(Bucket=destination.bucket, Key=destination.key))

    return Subject(server.name, server.store, bucket, enforced, read, describe)


def profile_of(service: Service) -> Profile:
    return Profile(
        id=service.name,
        name=service.name,
        provider_id=_PROVIDERS[service.name],
        endpoint_url=service.endpoint_url,
        region=service.region,
        access_key_id=service.access_key_id,
    )


def credentials_of(service: Service) -> Credentials:
    return Credentials(service.access_key_id, Secret(service.secret_access_key))
