"""AWS Signature Version 4 in headers, for requests whose path and query are encoded already.

Source: the S3 API reference, “Authenticating Requests: Using the Authorization Header”.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hashlib import _Hash

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


_Keyed = tuple["_Hash", "_Hash"]
PATH, QUERY, PAYLOAD_HASH = ":path", ":query", ":payload"
"""Beside the names of headers, which hold no colon."""


def escaped(text: str) -> str:
    """As it stands in a text that is filled by the operator %."""
    return text.replace("%", "%%")


class CanonicalForm:
    """What is signed of requests that are alike, to be filled with what differs.

    `fixed` are headers with their values, `varying` the names of those whose values differ and
    have no white space; all by any case.
    """

    def __init__(self, method: str, fixed: Mapping[str, str], varying: Iterable[str]) -> None:
        texts = {name: escaped(" ".join(value.split())) for name, value in fixed.items()}
        texts |= {name: f"%({name})s" for name in varying}
        by_lower = {name.lower(): text for name, text in texts.items()}
        signed = sorted(each for each in by_lower.items() if each[0] not in _UNSIGNED)
        self.signed_names = ";".join([lower for lower, _ in signed])
        lines = "".join([f"{escaped(lower)}:{text}\n" for lower, text in signed])
        self._text = (
            f"{method}\n%({PATH})s\n%({QUERY})s\n{lines}\n"
            f"{escaped(self.signed_names)}\n%({PAYLOAD_HASH})s"
        )

    def filled(self, values: Mapping[str, Any]) -> str:
        """`values` of the headers, and beside them of PATH, QUERY and PAYLOAD_HASH.

        Path and query as they will be on the wire, the latter sorted, without its mark; the hash
        is the body's SHA-256 in hexadecimal digits, or UNSIGNED_PAYLOAD.
        """
        return self._text % values


class Signer:
    """Signs for one region. Thread-safe. Keeps the key of the day, never the secret's text."""

    def __init__(self, region: str, service: str = "s3") -> None:
        self._region = region
        self._service = service
        self._keys: dict[tuple[int, str], _Keyed] = {}

    def authorization(
        self,
        canonical: str,
        signed_names: str,
        *,
        access_key: str,
        secret_key: str,
        timestamp: str,
    ) -> str:
        """The Authorization header of what a CanonicalForm gave.

        `timestamp` as in X-Amz-Date (`20260131T235959Z`).
        """
        day = timestamp[:8]
        scope = f"{day}/{self._region}/{self._service}/aws4_request"
        digest = hashlib.sha256(canonical.encode()).hexdigest()
        text = f"{_ALGORITHM}\n{timestamp}\n{scope}\n{digest}"
        inner, outer = self._key(secret_key, day)
        inner, outer = inner.copy(), outer.copy()
        inner.update(text.encode())
        outer.update(inner.digest())
        signature = outer.hexdigest()
        return (
            f"{_ALGORITHM} Credential={access_key}/{scope}, "
            f"SignedHeaders={signed_names}, Signature={signature}"
        )

    def _key(self, secret_key: str, day: str) -> _Keyed:
        # Python's own hash, which each text keeps: two that have the same do not meet in one day.
        name = (hash(secret_key), day)
        keyed = self._keys.get(name)
        if keyed is None:
            key = f"AWS4{secret_key}".encode()
            for step in (day, self._region, self._service, "aws4_request"):
                key = hmac.digest(key, step.encode(), "sha256")
            keyed = _keyed(key)
            self._keys = {name: keyed}  # yesterday's, and those of old credentials, are done with
        return keyed


def _keyed(key: bytes) -> _Keyed:
    """The two halves of HMAC-SHA256 (RFC 2104), begun with a key of 32 bytes.

    `hmac.digest` gives the interpreter's lock away, and may have to wait until it has it again.
    """
    block = key.ljust(hashlib.sha256().block_size, b"\0")
    inner, outer = (bytes([byte ^ pad for byte in block]) for pad in (0x36, 0x5C))
    return hashlib.sha256(inner), hashlib.sha256(outer)
