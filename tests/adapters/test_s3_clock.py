from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from s3gui.adapters.s3_clock import ServiceTime
from s3gui.practice.clock import http_date


def answer(code: str, offset: timedelta | None, status: int = 403):
    headers = {}
    if offset is not None:
        headers["date"] = http_date((datetime.now(UTC) + offset).timestamp())
    metadata = {"HTTPStatusCode": status, "HTTPHeaders": headers}
    return SimpleNamespace(), {"Error": {"Code": code}, "ResponseMetadata": metadata}


def asked(time: ServiceTime):
    request = SimpleNamespace(context={})
    time._tell_signer(request)
    return {"context": request.context}


@pytest.mark.parametrize("code", ["RequestTimeTooSkewed", "RequestInTheFuture", "403"])
@pytest.mark.parametrize("hours", [-48, 2])
def test_the_services_time_is_learnt_once_and_used_from_then_on(code, hours):
    time, refusal = ServiceTime(), answer(code, timedelta(hours=hours))
    first = asked(time)
    assert time._try_again(attempts=1, response=refusal, request_dict=first) == 0
    second = asked(time)
    [offset] = second["context"].values()
    assert abs(offset - timedelta(hours=hours)) < timedelta(seconds=5)
    assert time._try_again(attempts=2, response=refusal, request_dict=second) is None
    assert time._try_again(attempts=1, response=refusal, request_dict=second) is None


def test_a_request_that_was_signed_before_another_learnt_is_signed_anew_too():
    time, refusal = ServiceTime(), answer("RequestTimeTooSkewed", timedelta(hours=1))
    one, other = asked(time), asked(time)
    assert time._try_again(attempts=1, response=refusal, request_dict=one) == 0
    assert time._try_again(attempts=1, response=refusal, request_dict=other) == 0


@pytest.mark.parametrize(
    "refusal",
    [
        # Made when the test runs: it may run long after it was collected.
        lambda: answer("RequestTimeTooSkewed", None),
        lambda: answer("RequestTimeTooSkewed", timedelta()),
        lambda: answer("403", timedelta()),
        lambda: answer("AccessDenied", timedelta(hours=3)),
        lambda: answer("404", timedelta(hours=3), status=404),
        lambda: None,
    ],
)
def test_nothing_is_learnt_where_the_clock_is_not_the_reason_or_no_time_is_told(refusal):
    time = ServiceTime()
    assert time._try_again(attempts=1, response=refusal(), request_dict=asked(time)) is None
