"""What it means when a service refuses to make an object, and how often it may."""

from __future__ import annotations

from s3gui.core.errors import (
    AlreadyExists,
    S3guiError,
    ServiceError,
    SourceChanged,
    VerificationFailed,
    WriteConflict,
)

MOST_UPLOADS = 3
"""Of one file in one run: a service that loses uploads is not fed for ever."""

MOST_COMPLETIONS = 3

_ABOUT_PARTS = frozenset({"EntityTooSmall", "InvalidPart", "InvalidPartOrder"})


def is_hopeless(reason: BaseException) -> bool:
    """Whether the parts on the service are of no use to a later attempt."""
    if isinstance(reason, SourceChanged | AlreadyExists | VerificationFailed):
        return True
    return isinstance(reason, S3guiError) and is_about_parts(reason)


def is_about_parts(error: S3guiError) -> bool:
    """Whether the parts that the service holds are not those that it was asked to join."""
    return isinstance(error, ServiceError) and error.service_code in _ABOUT_PARTS


def is_race(error: S3guiError) -> bool:
    """Whether another request for the same key came in between: a put may be tried again.

    A completion may not: after ConditionalRequestConflict S3 wants a new upload, all parts anew.
    """
    return isinstance(error, WriteConflict)


def parts_refused(error: S3guiError) -> S3guiError:
    """The same refusal, with what to do about it."""
    assert isinstance(error, ServiceError)
    return ServiceError(
        "The service does not make an object of the parts that it acknowledged.",
        hint="Retrying sends the file again; choose another part size if it happens again.",
        detail=error.detail or error.message,
    ).quoting(error)
