"""Libcloud's values: Container, Object, and a multipart upload that is still open."""

# The arguments are Libcloud's.
# ruff: noqa: FBT001, FBT002, A002, PLR0917

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from s3gui.driver.storage import S3StorageDriver


class Container:
    """A bucket. `extra` holds `creation_date` when it comes from a listing."""

    def __init__(self, name: str, extra: dict[str, Any] | None, driver: S3StorageDriver) -> None:
        self.name = name
        self.extra = extra or {}
        self.driver = driver

    def iterate_objects(
        self, prefix: str | None = None, ex_prefix: str | None = None
    ) -> Iterator[Object]:
        return self.driver.iterate_container_objects(self, prefix, ex_prefix)

    def list_objects(self, prefix: str | None = None, ex_prefix: str | None = None) -> list[Object]:
        return self.driver.list_container_objects(self, prefix, ex_prefix)

    def get_object(self, object_name: str) -> Object:
        return self.driver.get_object(self.name, object_name)

    def upload_object(
        self,
        file_path: Any,
        object_name: str,
        extra: dict[str, Any] | None = None,
        verify_hash: bool = True,
        headers: dict[str, str] | None = None,
        **ex: Any,
    ) -> Object:
        """`ex` are the driver's own `ex_…` arguments."""
        return self.driver.upload_object(
            file_path, self, object_name, extra, verify_hash, headers, **ex
        )

    def upload_object_via_stream(
        self,
        iterator: Any,
        object_name: str,
        extra: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
        **ex: Any,
    ) -> Object:
        """`ex` are the driver's own `ex_…` arguments."""
        return self.driver.upload_object_via_stream(
            iterator, self, object_name, extra, headers, **ex
        )

    def download_object(
        self,
        obj: Object,
        destination_path: str,
        overwrite_existing: bool = False,
        delete_on_failure: bool = True,
    ) -> bool:
        return self.driver.download_object(
            obj, destination_path, overwrite_existing, delete_on_failure
        )

    def download_object_as_stream(
        self, obj: Object, chunk_size: int | None = None
    ) -> Iterator[bytes]:
        return self.driver.download_object_as_stream(obj, chunk_size)

    def download_object_range(
        self,
        obj: Object,
        destination_path: str,
        start_bytes: int,
        end_bytes: int | None = None,
        overwrite_existing: bool = False,
        delete_on_failure: bool = True,
    ) -> bool:
        return self.driver.download_object_range(
            obj, destination_path, start_bytes, end_bytes, overwrite_existing, delete_on_failure
        )

    def download_object_range_as_stream(
        self,
        obj: Object,
        start_bytes: int,
        end_bytes: int | None = None,
        chunk_size: int | None = None,
    ) -> Iterator[bytes]:
        return self.driver.download_object_range_as_stream(obj, start_bytes, end_bytes, chunk_size)

    def delete_object(self, obj: Object) -> bool:
        return self.driver.delete_object(obj)

    def delete(self) -> bool:
        return self.driver.delete_container(self)

    def __repr__(self) -> str:
        return f"<Container {self.name!r} on {self.driver.name}>"


class Object:
    """An object in a container; `size` in bytes, `hash` its ETag without quotes."""

    def __init__(
        self,
        name: str,
        size: int,
        hash: str | None,
        extra: dict[str, Any] | None,
        meta_data: dict[str, Any] | None,
        container: Container,
        driver: S3StorageDriver,
    ) -> None:
        self.name = name
        self.size = size
        self.hash = hash
        self.extra = extra or {}
        self.meta_data = meta_data or {}
        self.container = container
        self.driver = driver

    def get_cdn_url(self) -> str:
        return self.driver.get_object_cdn_url(self)

    def download(
        self,
        destination_path: str,
        overwrite_existing: bool = False,
        delete_on_failure: bool = True,
    ) -> bool:
        return self.driver.download_object(
            self, destination_path, overwrite_existing, delete_on_failure
        )

    def as_stream(self, chunk_size: int | None = None) -> Iterator[bytes]:
        return self.driver.download_object_as_stream(self, chunk_size)

    def download_range(
        self,
        destination_path: str,
        start_bytes: int,
        end_bytes: int | None = None,
        overwrite_existing: bool = False,
        delete_on_failure: bool = True,
    ) -> bool:
        return self.driver.download_object_range(
            self, destination_path, start_bytes, end_bytes, overwrite_existing, delete_on_failure
        )

    def range_as_stream(
        self, start_bytes: int, end_bytes: int | None = None, chunk_size: int | None = None
    ) -> Iterator[bytes]:
        return self.driver.download_object_range_as_stream(self, start_bytes, end_bytes, chunk_size)

    def delete(self) -> bool:
        return self.driver.delete_object(self)

    def __repr__(self) -> str:
        where = f"{self.container.name!r} on {self.driver.name}"
        return f"<Object {self.name!r} in {where}, {self.size} bytes, hash {self.hash}>"


@dataclass(frozen=True, slots=True)
class S3MultipartUpload:
    """An upload that was neither completed nor aborted.

    `created_at` is ISO 8601 in UTC. `initiator` and `owner` were display names, which S3 no
    longer gives: None.
    """

    key: str
    id: str
    created_at: str | None
    initiator: str | None = None
    owner: str | None = None
