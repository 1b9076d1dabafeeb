"""AWS Signature Version 4 in headers, for requests whose path and query are encoded already.

Source: the S3 API reference, “Authenticating Requests: Using the Authorization Header”.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass

UNSIGNED_PAYLOAD = "UNSIGNED-PAYLOAD"
_ALGORITHM = "AWS4-HMAC-SHA256"

_UNSIGNED = frozenset(
    {
        "baggage",
        "connection",
        "expect",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "te",
        "traceparent",
        "tracestate",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "user-agent",
        "x-amzn-trace-id",
    }
)
"""Headers that a proxy may change."""


_KEPT_ORDERS = 64
_Order = tuple[list[tuple[str, str]], str]
"""The signed headers by their names in lower case, sorted; and these names as one text."""


@dataclass(slots=True)
class Unsigned:
    """A request as it will be on the wire: `query` sorted, without its question mark.

    `headers` by any case of their names; `payload_hash` is the body's SHA-256 in hexadecimal
    digits, or UNSIGNED_PAYLOAD.
    """

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    payload_hash: str


class Signer:
    """Signs for one region. Thread-safe. Keeps the key of the day, never the secret's text."""

    def __init__(self, region: str, service: str = "s3") -> None:
        self._region = region
        self._service = service
        self._keys: dict[tuple[bytes, str], bytes] = {}
        self._orders: dict[tuple[str, ...], _Order] = {}

    def authorization(
        self, request: Unsigned, *, access_key: str, secret_key: str, timestamp: str
    ) -> str:
        """The Authorization header; `timestamp` as in X-Amz-Date (`20260131T235959Z`)."""
        day = timestamp[:8]
        scope = f"{day}/{self._region}/{self._service}/aws4_request"
        headers = request.headers
        order, signed_names = self._order_of(tuple(headers))
        lines = "".join([f"{lower}:{' '.join(headers[name].split())}\n" for lower, name in order])
        canonical = (
            f"{request.method}\n{request.path}\n{request.query}\n{lines}\n"
            f"{signed_names}\n{request.payload_hash}"
        )
        digest = hashlib.sha256(canonical.encode()).hexdigest()
        text = f"{_ALGORITHM}\n{timestamp}\n{scope}\n{digest}"
        signature = hmac.digest(self._key(secret_key, day), text.encode(), "sha256").hex()
        return (
            f"{_ALGORITHM} Credential={access_key}/{scope}, "
            f"SignedHeaders={signed_names}, Signature={signature}"
        )

    def _order_of(self, names: tuple[str, ...]) -> _Order:
        """How they are signed; requests that are alike have the same names."""
        known = self._orders.get(names)
        if known is None:
            signed = {lower: name for name in names if (lower := name.lower()) not in _UNSIGNED}
            order = sorted(signed.items())
            if len(self._orders) >= _KEPT_ORDERS:
                self._orders = {}
            known = self._orders[names] = (order, ";".join([lower for lower, _ in order]))
        return known

    def _key(self, secret_key: str, day: str) -> bytes:
        start = f"AWS4{secret_key}".encode()
        name = (hashlib.sha256(start).digest(), day)
        key = self._keys.get(name)
        if key is None:
            key = start
            for step in (day, self._region, self._service, "aws4_request"):
                key = hmac.digest(key, step.encode(), "sha256")
            self._keys = {name: key}  # yesterday's, and those of old credentials, are done with
        return key
