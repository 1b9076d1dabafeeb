"""Reads what was typed into the upload options. Each function raises InputError with a sentence.

Sources: S3 User Guide, "Working with object metadata" and "Categorizing your storage using tags".
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from s3gui.core.errors import InputError
from s3gui.core.parts import check_part_size
from s3gui.core.provider import MIB, Limits
from s3gui.gui.amounts import format_exact
from s3gui.i18n import _

Pairs = tuple[tuple[str, str], ...]

MAX_METADATA_BYTES = 2048
MAX_TAGS = 10
MAX_TAG_NAME = 128
MAX_TAG_VALUE = 256
_TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_TAG_TEXT = re.compile(r"[\w\s+=.:/@-]*")


def read_header(text: str) -> str | None:
    """A header's value; None for nothing typed."""
    text = text.strip()
    if not (text.isascii() and text.isprintable()):
        raise InputError(_("Only plain ASCII characters can be sent in a header."))
    return text or None


def read_content_type(text: str) -> str | None:
    value = read_header(text)
    if value is None:
        return None
    kind, _slash, rest = value.partition("/")
    if not (_TOKEN.fullmatch(kind) and _TOKEN.match(rest)):
        raise InputError(_("A content type looks like image/jpeg."))
    return value


def read_storage_class(text: str) -> str | None:
    """S3's name of a class, in any case; services may have classes of their own."""
    value = text.strip().upper()
    if value and not re.fullmatch(r"[A-Z0-9_-]+", value):
        raise InputError(_("A storage class is one word, such as STANDARD_IA."))
    return value or None


def read_part_size(text: str, limits: Limits) -> int | None:
    """Bytes, from a number of MiB; None for nothing typed."""
    text = text.strip()
    if not text:
        return None
    if not text.isascii() or not text.isdigit():
        raise InputError(_("Type a whole number of MiB, or nothing."))
    part_size = int(text[:12]) * MIB
    check_part_size(part_size, limits)
    return part_size


def read_metadata(pairs: Iterable[tuple[str, str]]) -> Pairs:
    """S3 keeps the names in small letters, so names that differ in case only are the same."""
    result: list[tuple[str, str]] = []
    for typed_name, typed_value in pairs:
        name = typed_name.strip().lower().removeprefix("x-amz-meta-")
        if not name:
            raise InputError(_("The value “{value}” needs a name.").format(value=typed_value[:40]))
        if not _TOKEN.fullmatch(name):
            raise InputError(
                _("“{name}” cannot be a name: use letters, digits and hyphens.").format(name=name)
            )
        result.append((name, read_header(typed_value) or ""))
    _check_unique(result)
    size = sum(len(name) + len(value) for name, value in result)
    if size > MAX_METADATA_BYTES:
        raise InputError(
            _("The metadata have {size} bytes; S3 allows {limit} in all.").format(
                size=format_exact(size), limit=format_exact(MAX_METADATA_BYTES)
            )
        )
    return tuple(result)


def read_tags(pairs: Iterable[tuple[str, str]]) -> Pairs:
    result = [(name.strip(), value.strip()) for name, value in pairs]
    if len(result) > MAX_TAGS:
        raise InputError(_("An object has {limit} tags at most.").format(limit=MAX_TAGS))
    for name, value in result:
        if not name:
            raise InputError(_("The value “{value}” needs a name.").format(value=value[:40]))
        if len(name) > MAX_TAG_NAME or len(value) > MAX_TAG_VALUE:
            raise InputError(
                _("A tag's name has {name_limit} characters at most, its value {limit}.").format(
                    name_limit=MAX_TAG_NAME, limit=MAX_TAG_VALUE
                )
            )
        if name.lower().startswith("aws:"):
            raise InputError(_("Names that begin with “aws:” are reserved."))
        if not (_TAG_TEXT.fullmatch(name) and _TAG_TEXT.fullmatch(value)):
            raise InputError(_("Tags are made of letters, digits, spaces and + - = . _ : / @"))
    _check_unique(result)
    return tuple(result)


def _check_unique(pairs: list[tuple[str, str]]) -> None:
    names = [name for name, _value in pairs]
    for name in names:
        if names.count(name) > 1:
            raise InputError(_("The name “{name}” is there twice.").format(name=name[:40]))
