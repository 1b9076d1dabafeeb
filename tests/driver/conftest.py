import hashlib
import itertools
from urllib.parse import urlsplit

import pytest

from s3gui.driver import S3StorageDriver
from s3gui.practice import PracticeServer

_names = (f"container-{number}" for number in itertools.count(1))


@pytest.fixture(scope="session")
def _server_of_the_driver(tmp_path_factory):
    with PracticeServer(tmp_path_factory.mktemp("driver")) as server:
        yield server


@pytest.fixture
def server(_server_of_the_driver):
    yield _server_of_the_driver
    _server_of_the_driver.faults.clear()
    assert _server_of_the_driver.ledger.unexpected() == []


@pytest.fixture(scope="session")
def address(_server_of_the_driver):
    """The constructor's arguments, for our driver and for Libcloud's."""
    server = _server_of_the_driver
    place = urlsplit(server.endpoint_url)
    return {
        "key": server.credentials.access_key_id,
        "secret": server.credentials.secret_access_key,
        "secure": False,
        "host": place.hostname,
        "port": place.port,
    }


@pytest.fixture(scope="session")
def _drivers():
    """To set up a driver's connections takes longer than most tests."""
    return {}


@pytest.fixture(params=["generic", "practice"])
def driver(address, request, _drivers):
    """Once as for any service, with MD5; once for one that is known, with CRC-64 and conditions."""
    kind = request.param
    if kind not in _drivers:
        _drivers[kind] = S3StorageDriver(**address, ex_provider=kind)
    return _drivers[kind]


@pytest.fixture
def new_bucket(server):
    def make(**options):
        name = next(_names)
        server.create_bucket(name, **options)
        return name

    return make


@pytest.fixture
def container(driver, new_bucket):
    return driver.get_container(new_bucket())


@pytest.fixture
def public_container(driver, new_bucket):
    """ACLs are allowed here, public ones too."""
    return driver.get_container(new_bucket(acls_enabled=True, public_access_blocked=False))


@pytest.fixture
def part_sizes(server):
    """The sizes of an object's parts, in order, as the server received them."""

    def sizes(container_name, object_name):
        parts = server.ledger.records(
            "UploadPart", bucket=container_name, key=object_name, status=200
        )
        return [part.bytes_accepted for part in sorted(parts, key=lambda part: part.part_number)]

    return sizes


@pytest.fixture
def etag_of():
    def etag(*parts):
        digests = b"".join(hashlib.md5(part).digest() for part in parts)
        return f"{hashlib.md5(digests).hexdigest()}-{len(parts)}"

    return etag
