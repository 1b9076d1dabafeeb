"""The same small programs on Libcloud's driver and on ours, on the same server: same outcome."""

import hashlib
import inspect

import pytest
from libcloud.common.types import InvalidCredsError
from libcloud.storage import base as libcloud
from libcloud.storage.drivers.s3 import S3StorageDriver as LibcloudsDriver

from s3gui.driver import Container, Object, S3StorageDriver
from tests.driver.libcloud_programs import MIB, PROGRAMS
from tests.support.servers import Service


def run(program, driver, container_name, tmp_path):
    tmp_path.mkdir()
    container = driver.get_container(container_name)
    try:
        result = program(driver, container, tmp_path)
    except Exception as error:  # noqa: BLE001 - what is raised is what is compared
        return type(error)
    return shown(result)


def shown(result):
    if isinstance(result, list | tuple):
        return [shown(each) for each in result]
    if not hasattr(result, "meta_data"):
        return result
    facts = {name: getattr(result, name) for name in ("name", "size", "extra", "meta_data")}
    # Up to one part the hash tells how it was sent, which may differ.
    facts["hash"] = result.hash.strip('"') if result.size > 5 * MIB else None
    return facts


def stored(client, bucket):
    """What is there in the end, as a third party sees it."""
    described = {}
    for row in client.list_objects_v2(Bucket=bucket).get("Contents", ()):
        key = row["Key"]
        got = client.get_object(Bucket=bucket, Key=key)
        grants = client.get_object_acl(Bucket=bucket, Key=key)["Grants"]
        names = ("ContentType", "Metadata", "CacheControl", "ContentEncoding", "StorageClass")
        described[key] = [
            *(got.get(name) for name in names),
            hashlib.sha256(got["Body"].read()).hexdigest(),
            sorted((grant["Permission"], grant["Grantee"].get("URI")) for grant in grants),
        ]
    open_uploads = client.list_multipart_uploads(Bucket=bucket).get("Uploads", ())
    return described, [upload["Key"] for upload in open_uploads]


@pytest.fixture(scope="module")
def client(address):
    endpoint_url = f"http://{address['host']}:{address['port']}"
    with Service("practice", endpoint_url, address["key"], address["secret"]).client() as client:
        yield client


@pytest.fixture(scope="module")
def drivers(address):
    return [LibcloudsDriver(**address), S3StorageDriver(**address)]


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_outcome_is_the_same(name, drivers, new_bucket, client, tmp_path):
    outcomes, left = [], []
    for number, driver in enumerate(drivers):
        bucket = new_bucket(acls_enabled=True, public_access_blocked=False)
        outcomes.append(run(PROGRAMS[name], driver, bucket, tmp_path / str(number)))
        is_there = any(row["Name"] == bucket for row in client.list_buckets()["Buckets"])
        left.append(stored(client, bucket) if is_there else "gone")

    theirs, ours = outcomes
    if isinstance(theirs, type):
        assert issubclass(ours, theirs), "who catches theirs must catch ours"
    else:
        assert ours == theirs
    assert left[1] == left[0]


@pytest.mark.parametrize("kind", [LibcloudsDriver, S3StorageDriver])
def test_wrong_keys_are_called_invalid_credentials(kind, address):
    with pytest.raises(InvalidCredsError):
        kind(**{**address, "secret": "wrong"}).list_containers()


@pytest.mark.parametrize("kind", [LibcloudsDriver, S3StorageDriver])
def test_an_unknown_region_is_a_value_error(kind):
    with pytest.raises(ValueError):
        kind("key", "secret", region="nowhere")


@pytest.mark.parametrize(
    "verb",
    [
        "upload_object",
        "upload_object_via_stream",
        "download_object",
        "download_object_as_stream",
        "download_object_range",
        "download_object_range_as_stream",
        "get_container",
        "get_object",
        "create_container",
        "delete_container",
        "delete_object",
        "iterate_containers",
        "list_containers",
        "iterate_container_objects",
        "list_container_objects",
        "ex_iterate_multipart_uploads",
        "ex_cleanup_all_multipart_uploads",
        "get_object_cdn_url",
        "list_regions",
        "__init__",
    ],
)
def test_the_arguments_have_libclouds_names_order_and_defaults(verb):
    theirs, ours = arguments(LibcloudsDriver, verb), arguments(S3StorageDriver, verb)

    assert ours[: len(theirs)] == theirs
    assert all(name.startswith("ex_") for name, _ in ours[len(theirs) :])


@pytest.mark.parametrize("kinds", [(libcloud.Container, Container), (libcloud.Object, Object)])
def test_containers_and_objects_have_libclouds_verbs(kinds):
    verbs = {
        name
        for name, value in vars(kinds[0]).items()
        if callable(value) and not name.startswith("_")
    } - {"enable_cdn"}
    if kinds[1] is Container:
        verbs.remove("get_cdn_url")  # never worked for S3: only objects have an address
    for verb in [*verbs, "__init__"]:
        expected = arguments(kinds[0], verb)
        assert arguments(kinds[1], verb)[: len(expected)] == expected, verb


def arguments(kind, verb):
    kinds = {inspect.Parameter.VAR_KEYWORD, inspect.Parameter.VAR_POSITIONAL}
    return [
        (parameter.name, parameter.default)
        for parameter in inspect.signature(getattr(kind, verb)).parameters.values()
        if parameter.kind not in kinds
    ]
