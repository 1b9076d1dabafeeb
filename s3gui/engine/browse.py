"""What only looking and fetching need: the port of those who read back what was stored."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Protocol

from s3gui.core.frozen import frozen
from s3gui.core.transfer import Destination
from s3gui.engine.ports import ObjectStore


@frozen
class FoundObject:
    """A line of a listing over all levels; `size` in bytes, `etag` without quotes.

    Services that do not tell the owner leave `owner_id` and `owner_name` None.
    """

    key: str
    size: int
    etag: str = ""
    modified_at: datetime | None = None
    owner_id: str | None = None
    owner_name: str | None = None


@frozen
class ObjectDescription:
    """What a service says of one object; `size` in bytes, `etag` without quotes."""

    size: int
    etag: str = ""
    content_type: str | None = None
    content_encoding: str | None = None
    modified_at: datetime | None = None
    metadata: Mapping[str, str] = MappingProxyType({})


class Download(Protocol):
    """The bytes of an object, or of a range of it, on their way here."""

    @property
    def size(self) -> int:
        """How many bytes are to come."""
        ...

    def chunks(self, chunk_size: int) -> Iterator[bytes]:
        """All of them, once, at most `chunk_size` bytes at a time.

        Raises S3guiError where the connection breaks, where bytes are missing, and, for a whole
        object whose checksum the service keeps, where the bytes are not those of the checksum.
        """
        ...

    def close(self) -> None:
        """Give the connection back; what has not come yet does not come."""
        ...


class BrowsingStore(ObjectStore, Protocol):
    """An `ObjectStore` that can also be looked through and read from."""

    def check_bucket(self, bucket: str) -> None:
        """Raises NoSuchBucket, AccessDenied, WrongRegion; nothing where all is well."""
        ...

    def delete_bucket(self, bucket: str) -> None:
        """Raises ServiceError with `service_code` BucketNotEmpty where it holds objects."""
        ...

    def describe(self, destination: Destination) -> ObjectDescription | None:
        """None if there is no such object, or no such bucket: the answer does not tell which."""
        ...

    def find_objects(self, prefix: Destination) -> Iterator[FoundObject]:
        """All objects whose keys start with the prefix, over all pages, in the order of keys."""
        ...

    def download(
        self, destination: Destination, start: int | None = None, end: int | None = None
    ) -> Download:
        """The object, or its bytes from `start` up to but without `end` (None: to its end).

        Raises NoSuchKey and NoSuchBucket at once, before any byte.
        """
        ...

    def presigned_request(self, method: str, destination: Destination, expires_seconds: int) -> str:
        """A URL that lets anybody GET, PUT or DELETE the object for a while."""
        ...
