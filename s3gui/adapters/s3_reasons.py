"""Why a service refused a HEAD: its answer has no body that could say so."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from s3gui.core.errors import (
    ClockSkewed,
    CredentialsExpired,
    CredentialsRefused,
    S3guiError,
    ServiceError,
    WrongRegion,
)

_BAD_REQUEST = 400


@contextmanager
def telling_why(ask: Callable[[], object]) -> Iterator[None]:
    """Raise what `ask`, a question that is answered with a body, meets; else the refusal itself.

    Credentials that expired are a bare 400 there, and would be taken for a fault of the request.
    """
    try:
        yield
    except ServiceError as error:
        if error.status == _BAD_REQUEST:
            _ask(ask, error)
        raise


def _ask(ask: Callable[[], object], refusal: ServiceError) -> None:
    try:
        ask()
    except (ClockSkewed, CredentialsExpired, CredentialsRefused, WrongRegion) as reason:
        raise reason from refusal
    except S3guiError:
        return
