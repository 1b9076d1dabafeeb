"""S3's XML: documents written by hand, and read with a parser that is offered no tricks."""

import re
from collections.abc import Mapping
from xml.etree import ElementTree as ET

from s3gui.practice.errors import S3Error

NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/"
_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SPECIAL = re.compile('[&<>"\x00-\x08\x0b-\x1f\x7f]')
_NAMED = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}


class Markup(str):
    """Text that is XML already."""

    __slots__ = ()


def escape(text: str) -> str:
    # S3 writes control characters as references although XML 1.0 forbids them: that is why
    # clients ask for encoding-type=url.
    return _SPECIAL.sub(lambda found: _NAMED.get(found[0]) or f"&#x{ord(found[0]):x};", text)


def element(name: str, content: object) -> str:
    """One element; a mapping gives children, a list repeats the element, None leaves it out."""
    if content is None:
        return ""
    if isinstance(content, list):
        return "".join(element(name, item) for item in content)
    return f"<{name}>{_inside(content)}</{name}>"


def _inside(content: object) -> str:
    if isinstance(content, Mapping):
        return "".join(element(name, value) for name, value in content.items())
    if isinstance(content, Markup):
        return content
    if isinstance(content, bool):
        return "true" if content else "false"
    return escape(str(content))


def document(name: str, content: object, *, namespace: str | None = NAMESPACE) -> bytes:
    attribute = f' xmlns="{namespace}"' if namespace else ""
    return f"{_DECLARATION}<{name}{attribute}>{_inside(content)}</{name}>".encode()


def error_document(error: S3Error, *, resource: str, request_id: str, host_id: str) -> bytes:
    content: dict[str, object] = {"Code": error.code, "Message": error.message}
    content.update(error.details)
    content.update({"Resource": resource, "RequestId": request_id, "HostId": host_id})
    return document("Error", content, namespace=None)


class Node:
    """An element of a request's document, with namespaces stripped from the names."""

    def __init__(self, source: ET.Element) -> None:
        self._source = source

    @property
    def name(self) -> str:
        return _local(self._source.tag)

    @property
    def text(self) -> str:
        return self._source.text or ""

    def all(self, name: str) -> list["Node"]:
        return [Node(child) for child in self._source if _local(child.tag) == name]

    def get(self, name: str) -> str | None:
        found = self.all(name)
        return found[0].text.strip() if found else None

    def require(self, name: str) -> str:
        """The text as it is: keys may begin and end in blanks."""
        found = self.all(name)
        if not found:
            raise S3Error("MalformedXML")
        return found[0].text


def parse(body: bytes, root: str) -> Node:
    """The root element.

    Raises S3Error MalformedXML for anything else, and for any DOCTYPE: no entity is ever read.
    Nor is UTF-16, in which one could hide.
    """
    if b"\0" in body or b"<!" in body.replace(b"<![CDATA[", b"").replace(b"<!--", b""):
        raise S3Error("MalformedXML")
    try:
        node = Node(ET.fromstring(body))  # noqa: S314 - declarations are refused above
    except (ET.ParseError, ValueError, LookupError) as error:
        raise S3Error("MalformedXML") from error
    if node.name != root:
        raise S3Error("MalformedXML")
    return node


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]
