"""Every request of a botocore client, under the bounds and with an ear for the stop."""

from __future__ import annotations

from typing import Any

from s3gui.adapters.s3_connections import watched_pools
from s3gui.adapters.s3_watch import Cut, Exchange, Watch
from s3gui.adapters.s3_xml import check_xml
from s3gui.core.errors import Unreachable

_LATE = "{host} cannot be reached: it did not finish its answer in time."
_ASLEEP = "{host} cannot be reached: this computer was asleep, and the connection did not survive."


class BoundedExchanges:
    """Sends what botocore has prepared and signed."""

    def __init__(self, watch: Watch, host: str) -> None:
        self._watch = watch
        self._host = host

    def register(self, client: Any) -> None:
        """With a botocore client, before its first request."""
        # Who makes a client may choose neither its session nor its session's pools.
        self._session = client._endpoint.http_session  # noqa: SLF001
        self._session._pool_classes_by_scheme.update(watched_pools(self._watch))  # noqa: SLF001
        client.meta.events.register_last("before-send.s3", self._answer)

    def _answer(self, request: Any, event_name: str, **_: Any) -> Any:
        """The response; what a `before-send` handler returns botocore takes for the answer."""
        bounds = self._watch.bounds
        operation = event_name.rpartition(".")[2]
        is_completion = operation == "CompleteMultipartUpload"
        is_naming = operation == "CreateMultipartUpload"
        with self._watch.exchange(
            answer_seconds=bounds.completion_seconds if is_completion else bounds.answer_seconds,
            grace_seconds=bounds.naming_seconds if is_naming else 0.0,
            is_download=request.stream_output,
        ) as exchange:
            exchange.check_stop()
            try:
                response = self._session.send(request)
                is_body_to_come = request.stream_output and response.status_code < 300
                body = b"" if is_body_to_come else response.content
            except Exception:
                self._check(exchange)
                raise
            # An answer without a length ends with its connection: cut, it would seem whole.
            self._check(exchange)
        check_xml(body, bounds)
        return response

    def _check(self, exchange: Exchange) -> None:
        if exchange.cut is Cut.STOPPED:
            exchange.check_stop()
        if exchange.cut is Cut.LATE:
            raise Unreachable(_LATE.format(host=self._host))
        if exchange.cut is Cut.ASLEEP:
            raise Unreachable(_ASLEEP.format(host=self._host))
