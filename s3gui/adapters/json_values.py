"""Profiles and settings as JSON objects, in files that older and newer versions share.

What equals its default is left out; a field that this version does not know is passed over,
and a value that it cannot read falls back to the default.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any, TypeVar

from s3gui.core.profile import Addressing, Profile
from s3gui.core.schedule import MINUTES_A_DAY
from s3gui.core.settings import Appearance, OnClosing, Settings

Value = TypeVar("Value")

_MAX_AT_ONCE = 64


def to_json(value: Any) -> dict[str, Any]:
    """The fields of a value that differ from their defaults."""
    defaults = value.__field_defaults__
    return {
        name: _plain(getattr(value, name))
        for name in value.__match_args__
        if name not in defaults or getattr(value, name) != defaults[name]
    }


def from_json(kind: type[Value], data: Any) -> Value:
    """Raises ValueError where a field that has no default is missing or unreadable."""
    if not isinstance(data, Mapping):
        raise ValueError(f"{kind.__name__} is not a JSON object")  # noqa: TRY004 - bad data
    values: dict[str, Any] = {}
    for name, read in _READERS[kind].items():
        try:
            values[name] = read(data[name])
        except (KeyError, TypeError, ValueError):
            continue
    try:
        return kind(**values)
    except TypeError:
        raise ValueError(f"{kind.__name__} lacks a field") from None


def _plain(value: Any) -> Any:
    return value.value if isinstance(value, StrEnum) else value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _optional_text(value: Any) -> str | None:
    return None if value is None else _text(value)


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError(value)
    return value


def _at_once(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(value)
    if not 1 <= value <= _MAX_AT_ONCE:
        raise ValueError(value)
    return value


def _at_once_or_automatic(value: Any) -> int | None:
    return None if value is None else _at_once(value)


def _count(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise TypeError(value)
    return value


def _minute(value: Any) -> int:
    minute = _count(value)
    if minute >= MINUTES_A_DAY:
        raise ValueError(value)
    return minute


def _text_percent(value: Any) -> int:
    percent = _count(value)
    if not 50 <= percent <= 300:
        raise ValueError(value)
    return percent


_READERS: dict[type[Any], dict[str, Callable[[Any], Any]]] = {
    Profile: {
        "id": _text,
        "name": _text,
        "provider_id": _text,
        "endpoint_url": _optional_text,
        "region": _optional_text,
        "addressing": Addressing,
        "access_key_id": _text,
        "aws_profile": _optional_text,
        "ca_file": _optional_text,
        "allow_http": _flag,
    },
    Settings: {
        "appearance": Appearance,
        "parts_at_once": _at_once_or_automatic,
        "files_at_once": _at_once_or_automatic,
        "files_without_review": _count,
        "last_profile_id": _text,
        "most_bytes_per_second": _count,
        "limit_has_hours": _flag,
        "limit_begins": _minute,
        "limit_ends": _minute,
        "most_bytes_per_second_otherwise": _count,
        "finished_days": _count,
        "starts_at_login": _flag,
        "text_percent": _text_percent,
        "notifies": _flag,
        "keeps_awake": _flag,
        "on_closing": OnClosing,
        "language": _optional_text,
        "asks_for_releases": _flag,
        "newest_release_seen": _text,
    },
}
"""By name, so that what is written is decided here and not by whoever adds a field."""
