"""Sends by itself what every upload consists of, with a tenth of botocore's work.

Only a plain success is understood here. Every other answer is given to botocore to judge, so
that errors, redirects and a wrong clock are dealt with in one place.
"""

from __future__ import annotations

import hashlib
import logging
import math
import sys
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

from s3gui import __version__
from s3gui.adapters.s3_address import Address
from s3gui.adapters.s3_answers import Answer
from s3gui.adapters.s3_body import exact_blocks, exact_bytes
from s3gui.adapters.s3_clock import ServiceTime
from s3gui.adapters.s3_cut import check_cut
from s3gui.adapters.s3_head import Route, signed_head
from s3gui.adapters.s3_kept import KeptConnections
from s3gui.adapters.s3_network import Network
from s3gui.adapters.s3_questions import question_of, understood
from s3gui.adapters.s3_response import Response
from s3gui.adapters.s3_service import Addresses
from s3gui.adapters.s3_signing import UNSIGNED_PAYLOAD, Signer
from s3gui.adapters.s3_socket import JOINED, Broken, Connection, Sending
from s3gui.adapters.s3_watch import Exchange, Watch
from s3gui.adapters.s3_wire import WIRES
from s3gui.core.checksum import BytesLike
from s3gui.core.errors import BadAnswer
from s3gui.engine.ports import Body, OnSent

if TYPE_CHECKING:
    from s3gui.adapters.s3_botocore_sender import BotocoreSender

USER_AGENT = f"s3gui/{__version__} Python/{sys.version_info.major}.{sys.version_info.minor}"
_log = logging.getLogger(__name__)
_GRACE_SECONDS = 1.5
"""A stop is heard by the connection itself. Should that fail, the watch cuts it after so long."""

_CONDITIONS = frozenset({"IfMatch", "IfNoneMatch"})
"""Acted on once, they refuse what is acted on a second time."""

_REGIONAL = frozenset({301, 302, 307, 308, 400})


class _Request:
    """`may_repeat`: whether it does no harm to be acted on twice. `blocks` are all `size` bytes.

    `answer_seconds` as in `Watch.begin`. Not `frozen`: there are two of these for each file, and
    what is written out is made in half of the time.
    """

    __slots__ = (
        "answer_seconds",
        "blocks",
        "head",
        "is_for_head",
        "may_repeat",
        "on_sent",
        "route",
        "size",
    )

    def __init__(
        self,
        route: Route,
        head: bytes,
        size: int,
        blocks: Callable[[], Iterable[BytesLike]],
        on_sent: OnSent,
        *,
        may_repeat: bool,
        is_for_head: bool = False,
        answer_seconds: float | None = None,
    ) -> None:
        self.route = route
        self.head = head
        self.size = size
        self.blocks = blocks
        self.on_sent = on_sent
        self.may_repeat = may_repeat
        self.is_for_head = is_for_head
        self.answer_seconds = answer_seconds


class _Asked:
    """A request that was sent, with what belongs to it until it is answered."""

    __slots__ = ("begun_at", "connection", "exchange", "request", "sending")

    def __init__(
        self,
        request: _Request,
        exchange: Exchange,
        connection: Connection,
        sending: Sending,
        begun_at: float,
    ) -> None:
        self.request = request
        self.exchange = exchange
        self.connection = connection
        self.sending = sending
        self.begun_at = begun_at


