"""Sends by botocore: slower than our own sender, and the judge of whatever goes wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial
from typing import Any

from s3gui.adapters.s3_answers import Answer
from s3gui.adapters.s3_body import RequestBody
from s3gui.adapters.s3_clock import ServiceTime
from s3gui.adapters.s3_exchange import GivenAnswers
from s3gui.adapters.s3_response import Response
from s3gui.engine.ports import Body, OnSent

_METHODS = {
    "CompleteMultipartUpload": "complete_multipart_upload",
    "CreateMultipartUpload": "create_multipart_upload",
    "HeadObject": "head_object",
    "PutObject": "put_object",
    "UploadPart": "upload_part",
}


class BotocoreSender:
    """Implements `s3gui.adapters.s3_clients.Sender`."""

    def __init__(self, client: Any, service_time: ServiceTime, given: GivenAnswers) -> None:
        self._client = client
        self._service_time = service_time
        self._given = given

    def send(
        self, operation: str, parameters: Mapping[str, Any], body: Body, on_sent: OnSent
    ) -> Answer:
        request_body = RequestBody(body, on_sent)
        ask = getattr(self._client, _METHODS[operation])
        try:
            answer: Answer = ask(Body=request_body, **parameters)
        except Exception:
            if request_body.error is not None:
                raise request_body.error from None
            raise
        return answer

    def begin(
        self, operation: str, parameters: Mapping[str, Any], body: Body, on_sent: OnSent
    ) -> Callable[[], Answer]:
        """botocore does not let go of a request before it is answered."""
        return partial(self.send, operation, parameters, body, on_sent)

    def ask(self, operation: str, parameters: Mapping[str, Any]) -> Answer:
        answer: Answer = getattr(self._client, _METHODS[operation])(**parameters)
        return answer

    def judge(
        self, send: Callable[[], Answer], response: Response, *, signed_with: timedelta
    ) -> Answer:
        """What botocore makes of a response that somebody else received for this very request.

        `send` would send it; but nothing is sent, unless botocore has a reason to send it again:
        the clock was wrong, the bucket is in another region. `signed_with`: the clock's offset in
        the request's signature.
        """
        self._given.give(response)
        self._service_time.signed_already(signed_with)
        try:
            return send()
        finally:
            self._given.give(None)
            self._service_time.signed_already(None)
