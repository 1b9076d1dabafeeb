"""What a program may do with a driver of Libcloud's shape: each is run with both."""

import io
import re

import pytest

from s3gui.core.transfer import Destination, UploadOptions
from s3gui.driver import S3StorageDriver

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
