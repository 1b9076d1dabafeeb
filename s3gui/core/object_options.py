"""What S3 takes as headers, metadata and tags of an object: checked before anything is sent.

Sources: S3 User Guide, "Working with object metadata" and "Categorizing your storage using tags".
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from s3gui.core.errors import InputError

Pairs = Iterable[tuple[str, str]]

MAX_METADATA_BYTES = 2048
MAX_TAGS = 10
_MAX_TAG_NAME = 128
_MAX_TAG_VALUE = 256
_METADATA_NAME = re.compile(r"[A-Za-z0-9!#$&'*+.^_`|~-]+")
_TAG_MARKS = frozenset("+-=._:/@")


def check_header(name: str, value: str) -> None:
    """Values travel as HTTP headers: a line break in one would start another header."""
    if not (value.isascii() and value.isprintable()):
        raise InputError(f"The value of {name} can hold printable ASCII characters only.")


def check_metadata(pairs: Pairs) -> None:
    """Raise InputError unless S3 takes these as the metadata of an object."""
    names: set[str] = set()
    size_bytes = 0
    for name, value in pairs:
        if not _METADATA_NAME.fullmatch(name):
            raise InputError(f"“{name}” cannot be a metadata name: letters, digits and - only.")
        check_header(f"metadata “{name}”", value)
        # S3 keeps metadata names in lower case: two that differ in case only are one.
        if name.lower() in names:
            raise InputError(f"The metadata name “{name}” is given twice.")
        names.add(name.lower())
        size_bytes += len(name) + len(value)
    if size_bytes > MAX_METADATA_BYTES:
        raise InputError("The metadata is longer than the 2,048 bytes that S3 allows.")


def check_tags(pairs: Pairs) -> None:
    """Raise InputError unless S3 takes these as the tags of an object."""
    tags = list(pairs)
    if len(tags) > MAX_TAGS:
        raise InputError(f"S3 allows {MAX_TAGS} tags on an object; {len(tags)} were given.")
    if len({name for name, _ in tags}) < len(tags):
        raise InputError("Each tag name can be given once only.")
    for name, value in tags:
        if not 0 < len(name) <= _MAX_TAG_NAME or len(value) > _MAX_TAG_VALUE:
            raise InputError(
                f"The tag “{name[:40]}” is too long or has no name: S3 allows "
                f"{_MAX_TAG_NAME} characters for a name and {_MAX_TAG_VALUE} for a value."
            )
        if not all(mark.isalnum() or mark in _TAG_MARKS or mark == " " for mark in name + value):
            raise InputError(
                f"The tag “{name}” can hold letters, digits, spaces and + - = . _ : / @ only."
            )
        if name.lower().startswith("aws:"):
            raise InputError("Tag names that start with “aws:” are Amazon's own.")
