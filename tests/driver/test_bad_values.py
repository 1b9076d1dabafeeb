"""Row B-06: what nobody means ends in ValueError, TypeError, OSError or an error of Libcloud's."""

from contextlib import suppress

import pytest

from s3gui.driver import LibcloudError, S3StorageDriver

pytestmark = pytest.mark.row("B-06")

STRANGE = [None, -1, 0, 2**70, 1.5, True, b"x", "", "\0", "\udcff", "x" * 5000, [], {}, object()]
NAMES = [repr(value)[:20] for value in STRANGE[:-1]] + ["an object"]
"""Nothing that differs from process to process: the suite is shared out to several."""

EXPECTED = (ValueError, TypeError, OSError, LibcloudError)


@pytest.fixture
def container(driver, new_bucket):
    return driver.get_container(new_bucket())


def ends_well(call, *arguments, **named) -> None:
    with suppress(*EXPECTED):
        call(*arguments, **named)


@pytest.mark.parametrize("value", STRANGE, ids=NAMES)
@pytest.mark.parametrize("name", ["host", "port", "region", "token", "ex_provider", "ex_ca_file"])
def test_a_driver_is_made_or_refused(name, value):
    ends_well(S3StorageDriver, "key", "secret", **{name: value})


@pytest.mark.parametrize("value", STRANGE, ids=NAMES)
def test_calls_with_strange_values_end_in_an_error_that_can_be_caught(
    driver, container, value, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)  # some of them are names of files
    file = tmp_path / "file"
    file.write_bytes(b"content")
    stored = driver.upload_object(str(file), container, "stored")
    folder = f"{tmp_path}/downloads/"
    (tmp_path / "downloads").mkdir()
    for call in (driver.get_container, driver.create_container):
        ends_well(call, value)
    ends_well(driver.get_object, container.name, value)
    ends_well(driver.get_object, value, "stored")
    ends_well(driver.upload_object, value, container, "name")
    ends_well(driver.upload_object, str(file), container, value)
    ends_well(driver.upload_object, str(file), container, "name", extra=value)
    ends_well(driver.upload_object, str(file), container, "name", headers=value)
    ends_well(driver.upload_object_via_stream, value, container, "name")
    ends_well(driver.download_object, stored, value)
    ends_well(driver.download_object_range, stored, folder, value)
    ends_well(driver.download_object_range, stored, folder, 0, value)
    ends_well(lambda: list(driver.download_object_as_stream(stored, value)))
    ends_well(lambda: list(driver.iterate_container_objects(container, prefix=value)))
    assert driver.get_object(container.name, "stored").size == 7
