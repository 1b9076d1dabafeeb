"""Where a bucket is: which host, which path, which region to sign for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import parse_qs, urlsplit

_DEFAULT_PORTS = {"http": 80, "https": 443}
_DIRECTORY_BUCKET = "--x-s3"
_NAME = "k"


@dataclass(frozen=True)
class Address:
    """`host` without brackets; `path` is what comes before the slash of the key."""

    scheme: str
    host: str
    port: int
    path: str
    region: str

    @cached_property
    def authority(self) -> str:
        """As the Host header has it: the port only where it is not the scheme's own."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    @cached_property
    def origin(self) -> str:
        return f"{self.scheme}://{self.authority}"


def address_of(client: Any, bucket: str) -> Address | None:
    """As botocore resolves it; None where the bucket needs more than the ordinary signature.

    Raises what botocore raises, for names that no bucket has.
    """
    # Access points and directory buckets are signed in ways of their own.
    if bucket.startswith("arn:") or bucket.endswith(_DIRECTORY_BUCKET):
        return None
    url = urlsplit(
        client.generate_presigned_url("put_object", Params={"Bucket": bucket, "Key": _NAME})
    )
    query = parse_qs(url.query)
    scope = query.get("X-Amz-Credential", [""])[0].split("/")
    is_ordinary = query.get("X-Amz-Algorithm") == ["AWS4-HMAC-SHA256"] and scope[3:4] == ["s3"]
    if not is_ordinary or not url.hostname or url.scheme not in _DEFAULT_PORTS:
        return None
    return Address(
        scheme=url.scheme,
        host=url.hostname,
        port=url.port or _DEFAULT_PORTS[url.scheme],
        path=url.path.removesuffix("/" + _NAME),
        region=scope[2],
    )
