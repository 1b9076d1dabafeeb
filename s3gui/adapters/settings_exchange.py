"""Connections as a file to be handed on: never with a secret, and read as anybody's text."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from uuid import uuid4

from s3gui.adapters.json_values import from_json, to_json
from s3gui.core.errors import InputError
from s3gui.core.frozen import replace
from s3gui.core.profile import Profile

_NAME = "s3gui-connections"
_LARGEST_BYTES = 1_000_000


def export_profiles(path: Path, profiles: list[Profile]) -> None:
    """Raises InputError."""
    document = {_NAME: 1, "connections": [to_json(each) for each in profiles]}
    text = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(f"“{path.name}” cannot be written: {error.strerror}.") from error


def import_profiles(path: Path) -> list[Profile]:
    """All or none of them, each with an id of its own, so that none takes another's secret.

    Consent is nobody else's to give: plain http and a further certificate file have to be allowed
    anew, by editing the connection. Raises InputError.
    """
    try:
        with path.open("rb") as file:
            text = file.read(_LARGEST_BYTES + 1)
    except OSError as error:
        raise InputError(f"“{path.name}” cannot be read: {error.strerror}.") from error
    try:
        rows = _rows(text)
        profiles = [
            replace(from_json(Profile, row), id=uuid4().hex, allow_http=False, ca_file=None)
            for row in rows
        ]
    except (ValueError, RecursionError, TypeError, KeyError) as error:
        raise InputError(f"“{path.name}” holds no connections of s3gui.") from error
    for profile in profiles:
        replace(profile, allow_http=True).check()
        if profile.aws_profile is not None and profile.endpoint_url is not None:
            raise InputError(
                f"“{profile.name}” would send the credentials of an AWS profile to {profile.host}."
            )
    return profiles


def _rows(text: bytes) -> list[Any]:
    document = json.loads(text)
    if len(text) > _LARGEST_BYTES or document[_NAME] != 1:
        raise ValueError("not ours")
    rows = document["connections"]
    if not isinstance(rows, list) or not rows:
        raise ValueError("no connections")
    return rows
