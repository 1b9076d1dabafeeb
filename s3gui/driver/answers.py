"""What the engine knows of objects, as Libcloud's objects."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

from s3gui.core.transfer import Transfer
from s3gui.driver.containers import Container, Object
from s3gui.engine.browse import FoundObject, ObjectDescription

if TYPE_CHECKING:
    from s3gui.driver.storage import S3StorageDriver


def iso_time(time: datetime | None) -> str | None:
    """As S3's lists write it: 2026-01-31T08:15:00.000Z."""
    if time is None:
        return None
    utc = time.astimezone(UTC).replace(tzinfo=None)
    return f"{utc.isoformat(timespec='milliseconds')}Z"


def listed_object(found: FoundObject, container: Container, driver: S3StorageDriver) -> Object:
    owner = {"id": found.owner_id, "display_name": found.owner_name}
    return Object(
        found.key,
        found.size,
        found.etag,
        {"last_modified": iso_time(found.modified_at)},
        {"owner": owner},
        container,
        driver,
    )


def described_object(
    name: str, description: ObjectDescription, container: Container, driver: S3StorageDriver
) -> Object:
    """`extra` holds what the service told, under Libcloud's names and in HTTP's notation."""
    modified_at = description.modified_at
    told = {
        "content_type": description.content_type,
        "etag": f'"{description.etag}"' if description.etag else None,
        "content_encoding": description.content_encoding,
        "last_modified": modified_at and format_datetime(modified_at.astimezone(UTC), usegmt=True),
    }
    extra = {key: value for key, value in told.items() if value is not None}
    metadata = dict(description.metadata)
    hash_ = description.etag or None
    return Object(name, description.size, hash_, extra, metadata, container, driver)


def uploaded_object(
    transfer: Transfer,
    extra: Mapping[str, Any] | None,
    container: Container,
    driver: S3StorageDriver,
) -> Object:
    extra = extra or {}
    stored = transfer.stored
    assert stored is not None, "a completed transfer has one"
    return Object(
        transfer.destination.key,
        transfer.sent_bytes,
        stored.etag,
        {"acl": extra.get("acl")},
        extra.get("meta_data"),
        container,
        driver,
    )
