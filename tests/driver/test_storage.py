import os
import threading
import urllib.request
from datetime import timedelta

import pytest

from s3gui.core.transfer import Destination, UploadOptions
from s3gui.driver import (
    ContainerAlreadyExistsError,
    ContainerDoesNotExistError,
    ContainerError,
    ContainerIsNotEmptyError,
    InvalidContainerNameError,
    InvalidCredsError,
    LibcloudError,
    ObjectDoesNotExistError,
    ObjectHashMismatchError,
    Provider,
    S3StorageDriver,
    ServiceUnreachableError,
    get_driver,
)
from s3gui.practice import Limits, PracticeServer, answer

MIB = 1024 * 1024


def test_the_driver_is_found_as_in_libcloud():
    assert get_driver(Provider.S3) is S3StorageDriver
    with pytest.raises(AttributeError, match="azure"):
        get_driver("azure_blobs")


def test_the_regions_of_amazon_are_known():
    assert {"us-east-1", "eu-west-1", "cn-north-1", "us-gov-west-1"} <= set(
        S3StorageDriver.list_regions()
    )


def test_a_container_that_may_not_be_looked_at_may_be_written_to(driver, container, server):
    server.faults.add(answer("AccessDenied"), operation="HeadBucket")

    found = driver.get_container(container.name)

    assert found.upload_object_via_stream([b"x"], "name").size == 1


def test_a_container_is_made_in_the_drivers_region(address, new_bucket):
    driver = S3StorageDriver(**address, region="eu-west-1")
    name = new_bucket() + "-in-europe"

    driver.create_container(name)

    (bucket,) = [each for each in driver._store.list_buckets() if each.name == name]
    assert bucket.region in {"eu-west-1", None}
    assert driver._store.bucket_rules(name).region == "eu-west-1"
    with pytest.raises(ContainerAlreadyExistsError, match=name):
        driver.create_container(name)


def test_a_name_that_is_taken_and_a_bad_name_are_told_apart(driver, new_bucket, server):
    name = new_bucket() + "-of-others"
    server.faults.add(answer("BucketAlreadyExists"), operation="CreateBucket", bucket=name)

    with pytest.raises(InvalidContainerNameError, match=f"“{name}” is taken"):
        driver.create_container(name)
    for bad in ("Not_A_Name", "x", "..", "a" * 70):
        with pytest.raises(ContainerError):
            driver.create_container(bad)


def test_only_an_empty_container_is_deleted(driver, container):
    container.upload_object_via_stream([b"x"], "name")

    with pytest.raises(ContainerIsNotEmptyError, match="still holds objects"):
        container.delete()
    container.get_object("name").delete()
    assert container.delete()
    with pytest.raises(ContainerDoesNotExistError) as raised:
        container.delete()
    assert raised.value.container_name == container.name


def test_lists_go_on_over_all_pages(tmp_path):
    names = [f"{letter}/{number}" for letter in "ab" for number in range(5)]
    with PracticeServer(tmp_path, limits=Limits(page_entries=3)) as server:
        server.create_bucket("paged")
        driver = S3StorageDriver(
            server.credentials.access_key_id,
            server.credentials.secret_access_key,
            secure=False,
            host="127.0.0.1",
            port=server.port,
        )
        container = driver.get_container("paged")
        for name in names:
            container.upload_object_via_stream([b"x"], name)
            driver._store.create_multipart(Destination("paged", name), UploadOptions())

        assert [found.name for found in container.list_objects()] == names
        assert [found.name for found in container.iterate_objects("b/")] == names[5:]
        uploads = driver.ex_iterate_multipart_uploads(container)
        assert [upload.key for upload in uploads] == names


def test_a_missing_object_and_a_missing_container_are_told_apart(driver, container):
    with pytest.raises(ObjectDoesNotExistError, match="gone") as raised:
        container.get_object("gone")
    assert raised.value.object_name == "gone"

    with pytest.raises(ContainerDoesNotExistError):
        driver.get_object(container.name + "-gone", "gone")


