import inspect

from s3gui.core import errors
from s3gui.core.errors import AccessDenied, S3guiError, ServiceError


def every_error():
    return [
        each
        for _, each in inspect.getmembers(errors, inspect.isclass)
        if issubclass(each, S3guiError)
    ]


def test_every_error_has_a_code_of_its_own_and_a_title():
    codes = [each.code for each in every_error()]
    assert len(codes) == len(set(codes))
    assert all(each.title for each in every_error())


def test_every_error_stands_in_the_drawn_tree():
    for each in every_error():
        assert each.__name__ in (errors.__doc__ or "")


def test_an_error_becomes_a_failure_that_can_be_kept():
    error = AccessDenied(detail="AccessDenied (403)", service_code="AccessDenied", status=403)
    failure = error.failure()
    assert failure.code == "access-denied"
    assert failure.message == "Access denied"
    assert "not allowed" in failure.hint
    assert failure.detail == "AccessDenied (403)"
    assert not failure.retryable


def test_a_refusal_in_other_words_keeps_those_of_the_service():
    refusal = ServiceError(
        "No.", detail="Denied: no", service_code="Denied", status=403, request_id="r1"
    )
    told = AccessDenied("It cannot be looked at.", hint="Ask for it.").quoting(refusal)
    assert (told.message, told.advice) == ("It cannot be looked at.", "Ask for it.")
    assert told.failure().detail == "Denied: no"
    assert (told.service_code, told.status, told.request_id) == ("Denied", 403, "r1")
    assert AccessDenied(detail="of its own").quoting(refusal).detail == "of its own"
