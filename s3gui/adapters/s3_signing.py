"""AWS Signature Version 4 in headers, for requests whose path and query are encoded already.

Source: the S3 API reference, “Authenticating Requests: Using the Authorization Header”.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from s3gui.adapters.s3_form import Form, Gap

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


class CanonicalForm(Form):
    """What is signed of requests that are alike, to be filled with what differs.

    `fixed` are headers with their values, `varying` the names of those whose values differ and
    have no white space; all by any case. It is filled with these, and beside them with PATH, QUERY
    and PAYLOAD_HASH: path and query as they will be on the wire, the latter sorted, without its
    mark; the hash is the body's SHA-256 in hexadecimal digits, or UNSIGNED_PAYLOAD.
    """

    def __init__(self, method: str, fixed: Mapping[str, str], varying: Iterable[str]) -> None:
        texts = {name: " ".join(value.split()) for name, value in fixed.items()}
        texts |= {name: Gap(name) for name in varying}
        by_lower = {name.lower(): text for name, text in texts.items()}
        signed = sorted(each for each in by_lower.items() if each[0] not in _UNSIGNED)
        self.signed_names = ";".join([lower for lower, _ in signed])
        pieces = [f"{method}\n", Gap(PATH), "\n", Gap(QUERY), "\n"]
        for lower, text in signed:
            pieces += (f"{lower}:", text, "\n")
        super().__init__([*pieces, f"\n{self.signed_names}\n", Gap(PAYLOAD_HASH)])


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
