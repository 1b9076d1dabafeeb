"""An HTTP request's head, taken apart no further than the sink needs."""

from __future__ import annotations

from urllib.parse import unquote

_CHECKSUMS = ("crc64nvme", "crc32", "crc32c", "sha1", "sha256")


class Request:
    """`path` is unquoted, `query` is not."""

    __slots__ = ("_head", "_lower", "body", "length", "method", "path", "query")

    def __init__(self, head: bytes) -> None:
        self._head = head
        self._lower = head.lower()
        line = head[: head.index(b"\r\n")].decode("latin-1")
        self.method, target, _ = line.split(" ", 2)
        path, _, self.query = target.partition("?")
        self.path = unquote(path) if "%" in path else path
        self.length = int(self.field(b"content-length") or 0)
        self.body = bytearray()

    @property
    def has_key(self) -> bool:
        return bool(self.path.strip("/").partition("/")[2])

    @property
    def decoded_length(self) -> int:
        """The object's bytes, where the body wraps them in chunks."""
        return int(self.field(b"x-amz-decoded-content-length") or self.length)

    @property
    def expects_continue(self) -> bool:
        return self.field(b"expect").lower() == "100-continue"

    @property
    def closes(self) -> bool:
        return self.field(b"connection").lower() == "close"

    def field(self, name: bytes) -> str:
        """The header's value; `name` in lower case. Empty where it is missing."""
        start = self._lower.find(b"\r\n" + name + b":")
        if start < 0:
            return ""
        start += len(name) + 3
        return self._head[start : self._head.index(b"\r\n", start)].decode("latin-1").strip()

    def parameter(self, name: str) -> str | None:
        """The query's parameter, unquoted; None where it is missing."""
        for pair in self.query.split("&"):
            key, _, value = pair.partition("=")
            if key == name:
                return unquote(value)
        return None

    @property
    def checksum(self) -> str:
        """The checksum's header as it came, `x-amz-checksum-NAME: VALUE`; empty without one."""
        if b"x-amz-checksum-" in self._lower:
            for name in _CHECKSUMS:
                value = self.field(f"x-amz-checksum-{name}".encode())
                if value:
                    return f"x-amz-checksum-{name}: {value}"
        return ""
