"""A HEAD is refused without a word: a question with a body says why."""

import pytest

from s3gui.adapters.s3_reasons import telling_why
from s3gui.core.errors import (
    AccessDenied,
    ClockSkewed,
    CredentialsExpired,
    CredentialsRefused,
    NoSuchKey,
    S3guiError,
    ServiceError,
    Unreachable,
    WrongRegion,
)


def told(refusal: S3guiError, reason: S3guiError | None) -> S3guiError:
    def ask() -> None:
        if reason is not None:
            raise reason

    with pytest.raises(S3guiError) as caught, telling_why(ask):
        raise refusal
    return caught.value


@pytest.mark.parametrize("kind", [ClockSkewed, CredentialsExpired, CredentialsRefused, WrongRegion])
def test_what_keeps_every_request_out_is_told_instead_of_a_bare_refusal(
    kind: type[S3guiError],
) -> None:
    reason = kind()
    assert told(ServiceError(status=400), reason) is reason


@pytest.mark.parametrize("reason", [None, AccessDenied(), Unreachable()])
def test_where_no_reason_is_found_the_refusal_stays(reason: S3guiError | None) -> None:
    refusal = ServiceError(status=400)
    assert told(refusal, reason) is refusal


def test_a_refusal_that_says_why_by_its_status_needs_no_other_question() -> None:
    refusal = NoSuchKey(status=404)
    assert told(refusal, CredentialsExpired()) is refusal
