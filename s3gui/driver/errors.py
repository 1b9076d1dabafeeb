"""What the driver raises: Libcloud's family, and subclasses of its classes where it is installed.

    LibcloudError
    ├── InvalidCredsError                the service does not accept the keys, or denies access
    ├── ServiceUnreachableError          also a ConnectionError
    ├── UploadCancelledError             `ex_cancel` said so
    ├── ContainerError
    │   ├── ContainerDoesNotExistError   ContainerAlreadyExistsError
    │   └── ContainerIsNotEmptyError     InvalidContainerNameError
    └── ObjectError
        ├── ObjectDoesNotExistError      ObjectAlreadyExistsError
        └── ObjectHashMismatchError

This module loads Libcloud (0.4 s) if it is there: import it where an error is needed, not before.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from s3gui.core import errors as core
from s3gui.driver import stand_ins

if TYPE_CHECKING:
    base = stand_ins
    credentials_base = stand_ins
else:
    try:
        base = importlib.import_module("libcloud.storage.types")
        credentials_base = importlib.import_module("libcloud.common.types")
    except ImportError:
        base = credentials_base = stand_ins


class LibcloudError(base.LibcloudError):
    """`value` is one plain sentence; the error it came from is its `__cause__`."""

    def __str__(self) -> str:
        return str(self.value)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.value!r})"


class InvalidCredsError(LibcloudError, credentials_base.InvalidCredsError):
    pass


class ServiceUnreachableError(LibcloudError, ConnectionError):
    pass


class UploadCancelledError(LibcloudError):
    pass


class ContainerError(LibcloudError, base.ContainerError):
    pass


class ContainerAlreadyExistsError(ContainerError, base.ContainerAlreadyExistsError):
    pass


class ContainerDoesNotExistError(ContainerError, base.ContainerDoesNotExistError):
    pass


class ContainerIsNotEmptyError(ContainerError, base.ContainerIsNotEmptyError):
    pass


class InvalidContainerNameError(ContainerError, base.InvalidContainerNameError):
    pass


class ObjectError(LibcloudError, base.ObjectError):
    pass


class ObjectAlreadyExistsError(ObjectError):
    error_type = "ObjectAlreadyExistsError"


class ObjectDoesNotExistError(ObjectError, base.ObjectDoesNotExistError):
    pass


class ObjectHashMismatchError(ObjectError, base.ObjectHashMismatchError):
    pass


_CREDENTIALS = (
    core.AccessDenied,
    core.CredentialsExpired,
    core.CredentialsMissing,
    core.CredentialsRefused,
)
_UNUSABLE_FILES: dict[type[core.S3guiError], type[OSError]] = {
    core.SourceMissing: FileNotFoundError,
    core.SourceNotAFile: OSError,
    core.SourceUnreadable: OSError,
}
_BY_SERVICE_CODE: dict[str, tuple[type[ContainerError], str]] = {
    "BucketAlreadyOwnedByYou": (ContainerAlreadyExistsError, "“{}” exists already; it is yours."),
    "BucketAlreadyExists": (InvalidContainerNameError, "The name “{}” is taken."),
    "BucketNotEmpty": (ContainerIsNotEmptyError, "“{}” still holds objects."),
}


def libcloud_error(
    error: core.S3guiError, driver: object, container_name: str = "", object_name: str = ""
) -> Exception:
    """What Libcloud raises where `error` happened; to be raised `from` it.

    `object_name` says that the call was about an object. A file that cannot be read stays an
    OSError, as in Libcloud.
    """
    translated = _translated(error, driver, container_name, object_name)
    if error.advice:
        translated.add_note(error.advice)
    return translated


def creation_error(error: core.S3guiError, driver: object, container_name: str) -> Exception:
    """As `libcloud_error`, for CreateBucket, where Libcloud tells a bad name from a taken one."""
    status = error.status if isinstance(error, core.ServiceError) else 0
    if isinstance(error, core.InputError) or status == 400:
        return ContainerError(error.message, driver, container_name)
    if status == 409 and _code(error) not in _BY_SERVICE_CODE:
        return InvalidContainerNameError(error.message, driver, container_name)
    return libcloud_error(error, driver, container_name)


def _translated(
    error: core.S3guiError, driver: object, container_name: str, object_name: str
) -> Exception:
    text = error.message
    if type(error) in _UNUSABLE_FILES:
        return _UNUSABLE_FILES[type(error)](text)
    if isinstance(error, core.NoSuchBucket):
        return ContainerDoesNotExistError(text, driver, container_name)
    if _code(error) in _BY_SERVICE_CODE:
        container_kind, sentence = _BY_SERVICE_CODE[_code(error)]
        return container_kind(sentence.format(container_name), driver, container_name)
    object_kind = _object_kind(error) if object_name else None
    if object_kind is not None:
        return object_kind(text, driver, object_name)
    if isinstance(error, _CREDENTIALS):
        return InvalidCredsError(text, driver)
    kind = ServiceUnreachableError if isinstance(error, core.Unreachable) else LibcloudError
    return kind(text, driver)


def _code(error: core.S3guiError) -> str:
    return error.service_code if isinstance(error, core.ServiceError) else ""


def _object_kind(error: core.S3guiError) -> type[ObjectError] | None:
    if isinstance(error, core.NoSuchKey):
        return ObjectDoesNotExistError
    if isinstance(error, core.AlreadyExists):
        return ObjectAlreadyExistsError
    if isinstance(error, core.BadDigest | core.VerificationFailed):
        return ObjectHashMismatchError
    return None
