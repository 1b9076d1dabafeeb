"""S3StorageDriver: Libcloud's S3 storage driver, on s3gui's engine."""

# The arguments are Libcloud's.
# ruff: noqa: FBT001, FBT002, PLR0917

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress

from s3gui import bootstrap
from s3gui.core.errors import AccessDenied, NoSuchBucket, NoSuchKey, S3guiError
from s3gui.core.transfer import Destination
from s3gui.driver.answers import described_object, iso_time, listed_object
from s3gui.driver.containers import Container, Object
from s3gui.driver.downloading import check_range, save, target_path
from s3gui.driver.uploads import Uploads
from s3gui.engine.browse import Download

CHUNK_SIZE = 5 * 1024 * 1024
"""S3's smallest part: what a stream's parts start with, and what a download is handed out in."""

RESPONSES_PER_REQUEST = 100
"""Libcloud's page size for open uploads. Kept for those who import it; pages are S3's own here."""

_EXPIRY_HOURS = 24.0


class S3StorageDriver(Uploads):
    """Amazon S3, or with `host` and `port` any service that speaks its language.

    `secure=False` uses http. `ex_provider` names the kind of service at `host` (`practice`,
    `minio`, `ceph`, `r2`, …), which then is trusted to do what that kind does; `ex_ca_file` is a
    certificate file to trust. What is open on the service is noted below `ex_home`, the folder of
    s3gui's own state by default, so that `s3gui leftovers` finds it after a kill. Libcloud's other
    keyword arguments (timeouts, proxies) are accepted and not used. Nothing is connected before
    the first call. Thread-safe.

    Raises ValueError for what cannot be connected to.
    """

    website = "https://aws.amazon.com/s3/"
    hash_type = "md5"
    supports_chunked_encoding = False
    supports_s3_multipart_upload = True
    http_vendor_prefix = "x-amz"

    @classmethod
    def list_regions(cls) -> list[str]:
        """The regions of Amazon S3 that this installation knows."""
        return bootstrap.aws_regions()

    # Containers

    def iterate_containers(self) -> Iterator[Container]:
        with self._speaking():
            buckets = self._store.list_buckets()
        return (
            Container(bucket.name, {"creation_date": iso_time(bucket.created_at)}, self)
            for bucket in buckets
        )

    def list_containers(self) -> list[Container]:
        return list(self.iterate_containers())

    def get_container(self, container_name: str) -> Container:
        """Raises ContainerDoesNotExistError. Where looking is denied, it is taken to exist."""
        with self._speaking(container_name), suppress(AccessDenied):
            # Who may not look may be allowed to write.
            self._store.check_bucket(container_name)
        return Container(container_name, None, self)

    def create_container(self, container_name: str) -> Container:
        """In the driver's region, with the service's defaults (on Amazon S3: ACLs disabled).

        Raises ContainerAlreadyExistsError, InvalidContainerNameError, ContainerError.
        """
        try:
            self._store.create_bucket(container_name, region=self.region, acls_enabled=False)
        except S3guiError as error:
            from s3gui.driver.errors import creation_error

            raise creation_error(error, self, container_name) from error
        return Container(container_name, None, self)

    def delete_container(self, container: Container) -> bool:
        """Raises ContainerIsNotEmptyError and ContainerDoesNotExistError."""
        with self._speaking(container.name):
            self._store.delete_bucket(container.name)
        return True

    # Objects

    def iterate_container_objects(
        self, container: Container, prefix: str | None = None, ex_prefix: str | None = None
    ) -> Iterator[Object]:
        """The objects whose names start with `prefix`, over all pages, in the order of names."""
        if ex_prefix:
            warnings.warn("ex_prefix is deprecated: use prefix", DeprecationWarning, stacklevel=2)
        with self._speaking(container.name):
            place = Destination(container.name, ex_prefix or prefix or "")
            for found in self._store.find_objects(place):
                yield listed_object(found, container, self)

    def list_container_objects(
        self, container: Container, prefix: str | None = None, ex_prefix: str | None = None
    ) -> list[Object]:
        return list(self.iterate_container_objects(container, prefix, ex_prefix))

    def get_object(self, container_name: str, object_name: str) -> Object:
        """Raises ObjectDoesNotExistError and ContainerDoesNotExistError."""
        with self._speaking(container_name, object_name):
            description = self._store.describe(Destination(container_name, object_name))
            if description is None:
                self._store.check_bucket(container_name)
                raise NoSuchKey(f"“{container_name}” holds no object “{object_name}”.")
        container = Container(container_name, None, self)
        return described_object(object_name, description, container, self)

    def delete_object(self, obj: Object) -> bool:
        """True also where there was none: S3 does not tell."""
        with self._about(obj), _missing_objects():
            self._store.delete(_place(obj))
        return True

    def get_object_cdn_url(
        self, obj: Object, ex_expiry: float = _EXPIRY_HOURS, ex_method: str = "GET"
    ) -> str:
        """A presigned URL, good for `ex_expiry` hours, for one of GET, PUT and DELETE."""
        if ex_method not in {"GET", "PUT", "DELETE"}:
            raise ValueError(f"ex_method is GET, PUT or DELETE, not {ex_method}")
        seconds = int(ex_expiry * 3600)
        with self._about(obj):
            return self._store.presigned_request(ex_method, _place(obj), seconds)

    # Downloads

    def download_object(
        self,
        obj: Object,
        destination_path: str,
        overwrite_existing: bool = False,
        delete_on_failure: bool = True,
    ) -> bool:
        """Save the object as this file, or in this folder; False if its size is not `obj.size`."""
        with self._about(obj):
            path = target_path(destination_path, obj.name, overwrite_existing=overwrite_existing)
            return save(self._open(obj), path, obj.size, delete_on_failure=delete_on_failure)

    def download_object_range(
        self,
        obj: Object,
        destination_path: str,
        start_bytes: int,
        end_bytes: int | None = None,
        overwrite_existing: bool = False,
        delete_on_failure: bool = True,
    ) -> bool:
        """Save the bytes from `start_bytes` up to but without `end_bytes` (None: to the end)."""
        check_range(start_bytes, end_bytes)
        with self._about(obj):
            path = target_path(destination_path, obj.name, overwrite_existing=overwrite_existing)
            download = self._open(obj, start_bytes, end_bytes)
            return save(download, path, None, delete_on_failure=delete_on_failure)

    def download_object_as_stream(
        self, obj: Object, chunk_size: int | None = None
    ) -> Iterator[bytes]:
        """The object's bytes, at most `chunk_size` at a time (5 MiB)."""
        with self._about(obj):
            download = self._open(obj)
        return self._chunks(obj, download, chunk_size)

    def download_object_range_as_stream(
        self,
        obj: Object,
        start_bytes: int,
        end_bytes: int | None = None,
        chunk_size: int | None = None,
    ) -> Iterator[bytes]:
        """The bytes from `start_bytes` up to but without `end_bytes`, in chunks."""
        check_range(start_bytes, end_bytes)
        with self._about(obj):
            download = self._open(obj, start_bytes, end_bytes)
        return self._chunks(obj, download, chunk_size)

    def _chunks(self, obj: Object, download: Download, chunk_size: int | None) -> Iterator[bytes]:
        with self._about(obj):
            yield from download.chunks(chunk_size or CHUNK_SIZE)

    def _open(self, obj: Object, start: int | None = None, end: int | None = None) -> Download:
        with _missing_objects():
            return self._store.download(_place(obj), start, end)

    def _about(self, obj: Object) -> AbstractContextManager[None]:
        return self._speaking(obj.container.name, obj.name)


def _place(obj: Object) -> Destination:
    return Destination(obj.container.name, obj.name)


@contextmanager
def _missing_objects() -> Iterator[None]:
    """In Libcloud, where the bucket of an object is missing, it is the object that is missing."""
    try:
        yield
    except NoSuchBucket as error:
        raise NoSuchKey(error.message, detail=error.detail) from error
