"""Preferences as JSON. What this version cannot read of them is passed over, entry by entry."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from s3gui.core.acl import CannedAcl
from s3gui.core.errors import InputError
from s3gui.core.preferences import BucketOptions, Favourite, Preferences, Preset, read_ending
from s3gui.core.transfer import ConflictRule, Destination, UploadOptions

T = TypeVar("T")
_BAD = (KeyError, TypeError, ValueError, InputError)


def preferences_to_json(preferences: Preferences) -> dict[str, Any]:
    return {
        "favourites": [
            {"profile_id": each.profile_id, "destination": str(each.destination)}
            for each in preferences.favourites
        ],
        "presets": [
            {"name": each.name, "options": _options_to_json(each.options)}
            for each in preferences.presets
        ],
        "bucket_options": [
            {
                "profile_id": each.profile_id,
                "bucket": each.bucket,
                "options": _options_to_json(each.options),
            }
            for each in preferences.bucket_options
        ],
        "content_types": dict(preferences.content_types),
    }


def preferences_from_json(data: Any) -> Preferences:
    """Raises ValueError where it is no object at all."""
    if not isinstance(data, dict):
        raise ValueError("the preferences are not a JSON object")  # noqa: TRY004 - bad data
    return Preferences(
        favourites=_each(
            data.get("favourites"),
            lambda row: Favourite(_text(row["profile_id"]), Destination.parse(row["destination"])),
        ),
        presets=_each(
            data.get("presets"),
            lambda row: Preset(_text(row["name"]), _options_from_json(row["options"])),
        ),
        bucket_options=_each(
            data.get("bucket_options"),
            lambda row: BucketOptions(
                _text(row["profile_id"]), _text(row["bucket"]), _options_from_json(row["options"])
            ),
        ),
        content_types=_each(
            list((data.get("content_types") or {}).items()),
            lambda row: (read_ending(row[0]), _text(row[1])),
        ),
    )


def _each(rows: Any, read: Callable[[Any], T]) -> tuple[T, ...]:
    values = []
    for row in rows if isinstance(rows, list) else ():
        try:
            values.append(read(row))
        except _BAD:
            continue
    return tuple(values)


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise TypeError(value)
    return value


def _options_to_json(options: UploadOptions) -> dict[str, Any]:
    """Never the access: making things public is a choice of the moment."""
    usual = UploadOptions()
    return {
        name: getattr(options, name)
        for name in options.__match_args__
        if getattr(options, name) != getattr(usual, name) and name != "acl"
    }


def _options_from_json(data: Any) -> UploadOptions:
    values = {name: value for name, value in data.items() if name in UploadOptions.__match_args__}
    for name in ("metadata", "tags"):
        if name in values:
            values[name] = tuple((_text(key), str(value)) for key, value in values[name])
    if "on_conflict" in values:
        values["on_conflict"] = ConflictRule(values["on_conflict"])
    part_size = values.get("part_size")
    if part_size is not None and (not isinstance(part_size, int) or part_size <= 0):
        raise ValueError(part_size)
    values["acl"] = CannedAcl.PRIVATE
    options = UploadOptions(**values)
    options.check()
    return options
