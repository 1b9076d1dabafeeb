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


@dataclass(frozen=True, slots=True)
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

    def authorization(
        self, request: Unsigned, *, access_key: str, secret_key: str, timestamp: str
    ) -> str:
        """The Authorization header; `timestamp` as in X-Amz-Date (`20260131T235959Z`)."""
        day = timestamp[:8]
        scope = f"{day}/{self._region}/{self._service}/aws4_request"
        headers = {
            lower: " ".join(value.split())
            for name, value in request.headers.items()
            if (lower := name.lower()) not in _UNSIGNED
        }
        names = sorted(headers)
        signed_names = ";".join(names)
        lines = "".join([f"{name}:{headers[name]}\n" for name in names])
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