class SocketSender:
    """Implements `s3gui.adapters.s3_clients.Sender`. Thread-safe; a connection for each request.

    `keys` are `Keys` or botocore's own, which may renew themselves; None where there are none.
    """

    def __init__(
        self,
        keys: Any,
        addresses: Addresses,
        network: Network,
        service_time: ServiceTime,
        judge: BotocoreSender,
        *,
        watch: Watch,
        signs_payload: bool,
    ) -> None:
        self._keys = keys
        self._addresses = addresses
        self._network = network
        self._service_time = service_time
        self._judge = judge
        self._signs_payload = signs_payload
        self._watch = watch
        self._routes: dict[str, Route | None] = {}
        self._kept = KeptConnections(network, watch, _GRACE_SECONDS)
        self._here = threading.local()

    def send(
        self, operation: str, parameters: Mapping[str, Any], body: Body, on_sent: OnSent
    ) -> Answer:
        return self.begin(operation, parameters, body, on_sent)()

    def begin(
        self, operation: str, parameters: Mapping[str, Any], body: Body, on_sent: OnSent
    ) -> Callable[[], Answer]:
        route = self._route(parameters["Bucket"])
        if route is None or self._keys is None:
            return self._judge.begin(operation, parameters, body, on_sent)
        offset = self._service_time.offset
        data = exact_bytes(body) if body.size <= JOINED else None
        blocks = partial(exact_blocks, body) if data is None else lambda: (data,)
        payload_hash = _sha256(blocks()) if self._signs_payload else UNSIGNED_PAYLOAD
        head = self._head(operation, parameters, route, offset, payload_hash)
        may_repeat = parameters.keys().isdisjoint(_CONDITIONS)
        request = _Request(route, head, body.size, blocks, on_sent, may_repeat=may_repeat)
        asked = self._begun(request)

        def end() -> Answer:
            response = self._response(asked)
            if 200 <= response.status < 300 and not response.body:
                return WIRES[operation].answer(response.status, response.headers)
            send = partial(self._judge.send, operation, parameters, body, on_sent)
            return self._judged(response, send, parameters["Bucket"], offset)

        return end

    def ask(self, operation: str, parameters: Mapping[str, Any]) -> Answer:
        route = self._route(parameters["Bucket"])
        if route is None or self._keys is None:
            return self._judge.ask(operation, parameters)
        offset = self._service_time.offset
        question = question_of(operation, parameters)
        data = question.data
        head = self._head(operation, question.parameters, route, offset, _sha256((data,)))
        is_completion = operation == "CompleteMultipartUpload"
        request = _Request(
            route,
            head,
            len(data),
            lambda: (data,),
            lambda _: self._watch.current.check_stop(),
            may_repeat=question.may_repeat,
            is_for_head=WIRES[operation].method == "HEAD",
            answer_seconds=self._watch.bounds.completion_seconds if is_completion else None,
        )
        response = self._response(self._begun(request))
        answer = understood(operation, response)
        if answer is not None:
            return answer
        ask = partial(self._judge.ask, operation, parameters)
        return self._judged(response, ask, parameters["Bucket"], offset)

    def close(self) -> None:
        self._kept.close()

    # The request.

    def _route(self, bucket: str) -> Route | None:
        """None where botocore has to send."""
        if bucket in self._routes:
            return self._routes[bucket]
        address = self._addresses.of(bucket)
        route = None if address is None else self._route_to(address)
        self._routes[bucket] = route
        return route

    def _route_to(self, address: Address) -> Route | None:
        signer = Signer(address.region)
        proxy_url = self._network.proxy_for(address)
        if proxy_url is None:
            return Route(address, signer, USER_AGENT)
        if not proxy_url.startswith("http:"):
            return None  # TLS inside of TLS
        headers = self._network.forwarding_headers(address, proxy_url)
        return Route(address, signer, USER_AGENT, proxy_url, headers)

    def _head(
        self,
        operation: str,
        parameters: Mapping[str, Any],
        route: Route,
        offset: timedelta,
        payload_hash: str,
    ) -> bytes:
        return signed_head(
            WIRES[operation],
            parameters,
            route,
            self._keys.get_frozen_credentials(),
            payload_hash=payload_hash,
            timestamp=_timestamp(int(time.time() + offset.total_seconds())),
        )

    def _judged(
        self, response: Response, send: Callable[[], Answer], bucket: str, offset: timedelta
    ) -> Answer:
        """What botocore makes of it, which would have sent the request by `send`."""
        if response.status in _REGIONAL:
            # botocore learns a bucket's region from such an answer: ask it anew next time.
            self._addresses.learn(bucket)
            self._routes.pop(bucket, None)
        return self._judge.judge(send, response, signed_with=offset)

    # Connections.

    def _begun(self, request: _Request) -> _Asked:
        """The request on its way."""
        awaited = self._awaited
        begun_at = time.monotonic()
        # Its connections see to silence themselves.
        exchange = self._watch.begin(
            answer_seconds=request.answer_seconds,
            grace_seconds=_GRACE_SECONDS,
            silence_seconds=math.inf,
        )
        connection: Connection | None = None
        try:
            exchange.check_stop()
            route = request.route
            connection = self._kept.take(route.address, route.proxy_url, awaited)
            sending = connection.begin(
                request.head,
                request.blocks(),
                request.size,
                request.on_sent,
                exchange,
                is_for_head=request.is_for_head,
            )
        except BaseException as error:
            _tell(request, repr(error))
            exchange.hold(None)
            if connection is not None:
                connection.close()
            self._watch.end(exchange)
            if isinstance(error, Exception) and connection is None:
                check_cut(exchange, request.route.address.host)
            raise
        self._here.awaited = awaited + 1
        return _Asked(request, exchange, connection, sending, begun_at)

    @property
    def _awaited(self) -> int:
        """The answers that this thread still awaits."""
        return getattr(self._here, "awaited", 0)

    def _response(self, asked: _Asked) -> Response:
        """Once; a second time where a kept connection turns out to be dead.

        Raises BadAnswer where it is a success that came before all was sent.
        """
        address = asked.request.route.address
        while True:
            exchange, connection = asked.exchange, asked.connection
            try:
                response = asked.sending.end()
            except BaseException as error:
                _tell(asked.request, repr(error))
                exchange.hold(None)
                connection.close()
                if not isinstance(error, OSError):
                    raise
                check_cut(exchange, address.host)
                # Nobody can have acted on it, or acting twice does no harm.
                is_harmless = isinstance(error, Broken) and (
                    error.is_clean or asked.request.may_repeat
                )
                if not (connection.was_used and is_harmless):
                    from s3gui.adapters.s3_failures import exchange_failed

                    raise exchange_failed(error, address) from error
            else:
                exchange.hold(None)
                check_cut(exchange, address.host)
                if _log.isEnabledFor(logging.DEBUG):
                    request_id = response.headers.get("x-amz-request-id", "-")
                    seconds = time.monotonic() - asked.begun_at
                    said = f"{response.status} in {seconds:.3f} s, request {request_id}"
                    _tell(asked.request, said)
                if response.keeps_alive:
                    self._kept.keep(address, connection)
                else:
                    connection.close()
                if response.is_early and 200 <= response.status < 300:
                    raise BadAnswer(f"{address.host} answered before it had all of the bytes.")
                return response
            finally:
                self._watch.end(exchange)
                self._here.awaited = self._awaited - 1
            asked = self._begun(asked.request)


def _tell(request: _Request, what: object) -> None:
    """In the log that is written for support."""
    _log.debug("%s: %s", request.head.partition(b"\r\n")[0].decode("latin-1"), what)


@lru_cache(4)
def _timestamp(seconds: int) -> str:
    return time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(seconds))


def _sha256(blocks: Iterable[BytesLike]) -> str:
    digest = hashlib.sha256()
    for block in blocks:
        digest.update(block)
    return digest.hexdigest()
