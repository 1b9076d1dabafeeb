"""The same small programs on Libcloud's driver and on ours, on the same server: same outcome."""

import hashlib
import inspect
import io
import re

import pytest
from libcloud.common.types import InvalidCredsError
from libcloud.storage import base as libcloud
from libcloud.storage.drivers.s3 import S3StorageDriver as LibcloudsDriver

from s3gui.core.transfer import Destination, UploadOptions
from s3gui.driver import Container, Object, S3StorageDriver
from tests.support.servers import Service

MIB = 1024 * 1024


PROGRAMS = {}


class Mishap(Exception):
    pass


def same(program):
    """The outcome of this program must be the same with both drivers."""
    PROGRAMS[program.__name__.replace("_", " ")] = program
    return program


def upload(chunks, name="name", **arguments):
    def program(_driver, container, _tmp_path):
        return container.upload_object_via_stream(chunks(), name, **arguments)

    return program


def pieces(*sizes):
    return lambda: (bytes([number + 65]) * size for number, size in enumerate(sizes))


@same
def from_the_middle_of_a_file(_driver, container, tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"0123456789")
    with path.open("rb") as file:
        file.seek(4)
        container.upload_object_via_stream(file, "name")
        return file.closed


@same
def a_generator_that_raises(_driver, container, _tmp_path):
    def chunks():
        yield b"x" * 11 * MIB
        raise Mishap("in the middle")

    container.upload_object_via_stream(chunks(), "name")


@same
def to_a_container_that_is_not_there(driver, container, _tmp_path):
    container.name += "-gone"
    driver.upload_object_via_stream(iter([b"x"]), container, "name")


@same
def get_a_container_that_is_not_there(driver, container, _tmp_path):
    driver.get_container(container.name + "-gone")


@same
def get_a_container(driver, container, _tmp_path):
    found = driver.get_container(container_name=container.name)
    return found.name == container.name, found.extra, found.driver is driver


@same
def list_containers(driver, container, _tmp_path):
    (found,) = [each for each in driver.list_containers() if each.name == container.name]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z", found.extra.pop("creation_date"))
    return found.extra


@same
def create_a_container(driver, container, _tmp_path):
    created = driver.create_container(container.name + "-created")
    return created.name.removeprefix(container.name), created.extra


@same
def create_a_container_with_a_bad_name(driver, _container, _tmp_path):
    driver.create_container("Not_A_Name")


@same
def create_a_container_again_in_another_region(driver, container, _tmp_path):
    driver.create_container(container.name)


@same
def delete_a_container(driver, container, _tmp_path):
    return driver.delete_container(container)


@same
def delete_a_container_that_holds_something(driver, container, _tmp_path):
    container.upload_object_via_stream(iter([b"x"]), "name")
    driver.delete_container(container=container)


@same
def delete_a_container_that_is_not_there(_driver, container, _tmp_path):
    container.name += "-gone"
    container.delete()


@same
def get_an_object(driver, container, _tmp_path):
    extra = {"content_type": "text/x-test", "meta_data": {"one": "1"}}
    headers = {"Content-Encoding": "identity"}
    container.upload_object_via_stream(iter([b"abc"]), "name", extra=extra, headers=headers)
    found = driver.get_object(container.name, "name")
    assert found.extra.pop("last_modified").endswith(" GMT")
    assert found.extra.pop("etag") == f'"{found.hash}"'
    return found


@same
def get_an_object_that_is_not_there(_driver, container, _tmp_path):
    container.get_object("gone")


@same
def get_an_object_from_a_container_that_is_not_there(driver, container, _tmp_path):
    driver.get_object(container.name + "-gone", "gone")


@same
def list_objects(_driver, container, _tmp_path):
    for name in ("b/2", "a", "b/1", "c ä&"):
        container.upload_object_via_stream(iter([b"x"]), name)
    everything, some = container.list_objects(), container.list_objects(prefix="b/")
    for found in everything:
        assert found.extra.pop("last_modified").endswith("Z")
        found.hash = None
        assert set(found.meta_data.pop("owner")) == {"id", "display_name"}
    return everything, [found.name for found in some]


@same
def list_objects_the_old_way(driver, container, _tmp_path):
    container.upload_object_via_stream(iter([b"x"]), "b/2")
    with pytest.warns(DeprecationWarning, match="ex_prefix"):
        return [found.name for found in driver.list_container_objects(container, ex_prefix="b")]


@same
def list_objects_of_a_container_that_is_not_there(_driver, container, _tmp_path):
    container.name += "-gone"
    container.list_objects()


@same
def delete_an_object(_driver, container, _tmp_path):
    uploaded = container.upload_object_via_stream(iter([b"x"]), "name")
    return uploaded.delete(), uploaded.delete(), container.list_objects()


@same
def delete_an_object_from_a_container_that_is_not_there(_driver, container, _tmp_path):
    uploaded = container.upload_object_via_stream(iter([b"x"]), "name")
    container.name += "-gone"
    uploaded.delete()


@same
def upload_a_file(driver, container, tmp_path):
    path = tmp_path / "file.txt"
    path.write_bytes(b"x" * 300_000)
    extra = {"meta_data": {"one": "1"}}
    return driver.upload_object(str(path), container, "name.html", extra, True, None, "standard")


@same
def upload_a_file_that_is_not_there(driver, container, tmp_path):
    driver.upload_object(str(tmp_path / "gone"), container, "name")


@same
def a_storage_class(driver, container, _tmp_path):
    return driver.upload_object_via_stream(
        iter([b"x"]), container, "name", None, None, "onezone_ia"
    )


@same
def a_storage_class_that_is_not_known(driver, container, _tmp_path):
    driver.upload_object_via_stream(iter([b"x"]), container, "n", ex_storage_class="warm")