@pytest.mark.parametrize("name", ["name", "a b/ü+&?.txt", "/lead"])
def test_a_presigned_url_opens_the_object_to_anybody_for_one_method(driver, container, name):
    uploaded = container.upload_object_via_stream([b"old"], name)

    put = urllib.request.Request(
        driver.get_object_cdn_url(uploaded, ex_expiry=0.5, ex_method="PUT"), b"new", method="PUT"
    )
    urllib.request.urlopen(put).close()
    with urllib.request.urlopen(uploaded.get_cdn_url()) as got:
        assert got.read() == b"new"
    delete = urllib.request.Request(
        driver.get_object_cdn_url(uploaded, ex_method="DELETE"), method="DELETE"
    )
    urllib.request.urlopen(delete).close()

    assert container.list_objects() == []


def test_a_presigned_url_that_cannot_be_is_refused(driver, container):
    uploaded = container.upload_object_via_stream([b"x"], "name")

    with pytest.raises(ValueError, match="PATCH"):
        driver.get_object_cdn_url(uploaded, ex_method="PATCH")
    with pytest.raises(LibcloudError, match="seven days"):
        driver.get_object_cdn_url(uploaded, ex_expiry=169)


def test_only_open_uploads_of_a_certain_age_are_cleaned_up(driver, container, server):
    def leave_open(name):
        driver._store.create_multipart(Destination(container.name, name), UploadOptions())

    def names():
        return [upload.key for upload in driver.ex_iterate_multipart_uploads(container)]

    server.clock.move(-600)
    try:
        leave_open("yesterday")
    finally:
        server.clock.move(600)
    leave_open("now")

    driver.ex_cleanup_all_multipart_uploads(container, ex_older_than=timedelta(minutes=15))
    assert names() == ["now", "yesterday"]
    driver.ex_cleanup_all_multipart_uploads(container, "no", ex_older_than=timedelta(minutes=5))
    assert names() == ["now", "yesterday"]
    driver.ex_cleanup_all_multipart_uploads(container, ex_older_than=timedelta(minutes=5))
    assert names() == ["now"]
    assert driver.ex_cleanup_all_multipart_uploads(container) is None
    assert names() == []


def test_a_download_goes_into_a_folder_under_the_objects_name(container, tmp_path):
    uploaded = container.upload_object_via_stream([b"abc"], "name")

    assert uploaded.download(str(tmp_path))

    assert (tmp_path / "name").read_bytes() == b"abc"


def test_a_download_never_leaves_its_folder(container, tmp_path):
    folder = tmp_path / "folder"
    folder.mkdir()

    for name in ("../evil", "/evil", "x/../../evil"):
        uploaded = container.upload_object_via_stream([b"abc"], name)
        with pytest.raises(LibcloudError, match="cannot be a file in"):
            uploaded.download(f"{folder}/")

    assert list(tmp_path.rglob("*")) == [folder]


def test_what_is_damaged_on_its_way_is_noticed_and_not_kept(address, new_bucket, server, tmp_path):
    driver = S3StorageDriver(**address, ex_provider="practice")
    container = driver.get_container(new_bucket())
    data = os.urandom(100_000)
    uploaded = container.upload_object_via_stream([data], "name")
    (blob,) = [
        path
        for path in server._root.rglob("*")
        if path.is_file() and path.stat().st_size == len(data) and path.read_bytes() == data
    ]
    blob.write_bytes(b"?" + data[1:])

    with pytest.raises(ObjectHashMismatchError, match="damaged"):
        uploaded.download(str(tmp_path / "file"))
    with pytest.raises(ObjectHashMismatchError, match="damaged"):
        list(uploaded.as_stream(1_000))

    assert list(tmp_path.iterdir()) == []


def test_a_stream_that_is_not_read_to_its_end_gives_its_connection_back(container):
    uploaded = container.upload_object_via_stream([bytes(3 * MIB)], "name")

    chunks = uploaded.as_stream(10)
    assert next(chunks) == bytes(10)
    chunks.close()

    assert sum(len(chunk) for chunk in uploaded.as_stream()) == 3 * MIB


