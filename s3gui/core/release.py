"""A newer version of the program, as the project tells of it; and which of two is newer."""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum
from typing import Any

from s3gui.core.frozen import frozen

_VERSION = re.compile(r"[0-9]{1,6}(\.[0-9]{1,6}){1,3}")
_PAGE = re.compile(r"https://[!-~]+")


class Installation(StrEnum):
    """How a copy of the program came onto the computer."""

    CHECKOUT = "checkout"
    PIP = "pip"
    PIPX = "pipx"
    UV = "uv"
    DEB = "deb"
    RPM = "rpm"
    FLATPAK = "flatpak"
    APPIMAGE = "appimage"
    PORTABLE = "portable"
    WINDOWS_INSTALLER = "windows-installer"
    MACOS_APP = "macos-app"


@frozen
class Release:
    """`expires`: the day after which the word of it is too old to be believed."""

    version: str
    published: date
    expires: date
    page: str

    def is_newer_than(self, version: str) -> bool:
        return order(self.version) > order(version)


def order(version: str) -> tuple[int, ...]:
    """What versions are compared by: 1.10 comes after 1.9. Raises ValueError."""
    if not _VERSION.fullmatch(version):
        raise ValueError("not the form of a version")
    numbers = [int(number) for number in version.split(".")]
    return tuple(numbers + [0] * (4 - len(numbers)))


def release_from_json(data: Any) -> Release:
    """Raises ValueError for everything that is not exactly a release."""
    if not isinstance(data, dict) or set(data) != {"version", "published", "expires", "page"}:
        raise ValueError("not the fields of a release")
    if not all(isinstance(value, str) for value in data.values()):
        raise ValueError("a field of a release is not a text")
    order(data["version"])
    if not _PAGE.fullmatch(data["page"]):
        raise ValueError("the page of a release is not an https address")
    return Release(
        data["version"],
        date.fromisoformat(data["published"]),
        date.fromisoformat(data["expires"]),
        data["page"],
    )