@same
def downloads(driver, container, tmp_path):
    data = bytes(range(256)) * 40_000
    uploaded = container.upload_object_via_stream(iter([data]), "name")
    (tmp_path / "folder").mkdir()
    return (
        uploaded.download(str(tmp_path / "whole")),
        (tmp_path / "whole").read_bytes() == data,
        container.download_object(uploaded, f"{tmp_path}/folder/"),
        (tmp_path / "folder" / "name").read_bytes() == data,
        driver.download_object_range(uploaded, str(tmp_path / "range"), 5, 1_000),
        (tmp_path / "range").read_bytes() == data[5:1_000],
        uploaded.download_range(str(tmp_path / "rest"), 9_000_000),
        (tmp_path / "rest").read_bytes() == data[9_000_000:],
        b"".join(uploaded.as_stream()) == data,
        b"".join(container.download_object_as_stream(uploaded, chunk_size=1_000)) == data,
        b"".join(uploaded.range_as_stream(5, 1_000)) == data[5:1_000],
        b"".join(container.download_object_range_as_stream(uploaded, 9_000_000))
        == data[9_000_000:],
    )


@same
def download_over_a_file(_driver, container, tmp_path):
    uploaded = container.upload_object_via_stream(iter([b"new"]), "name")
    (tmp_path / "file").write_bytes(b"old and longer")
    done = uploaded.download(str(tmp_path / "file"), overwrite_existing=True)
    return done, (tmp_path / "file").read_bytes()


@same
def download_over_a_file_by_mistake(_driver, container, tmp_path):
    uploaded = container.upload_object_via_stream(iter([b"new"]), "name")
    (tmp_path / "file").write_bytes(b"old")
    uploaded.download(str(tmp_path / "file"))


@same
def download_to_a_folder_that_is_not_there(_driver, container, tmp_path):
    uploaded = container.upload_object_via_stream(iter([b"new"]), "name")
    uploaded.download(f"{tmp_path}/folder/")


@same
def download_what_has_another_size_now(_driver, container, tmp_path):
    uploaded = container.upload_object_via_stream(iter([b"new"]), "name")
    uploaded.size = 4
    kept = uploaded.download(str(tmp_path / "kept"), delete_on_failure=False)
    deleted = uploaded.download(str(tmp_path / "deleted"))
    return kept, deleted, (tmp_path / "kept").exists(), (tmp_path / "deleted").exists()


@same
def download_what_is_not_there(_driver, container, tmp_path):
    uploaded = container.upload_object_via_stream(iter([b"new"]), "name")
    uploaded.delete()
    uploaded.download(str(tmp_path / "file"))


@same
def stream_what_is_not_there(_driver, container, _tmp_path):
    uploaded = container.upload_object_via_stream(iter([b"new"]), "name")
    uploaded.delete()
    uploaded.as_stream()


@same
def stream_beyond_the_end(_driver, container, _tmp_path):
    uploaded = container.upload_object_via_stream(iter([b"new"]), "name")
    list(uploaded.range_as_stream(7, 9))


@same
def an_empty_range(_driver, container, _tmp_path):
    uploaded = container.upload_object_via_stream(iter([b"new"]), "name")
    uploaded.range_as_stream(2, 2)


@same
def a_negative_range(_driver, container, tmp_path):
    uploaded = container.upload_object_via_stream(iter([b"new"]), "name")
    uploaded.download_range(str(tmp_path / "file"), -1)


@same
def open_uploads(driver, container, _tmp_path):
    for name in ("a/1", "a/2", "b"):
        _leave_open(driver, container, name)
    found = list(driver.ex_iterate_multipart_uploads(container))
    grouped = driver.ex_iterate_multipart_uploads(container, prefix="", delimiter="/")
    below = driver.ex_iterate_multipart_uploads(container, "a/", "/")
    cleaned = driver.ex_cleanup_all_multipart_uploads(container, prefix="a/")
    return (
        [upload.key for upload in found],
        [upload.id != "" and upload.created_at.endswith("Z") for upload in found],
        [upload.key for upload in grouped],
        [upload.key for upload in below],
        cleaned,
        [upload.key for upload in driver.ex_iterate_multipart_uploads(container)],
    )


def _leave_open(driver, container, name):
    if isinstance(driver, S3StorageDriver):
        driver._store.create_multipart(Destination(container.name, name), UploadOptions())
    else:
        driver._initiate_multipart(container, name)


PROGRAMS |= {
    "an empty generator": upload(pieces()),
    "an empty file": upload(io.BytesIO),
    "three bytes": upload(pieces(3)),
    "two exact parts": upload(pieces(10 * MIB)),
    "chunks that do not fit the parts": upload(pieces(3 * MIB, 4 * MIB, 9 * MIB)),
    "a chunk larger than the parts": upload(pieces(12 * MIB)),
    "a file object": upload(lambda: io.BytesIO(b"x" * 6 * MIB)),
    "texts": upload(lambda: iter(["ä", "b"])),
    "a name with everything": upload(pieces(3), "a b/ü+&?.txt"),
    "a content type": upload(pieces(3), extra={"content_type": "text/x-test"}),
    "a guessed content type": upload(pieces(3), "page.html"),
    "metadata": upload(pieces(3), extra={"meta_data": {"one": "1", "two": "zwei"}}),
    "headers": upload(pieces(3), headers={"Cache-Control": "no-store", "x-amz-meta-a": "b"}),
    "the private ACL": upload(pieces(3), extra={"acl": "private"}),
    "a public ACL": upload(pieces(6 * MIB), extra={"acl": "public-read"}),
    "an ACL on a small object": upload(pieces(3), extra={"acl": "bucket-owner-full-control"}),
}


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