def test_wrong_keys_and_wrong_hosts_are_told_apart(address, server):
    with pytest.raises(InvalidCredsError):
        S3StorageDriver(**{**address, "key": "AKIAWRONG"}).list_containers()
    with pytest.raises(InvalidCredsError):
        S3StorageDriver(**{**address, "secret": None}).list_containers()
    with pytest.raises(ServiceUnreachableError, match="refused"):
        S3StorageDriver(**{**address, "port": 1}).list_containers()


def test_a_session_token_is_sent(address, server, container):
    from s3gui.practice import PracticeCredentials

    temporary = PracticeCredentials.generate(temporary=True)
    server.add_credentials(temporary)
    keys = {"key": temporary.access_key_id, "secret": temporary.secret_access_key}

    driver = S3StorageDriver(**{**address, **keys}, token=temporary.session_token)
    assert container.name in [found.name for found in driver.list_containers()]
    with pytest.raises(InvalidCredsError):
        S3StorageDriver(**{**address, **keys}).list_containers()


def test_a_file_is_uploaded_in_parts_and_verified(container, tmp_path, part_sizes, etag_of):
    data = os.urandom(17 * MIB)
    (tmp_path / "file").write_bytes(data)

    uploaded = container.upload_object(tmp_path / "file", "name", verify_hash=False)

    assert part_sizes(container.name, "name") == [8 * MIB, 8 * MIB, MIB]
    assert uploaded.hash == etag_of(data[: 8 * MIB], data[8 * MIB : 16 * MIB], data[16 * MIB :])
    assert b"".join(uploaded.as_stream()) == data


def test_the_size_of_the_parts_may_be_chosen(container, tmp_path, part_sizes):
    data = bytes(13 * MIB)
    (tmp_path / "file").write_bytes(data)

    container.upload_object(tmp_path / "file", "file", ex_part_size=6 * MIB)
    container.upload_object_via_stream([data], "stream", ex_part_size=7 * MIB)

    assert part_sizes(container.name, "file") == [6 * MIB, 6 * MIB, MIB]
    assert part_sizes(container.name, "stream") == [7 * MIB, 6 * MIB]
    with pytest.raises(ValueError, match="part"):
        container.upload_object_via_stream([data], "stream", ex_part_size=1 * MIB)


def test_what_is_no_readable_file_is_an_os_error(container, tmp_path):
    with pytest.raises(FileNotFoundError, match="“gone” does not exist"):
        container.upload_object(str(tmp_path / "gone"), "name")
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path, tmp_path / "pipe"):
        with pytest.raises(OSError, match="not a regular file"):
            container.upload_object(str(path), "name")


def test_a_file_that_changes_meanwhile_is_not_stored(container, tmp_path, server):
    path = tmp_path / "file"
    path.write_bytes(bytes(9 * MIB))

    def change(_sent_bytes, _total):
        os.utime(path)

    with pytest.raises(LibcloudError, match="changed while it was being sent"):
        container.upload_object(path, "name", ex_progress=change)

    assert container.list_objects() == []
    assert list(container.driver.ex_iterate_multipart_uploads(container)) == []


def test_many_threads_may_share_a_driver(container):
    errors = []

    def upload(number):
        try:
            container.upload_object_via_stream([bytes(6 * MIB)], f"name-{number}")
        except BaseException as error:  # noqa: BLE001 - whatever it is, the test shows it
            errors.append(error)

    threads = [threading.Thread(target=upload, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert errors == []
    assert len(container.list_objects()) == 4


def test_progress_is_shown_when_asked(container, capsys):
    container.upload_object_via_stream([bytes(6 * MIB)], "folder/name", ex_progress=True)

    assert capsys.readouterr().err.startswith("name  6.3 MB stored in ")

    container.upload_object_via_stream([bytes(6 * MIB)], "folder/name")
    assert capsys.readouterr().err == ""
