"""The documents of multipart uploads: what is asked, and a plain answer. Flat, and in XML.

Source: the S3 API reference, CreateMultipartUpload and CompleteMultipartUpload.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from xml.parsers import expat

_NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/"
_CHECKSUMS = tuple(f"Checksum{each}" for each in ("CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"))
_ANSWERS = {
    "CompleteMultipartUpload": (
        "CompleteMultipartUploadResult",
        ("ETag", "ChecksumType", *_CHECKSUMS),
    ),
    "CreateMultipartUpload": ("InitiateMultipartUploadResult", ("UploadId",)),
}
"""The root of each, and what is read of it: the first is never missing."""

ANSWERED = frozenset(_ANSWERS)
"""The operations whose answers are documents."""


class _Unexpected(Exception):
    """Another document than the one that is understood here."""


def completion(parts: Iterable[Mapping[str, Any]]) -> bytes:
    """The body of CompleteMultipartUpload; parts by botocore's names."""
    rows = "".join(
        [
            "".join(["<Part>", *(_element(name, its) for name, its in part.items()), "</Part>"])
            for part in parts
        ]
    )
    root = "CompleteMultipartUpload"
    return f'<{root} xmlns="{_NAMESPACE}">{rows}</{root}>'.encode()


def fields(operation: str, body: bytes) -> dict[str, str] | None:
    """What a plain answer says, by botocore's names; None where it is anything else."""
    root, names = _ANSWERS[operation]
    try:
        found = _flat(body, root)
    except (_Unexpected, expat.ExpatError, LookupError, ValueError):  # the latter: encodings
        return None
    if not found.get(names[0]):
        return None
    return {name: found[name] for name in names if name in found}


def _element(name: str, value: object) -> str:
    text = str(value).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f"<{name}>{text}</{name}>"


def _flat(body: bytes, root: str) -> dict[str, str]:
    """The texts of the root's elements. Raises _Unexpected and ExpatError."""
    found: dict[str, str] = {}
    path: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        del attributes
        path.append(name.rpartition(":")[2])
        is_expected = path[0] == root and len(path) <= 2 and path[-1] not in found
        if not is_expected:
            raise _Unexpected
        if len(path) == 2:
            found[path[1]] = ""

    def end(name: str) -> None:
        del name
        path.pop()

    def text(data: str) -> None:
        if len(path) == 2:
            found[path[1]] += data
        elif not data.isspace():
            raise _Unexpected

    def refuse(*_: object) -> None:
        raise _Unexpected

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = refuse
    parser.Parse(body, True)
    return found
