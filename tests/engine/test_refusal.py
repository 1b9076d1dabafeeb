import pytest

from s3gui.core.errors import (
    AccessDenied,
    AlreadyExists,
    ServiceError,
    SourceChanged,
    VerificationFailed,
)
from s3gui.engine.refusal import is_about_parts, is_hopeless, parts_refused


@pytest.mark.parametrize("code", ["EntityTooSmall", "InvalidPart", "InvalidPartOrder"])
def test_parts_that_are_refused_are_of_no_use_and_the_service_is_quoted(code):
    error = ServiceError("no", service_code=code, status=400, request_id="r1")
    assert is_about_parts(error)
    told = parts_refused(error)
    assert is_hopeless(told)
    assert (told.service_code, told.status, told.request_id) == (code, 400, "r1")
    assert told.failure().hint.startswith("Retrying")


@pytest.mark.parametrize("reason", [SourceChanged(), AlreadyExists(), VerificationFailed()])
def test_parts_of_what_can_never_be_completed_are_of_no_use(reason):
    assert is_hopeless(reason)


@pytest.mark.parametrize("reason", [AccessDenied(), KeyboardInterrupt(), RuntimeError()])
def test_parts_outlive_what_may_be_mended(reason):
    assert not is_hopeless(reason)
