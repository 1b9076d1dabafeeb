"""Apache Libcloud's own S3 driver."""

from urllib.parse import urlsplit

import pytest
from libcloud.storage.drivers.s3 import S3StorageDriver
from libcloud.storage.types import (
    ContainerDoesNotExistError,
    ContainerError,
    ObjectDoesNotExistError,
)

MEBIBYTE = 1024 * 1024


@pytest.fixture
def driver(server):
    address = urlsplit(server.endpoint_url)
    driver = S3StorageDriver(
        server.credentials.access_key_id,
        server.credentials.secret_access_key,
        host=address.hostname,
        port=address.port,
        secure=False,
    )
    yield driver
    driver.connection.connection.session.close()


def test_containers_come_and_go(driver):
    driver.create_container("made")
    assert "made" in [container.name for container in driver.list_containers()]
    driver.delete_container(driver.get_container("made"))
    with pytest.raises(ContainerDoesNotExistError):
        driver.get_container("made")
    with pytest.raises(ContainerError):
        driver.create_container("UPPER")


def test_a_stream_of_unknown_length_becomes_an_object(server, driver):
    container = driver.get_container("bucket")
    pieces = [bytes([number]) * MEBIBYTE for number in range(12)]
    made = driver.upload_object_via_stream(
        iter(pieces), container, "a b/ü", extra={"content_type": "x/y"}
    )
    assert made.size == 12 * MEBIBYTE
    assert server.ledger.count("UploadPart", status=200) == 3
    found = driver.get_object("bucket", "a b/ü")
    assert (found.size, found.extra["content_type"]) == (12 * MEBIBYTE, "x/y")
    assert b"".join(driver.download_object_as_stream(found)) == b"".join(pieces)


def test_a_file_goes_up_and_comes_back(driver, tmp_path):
    (tmp_path / "file").write_bytes(b"hello" * 1000)
    container = driver.get_container("bucket")
    made = driver.upload_object(
        str(tmp_path / "file"), container, "key", extra={"meta_data": {"colour": "green"}}
    )
    found = driver.get_object("bucket", "key")
    assert found.hash == made.hash
    assert found.meta_data == {"colour": "green"}
    assert driver.download_object(found, str(tmp_path / "back"))
    assert (tmp_path / "back").read_bytes() == b"hello" * 1000
    assert driver.delete_object(found)
    with pytest.raises(ObjectDoesNotExistError):
        driver.get_object("bucket", "key")


def test_objects_are_listed_by_prefix(driver):
    container = driver.get_container("bucket")
    for name in ("a/1", "a/2", "b/1", "c d"):
        driver.upload_object_via_stream(iter([b"x"]), container, name)
    assert [found.name for found in driver.list_container_objects(container)] == [
        "a/1",
        "a/2",
        "b/1",
        "c d",
    ]
    found = driver.list_container_objects(container, prefix="c d")
    assert [entry.name for entry in found] == ["c d"]


def test_unfinished_uploads_can_be_cleaned_up(server, driver, client):
    client.create_multipart_upload(Bucket="bucket", Key="left")
    container = driver.get_container("bucket")
    assert [upload.key for upload in driver.ex_iterate_multipart_uploads(container)] == ["left"]
    driver.ex_cleanup_all_multipart_uploads(container)
    assert list(driver.ex_iterate_multipart_uploads(container)) == []
