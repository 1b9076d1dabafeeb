"""The driver on servers that are not ours."""

import os
from urllib.parse import urlsplit

import pytest

from s3gui.driver import (
    ContainerDoesNotExistError,
    ContainerIsNotEmptyError,
    ObjectAlreadyExistsError,
    ObjectDoesNotExistError,
    S3StorageDriver,
)

MIB = 1024 * 1024


@pytest.fixture(params=["moto", "rclone"])
def container(request):
    service = request.getfixturevalue(f"{request.param}_service")
    place = urlsplit(service.endpoint_url)
    driver = S3StorageDriver(
        service.access_key_id,
        service.secret_access_key,
        secure=False,
        host=place.hostname,
        port=place.port,
    )
    return driver.get_container(service.new_bucket())


def test_an_object_goes_there_and_comes_back(container, tmp_path):
    data = os.urandom(11 * MIB)
    pieces = (data[start : start + 700_001] for start in range(0, len(data), 700_001))

    uploaded = container.upload_object_via_stream(pieces, "folder/a b+ü.bin")

    found = container.get_object("folder/a b+ü.bin")
    assert found.size == uploaded.size == len(data)
    assert b"".join(found.as_stream()) == data
    assert b"".join(found.range_as_stream(5, 5 * MIB)) == data[5 : 5 * MIB]
    assert found.download(str(tmp_path / "file"))
    assert (tmp_path / "file").read_bytes() == data
    assert [row.name for row in container.list_objects("folder/")] == ["folder/a b+ü.bin"]
    assert found.delete()


def test_what_goes_wrong_is_called_by_its_name(container):
    driver = container.driver
    container.upload_object_via_stream([b"x"], "name")

    with pytest.raises(ObjectAlreadyExistsError):
        container.upload_object_via_stream([b"y"], "name", ex_if_none_match="*")
    with pytest.raises(ObjectDoesNotExistError):
        container.get_object("gone")
    with pytest.raises(ContainerDoesNotExistError):
        driver.get_container("there-is-none")
    with pytest.raises(ContainerIsNotEmptyError):
        container.delete()


def test_what_fails_leaves_nothing(container):
    def chunks():
        yield bytes(11 * MIB)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        container.upload_object_via_stream(chunks(), "name")

    assert container.list_objects() == []
    assert list(container.driver.ex_iterate_multipart_uploads(container)) == []
