"""A look at an answer's XML before anything is built of it: no document types, no bombs."""

from __future__ import annotations

import re
from contextlib import suppress
from xml.parsers import expat

from s3gui.adapters.s3_bounds import Bounds
from s3gui.core.errors import BadAnswer

_FED_BYTES = 64 * 1024
_LONGEST_TAG_BYTES = 4 * _FED_BYTES
"""What expat holds back because it is no whole token yet: a tag of 30,000 attributes, say."""


_WEB_PAGE = re.compile(rb"\s*<(!doctype\s+html|html)", re.IGNORECASE)


def is_web_page(body: bytes) -> bool:
    return _WEB_PAGE.match(body) is not None


def check_xml(
    body: bytes, bounds: Bounds, root: str | None = None, *, may_be_error: bool = True
) -> None:
    """Raises BadAnswer where it is out of bounds, or another document than `root`.

    An error takes the place of any document where it `may_be_error`. Broken XML is left to
    who parses it.

    S3's answers are flat lists without attributes to speak of, and have no document type: that
    is where entities, external ones too, would be declared.
    """
    if body.lstrip()[:1] == b"<":
        _check_elements(body, bounds, root, may_be_error=may_be_error)
    elif root is not None:
        raise _other_than(root)


def _check_elements(body: bytes, bounds: Bounds, root: str | None, *, may_be_error: bool) -> None:
    depth = elements = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth, elements
        del attributes
        if not elements and root is not None:
            plain_name = name.rpartition(":")[2]
            if not _is(root, plain_name) and not (may_be_error and plain_name == "Error"):
                raise _other_than(root)
        depth += 1
        elements += 1
        if depth > bounds.depth:
            raise BadAnswer("The answer is nested deeper than any of S3's.")
        if elements > bounds.elements:
            raise BadAnswer("The answer has more elements than any of S3's.")

    def end(name: str) -> None:
        nonlocal depth
        del name
        depth -= 1

    def refuse(*_: object) -> None:
        raise BadAnswer("The answer declares a document type, which none of S3's does.")

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.StartDoctypeDeclHandler = refuse
    with suppress(expat.ExpatError):
        _feed(parser, body)


def _is(root: str, name: str) -> bool:
    """Some services end the names otherwise than in “Result”."""
    return name.startswith(root.removesuffix("Result"))


def _feed(parser: expat.XMLParserType, body: bytes) -> None:
    for position in range(0, len(body), _FED_BYTES):
        parser.Parse(body[position : position + _FED_BYTES], False)
        if position - parser.CurrentByteIndex > _LONGEST_TAG_BYTES:
            raise BadAnswer("The answer has a longer tag than any of S3's.")
    parser.Parse(b"", True)


def _other_than(root: str) -> BadAnswer:
    return BadAnswer(f"The answer is not that of an S3 service: it is no {root}.")
