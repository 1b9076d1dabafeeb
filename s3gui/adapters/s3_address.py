"""Where a bucket is: which host, which path, which region to sign for."""

from __future__ import annotations

import re
from functools import cached_property
from typing import Any
from urllib.parse import parse_qs, urlsplit

from s3gui.core.frozen import frozen

_DEFAULT_PORTS = {"http": 80, "https": 443}
_DIRECTORY_BUCKET = "--x-s3"
_NAME = "k"
_AMAZONS_HOST = re.compile(r"(.*\.)?(amazonaws\.com(\.cn)?|amazonaws\.[a-z]+|api\.aws)", re.DOTALL)
_PLAIN_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?")
_PLAIN_REGION = re.compile(r"(?!.*(external|fips|global))[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?")
"""Some names are no regions, but ways into them."""

_SUFFIXES = (
    (re.compile(r"(us|eu|ap|sa|ca|me|af|il|mx)-[a-z]+-[1-9]|us-gov-[a-z]+-[1-9]"), "amazonaws.com"),
    (re.compile(r"cn-[a-z]+-[1-9]"), "amazonaws.com.cn"),
)
"""Of Amazon's hosts, by region. There are partitions that nobody here can try."""

_ALIAS = "-s3alias"
"""Names of access points end so."""

_PLAIN_LABEL = re.compile(r"(?!.*--)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]")
_PLAIN_BUCKET = re.compile(r"(?!.*--)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
"""Without two hyphens in a row, by which Amazon tells buckets of other kinds."""


class _Keeping:
    """Without slots: an instance has room for what `cached_property` keeps."""


@frozen
class Address(_Keeping):
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


def amazons_address(region: str, bucket: str) -> Address | None:
    """As botocore resolves it on Amazon's own host of the region, with the bucket in its name.

    None where that takes more rules than are known here.
    """
    suffix = next(
        (its for pattern, its in _SUFFIXES if pattern.fullmatch(region)),
        None,
    )
    if suffix is None or not _PLAIN_LABEL.fullmatch(bucket) or bucket.endswith(_ALIAS):
        return None
    # The oldest region is where the host without a region leads to.
    service = "s3" if region == "us-east-1" else f"s3.{region}"
    return Address("https", f"{bucket}.{service}.{suffix}", 443, "", region)


def plain_address(endpoint_url: str, region: str, bucket: str) -> Address | None:
    """As botocore resolves it where the bucket's name goes into the path of a given endpoint.

    None where that takes more rules than are known here; Amazon's own hosts have many.
    """
    url = urlsplit(endpoint_url)
    host = url.hostname or ""
    is_plain = (
        url.scheme in _DEFAULT_PORTS
        and url.path in {"", "/"}
        and _PLAIN_HOST.fullmatch(host)
        and not _AMAZONS_HOST.fullmatch(host)
        and _PLAIN_REGION.fullmatch(region)
        and _PLAIN_BUCKET.fullmatch(bucket)
    )
    if not is_plain:
        return None
    port = url.port or _DEFAULT_PORTS[url.scheme]
    return Address(url.scheme, host, port, f"/{bucket}", region)


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
