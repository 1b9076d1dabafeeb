"""A request as S3 sees it: which bucket and key, which arguments."""

import re
from dataclasses import dataclass, field
from urllib.parse import quote, unquote_plus, unquote_to_bytes

from s3gui.practice.errors import S3Error
from s3gui.practice.wire import Body, Head

_VIRTUAL_HOST = re.compile(r"(?P<bucket>[a-z0-9.-]{3,63})\.localhost(:\d+)?")


@dataclass
class Request:
    """`path` is raw, as it came; bucket and key are decoded, byte for byte."""

    method: str
    path: str
    query: list[tuple[str, str]]
    headers: dict[str, str]
    body: Body
    bucket: str | None = None
    key: str | None = None
    arguments: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.arguments = dict(self.query)

    def canonical_path(self) -> str:
        return quote(unquote_to_bytes(self.path.encode("latin-1")), safe="/-._~")

    def header(self, name: str) -> str | None:
        return self.headers.get(name)

    def argument(self, name: str) -> str | None:
        return self.arguments.get(name)

    def number(self, name: str, default: int, *, highest: int = 2**31 - 1) -> int:
        """Raises S3Error InvalidArgument for anything but a whole number from 0 on."""
        value = self.arguments.get(name)
        if value is None or value == "":
            return default
        if not (value.isascii() and value.isdigit() and len(value) < 11) or int(value) > 2**31 - 1:
            raise S3Error(
                "InvalidArgument",
                f"Argument {name} must be an integer between 0 and 2147483647",
                ArgumentName=name,
                ArgumentValue=value,
            )
        return min(int(value), highest)


def parse(head: Head, body: Body) -> Request:
    """Path style, and virtual-host style for names that end in .localhost.

    Raises S3Error InvalidURI.
    """
    target = head.target
    if target.startswith(("http://", "https://")):
        target = "/" + target.split("/", 3)[3] if target.count("/") > 2 else "/"
    path, _, query_text = target.partition("?")
    if not path.startswith("/"):
        raise S3Error("InvalidURI", URI=path)
    request = Request(head.method, path, _query(query_text), head.headers, body)
    host = _VIRTUAL_HOST.fullmatch(head.headers.get("host", ""))
    if host:
        request.bucket, raw_key = host["bucket"], path[1:]
    else:
        raw_bucket, _, raw_key = path[1:].partition("/")
        request.bucket = _decoded(raw_bucket) or None
    request.key = _decoded(raw_key) or None
    if request.key is not None and request.bucket is None:
        raise S3Error("InvalidBucketName", BucketName="")
    return request


def _query(text: str) -> list[tuple[str, str]]:
    pairs = []
    for piece in text.split("&"):
        if piece:
            name, _, value = piece.partition("=")
            pairs.append((_decoded_argument(name), _decoded_argument(value)))
    return pairs


def _decoded(raw: str) -> str:
    try:
        return unquote_to_bytes(raw.encode("latin-1")).decode("utf-8")
    except UnicodeDecodeError as error:
        raise S3Error("InvalidURI", URI=raw) from error


def _decoded_argument(raw: str) -> str:
    try:
        return unquote_plus(raw, errors="strict")
    except UnicodeDecodeError as error:
        raise S3Error("InvalidURI", URI=raw) from error
