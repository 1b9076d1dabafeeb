import json
import subprocess
import sys

import libcloud.common.types
import libcloud.storage.types
import pytest

import s3gui.driver
from s3gui.core import errors as core
from s3gui.driver.errors import creation_error, libcloud_error

NAMES = [name for name in s3gui.driver.__all__ if name.endswith("Error")]
OUR_OWN = {"ObjectAlreadyExistsError", "ServiceUnreachableError", "UploadCancelledError"}


@pytest.mark.parametrize("name", NAMES)
def test_every_exception_is_of_libclouds_family(name):
    ours = getattr(s3gui.driver, name)

    assert issubclass(ours, s3gui.driver.LibcloudError)
    assert issubclass(ours, libcloud.common.types.LibcloudError)
    theirs = getattr(libcloud.storage.types, name, None) or getattr(
        libcloud.common.types, name, None
    )
    assert (theirs is None) == (name in OUR_OWN)
    assert theirs is None or issubclass(ours, theirs)


@pytest.mark.parametrize(
    ("error", "name"),
    [
        (core.AccessDenied(), "InvalidCredsError"),
        (core.CredentialsRefused(), "InvalidCredsError"),
        (core.CredentialsExpired(), "InvalidCredsError"),
        (core.CredentialsMissing(), "InvalidCredsError"),
        (core.Unreachable(), "ServiceUnreachableError"),
        (core.NoSuchBucket(), "ContainerDoesNotExistError"),
        (core.NoSuchKey(), "ObjectDoesNotExistError"),
        (core.AlreadyExists(), "ObjectAlreadyExistsError"),
        (core.BadDigest(), "ObjectHashMismatchError"),
        (core.VerificationFailed(), "ObjectHashMismatchError"),
        (core.WriteConflict(service_code="BucketNotEmpty"), "ContainerIsNotEmptyError"),
        (core.WrongRegion(), "LibcloudError"),
        (core.KeyTooLong(), "LibcloudError"),
        (core.SourceChanged(), "LibcloudError"),
        (core.ServiceError(), "LibcloudError"),
        (core.SourceMissing(), "FileNotFoundError"),
        (core.SourceUnreadable(), "OSError"),
        (core.SourceNotAFile(), "OSError"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else None,
)
def test_each_failure_has_its_place_in_the_family(error, name):
    translated = libcloud_error(error, "the driver", "a-container", "an-object")

    assert type(translated).__name__ == name
    assert error.message in str(translated) or name == "ContainerIsNotEmptyError"
    assert not error.advice or error.advice in translated.__notes__


@pytest.mark.parametrize(
    ("error", "name"),
    [
        (core.InputError("no such name"), "ContainerError"),
        (core.ServiceError(status=400), "ContainerError"),
        (core.CredentialsRefused(), "InvalidCredsError"),
        (
            core.AlreadyExists(service_code="BucketAlreadyOwnedByYou", status=409),
            "ContainerAlreadyExistsError",
        ),
        (
            core.AlreadyExists(service_code="BucketAlreadyExists", status=409),
            "InvalidContainerNameError",
        ),
        (
            core.OperationAborted(service_code="OperationAborted", status=409),
            "InvalidContainerNameError",
        ),
        (core.Unreachable(), "ServiceUnreachableError"),
    ],
)
def test_a_container_that_cannot_be_made_says_why(error, name):
    translated = creation_error(error, "the driver", "a-container")

    assert type(translated).__name__ == name
    assert getattr(translated, "container_name", "a-container") == "a-container"


def test_an_exception_reads_as_a_sentence_and_knows_what_it_is_about():
    error = libcloud_error(core.NoSuchKey("It is gone."), "the driver", "a-container", "an-object")

    assert str(error) == error.value == "It is gone."
    assert repr(error) == "ObjectDoesNotExistError('It is gone.')"
    assert (error.driver, error.object_name) == ("the driver", "an-object")


def test_who_cannot_reach_a_service_may_expect_a_connection_error():
    with pytest.raises(ConnectionError):
        raise libcloud_error(core.Unreachable("No answer."), "the driver")


WITHOUT_LIBCLOUD = """
import json, sys
if sys.argv[1] == "absent":
    sys.modules["libcloud"] = None
import s3gui.driver
loaded = sorted(name for name in ("libcloud", "PySide6", "botocore") if sys.modules.get(name))
found = {
    name: [base.__module__ for base in getattr(s3gui.driver, name).__mro__]
    for name in s3gui.driver.__all__
    if name.endswith("Error")
}
error = s3gui.driver.ObjectDoesNotExistError("gone", "driver", "name")
creds = s3gui.driver.InvalidCredsError("no", "driver")
about = [error.value, error.driver, error.object_name, creds.http_code, str(error)]
print(json.dumps([loaded, found, about]))
"""


@pytest.mark.parametrize("libcloud_is", ["absent", "installed"])
def test_the_same_names_are_there_without_libcloud_and_nothing_heavy_is_loaded_early(libcloud_is):
    program = [sys.executable, "-W", "error", "-c", WITHOUT_LIBCLOUD, libcloud_is]
    answer = subprocess.run(program, check=True, capture_output=True, text=True, timeout=60)
    loaded, found, about = json.loads(answer.stdout)

    assert loaded == []
    assert sorted(found) == sorted(NAMES)
    assert about == ["gone", "driver", "name", 401, "gone"]
    from_libcloud = {name for name, modules in found.items() if "libcloud.common.types" in modules}
    assert from_libcloud == (set() if libcloud_is == "absent" else set(NAMES))
