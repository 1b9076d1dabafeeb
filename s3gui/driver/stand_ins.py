"""The shapes of Libcloud's exceptions, for where Libcloud is not installed."""

from __future__ import annotations


class LibcloudError(Exception):
    def __init__(self, value: str, driver: object = None) -> None:
        super().__init__(value)
        self.value = value
        self.driver = driver


class InvalidCredsError(LibcloudError):
    http_code = 401


class ContainerError(LibcloudError):
    error_type = "ContainerError"

    def __init__(self, value: str, driver: object, container_name: str) -> None:
        super().__init__(value, driver)
        self.container_name = container_name


class ContainerAlreadyExistsError(ContainerError):
    error_type = "ContainerAlreadyExistsError"


class ContainerDoesNotExistError(ContainerError):
    error_type = "ContainerDoesNotExistError"


class ContainerIsNotEmptyError(ContainerError):
    error_type = "ContainerIsNotEmptyError"


class InvalidContainerNameError(ContainerError):
    error_type = "InvalidContainerNameError"


class ObjectError(LibcloudError):
    error_type = "ContainerError"  # so it is called in Libcloud

    def __init__(self, value: str, driver: object, object_name: str) -> None:
        super().__init__(value, driver)
        self.object_name = object_name


class ObjectDoesNotExistError(ObjectError):
    error_type = "ObjectDoesNotExistError"


class ObjectHashMismatchError(ObjectError):
    error_type = "ObjectHashMismatchError"
