"""Libcloud's S3 storage driver, on s3gui's engine: `S3StorageDriver` and what it hands out.

    from s3gui.driver import Provider, get_driver   # instead of both imports from libcloud

docs/driver.md says what is the same as in Libcloud, and what is safer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from s3gui.driver.containers import Container, Object, S3MultipartUpload
from s3gui.driver.storage import CHUNK_SIZE, RESPONSES_PER_REQUEST, S3StorageDriver

if TYPE_CHECKING:
    from s3gui.driver.errors import (
        ContainerAlreadyExistsError,
        ContainerDoesNotExistError,
        ContainerError,
        ContainerIsNotEmptyError,
        InvalidContainerNameError,
        InvalidCredsError,
        LibcloudError,
        ObjectAlreadyExistsError,
        ObjectDoesNotExistError,
        ObjectError,
        ObjectHashMismatchError,
        ServiceUnreachableError,
        UploadCancelledError,
    )

__all__ = [
    "CHUNK_SIZE",
    "RESPONSES_PER_REQUEST",
    "Container",
    "ContainerAlreadyExistsError",
    "ContainerDoesNotExistError",
    "ContainerError",
    "ContainerIsNotEmptyError",
    "InvalidContainerNameError",
    "InvalidCredsError",
    "LibcloudError",
    "Object",
    "ObjectAlreadyExistsError",
    "ObjectDoesNotExistError",
    "ObjectError",
    "ObjectHashMismatchError",
    "Provider",
    "S3MultipartUpload",
    "S3StorageDriver",
    "ServiceUnreachableError",
    "UploadCancelledError",
    "get_driver",
]


class Provider:
    """Libcloud's names of its drivers: here there is one."""

    S3 = "s3"


def get_driver(provider: str) -> type[S3StorageDriver]:
    """The driver's class. Raises AttributeError, as Libcloud does, for any other provider."""
    if provider != Provider.S3:
        raise AttributeError(f"s3gui has no driver for {provider!r}, only for Provider.S3")
    return S3StorageDriver


def __getattr__(name: str) -> Any:
    """The exceptions, when first asked for: they load Libcloud where it is installed."""
    if name.endswith("Error") and name in __all__:
        from s3gui.driver import errors

        return getattr(errors, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
