"""Every request of a botocore client, under the bounds and with an ear for the stop."""

from __future__ import annotations

import threading
from typing import Any

from botocore.awsrequest import AWSResponse

from s3gui.adapters.s3_connections import watched_pools
from s3gui.adapters.s3_cut import check_cut
from s3gui.adapters.s3_response import Response
from s3gui.adapters.s3_watch import Watch
from s3gui.adapters.s3_xml import check_xml, is_web_page
from s3gui.core.errors import BadAnswer

_ROOTS = {
    "CompleteMultipartUpload": "CompleteMultipartUploadResult",
    "CreateMultipartUpload": "InitiateMultipartUploadResult",
    "ListBuckets": "ListAllMyBucketsResult",
    "ListMultipartUploads": "ListMultipartUploadsResult",
    "ListObjectsV2": "ListBucketResult",
    "ListParts": "ListPartsResult",
}
"""The documents that answers consist of; botocore takes any other for an empty one.

Not those about a bucket's rules: services that do not know them answer as if asked something else.
"""


class GivenAnswers:
    """Answers that somebody else received, for botocore to take for its own. By thread."""

    def __init__(self) -> None:
        self._here = threading.local()

    def give(self, response: Response | None) -> None:
        """For the next request of this thread; None takes back what nobody took."""
        self._here.response = response

    def take(self, request: Any) -> AWSResponse | None:
        response: Response | None = getattr(self._here, "response", None)
        if response is None:
            return None
        self._here.response = None
        headers: Any = response.headers
        return AWSResponse(request.url, response.status, headers, _Raw(response.body))


class _Raw:
    """A body as urllib3 would give it."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    def stream(self, *_: Any, **__: Any) -> list[bytes]:
        return [self._body]


class BoundedExchanges:
    """Sends what botocore has prepared and signed, unless it is given an answer already."""

    def __init__(self, watch: Watch, host: str, given: GivenAnswers) -> None:
        self._watch = watch
        self._host = host
        self._given = given

    def register(self, client: Any) -> None:
        """With a botocore client, before its first request."""
        # Who makes a client may choose neither its session nor its session's pools.
        self._session = client._endpoint.http_session  # noqa: SLF001
        self._session._pool_classes_by_scheme.update(watched_pools(self._watch))  # noqa: SLF001
        client.meta.events.register_last("before-send.s3", self._answer)

    def _answer(self, request: Any, event_name: str, **_: Any) -> Any:
        """The response; what a `before-send` handler returns botocore takes for the answer."""
        bounds = self._watch.bounds
        given = self._given.take(request)
        operation = event_name.rpartition(".")[2]
        if given is not None:
            return self._checked(operation, given)
        is_completion = operation == "CompleteMultipartUpload"
        with self._watch.exchange(
            answer_seconds=bounds.completion_seconds if is_completion else bounds.answer_seconds,
            is_download=request.stream_output,
        ) as exchange:
            exchange.check_stop()
            try:
                response = self._session.send(request)
                is_body_to_come = request.stream_output and response.status_code < 300
                if not is_body_to_come:
                    _ = response.content  # read under the watch
            except Exception:
                check_cut(exchange, self._host)
                raise
            # An answer without a length ends with its connection: cut, it would seem whole.
            check_cut(exchange, self._host)
        return response if is_body_to_come else self._checked(operation, response)

    def _checked(self, operation: str, response: AWSResponse) -> AWSResponse:
        """The answer, if botocore may build what it describes. Raises BadAnswer."""
        body: bytes = response.content
        bounds = self._watch.bounds
        if response.status_code < 200:
            raise BadAnswer(f"{self._host} answered without an end: HTTP {response.status_code}.")
        if response.status_code < 300:
            if not is_web_page(body):  # that has a sentence of its own
                # botocore looks for errors in a 200 only: in a 201 they would be an empty list.
                is_200 = response.status_code == 200
                check_xml(body, bounds, _ROOTS.get(operation), may_be_error=is_200)
            return response
        try:
            if not is_web_page(body):
                check_xml(body, bounds)
                return response
        except BadAnswer:
            pass
        # It says no, and what more it says is not to be read: its status has to do.
        headers: Any = response.headers
        return AWSResponse(response.url, response.status_code, headers, _Raw(b""))
