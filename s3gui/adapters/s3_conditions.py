"""What must hold of a key when an object is made: as headers, and what their refusal means."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from s3gui.core.errors import AlreadyExists, NoSuchKey, NoSuchUpload, ObjectChanged
from s3gui.core.provider import Provider
from s3gui.core.text import visible
from s3gui.core.transfer import Destination


def condition_parameters(
    provider: Provider,
    only_if_absent: bool,  # noqa: FBT001 - passed on as it came
    only_if_etag: str | None,
) -> dict[str, str]:
    """Empty where the service may not know the header: the engine looks instead."""
    if only_if_absent and provider.conditional_writes:
        return {"IfNoneMatch": "*"}
    if only_if_etag and provider.conditional_replaces:
        return {"IfMatch": f'"{only_if_etag}"'}
    return {}


@contextmanager
def expecting(condition: Mapping[str, str], destination: Destination) -> Iterator[None]:
    """Raises ObjectChanged where an If-Match of `condition` was refused."""
    try:
        yield
    except (AlreadyExists, NoSuchKey, NoSuchUpload) as error:
        # Of an object that was deleted S3 says “no such key” to that.
        is_about_object = not isinstance(error, NoSuchUpload) or error.service_code == "NoSuchKey"
        if "IfMatch" not in condition or not is_about_object:
            raise
        raise ObjectChanged(
            f"{visible(str(destination))} is no longer the object that was to be replaced."
        ).quoting(error) from error
