"""What the user can set. One frozen dataclass: a misspelt name is a type error."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Appearance(StrEnum):
    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, slots=True)
class Settings:
    """`parts_at_once` and `files_at_once` bound the two pools.

    A drop of more than `files_without_review` files is shown before it starts; 0 shows all.
    `newest_release_seen`: the highest version that the project ever told of; empty before it did.
    """

    appearance: Appearance = Appearance.SYSTEM
    parts_at_once: int = 8
    files_at_once: int = 4
    files_without_review: int = 1_000
    last_profile_id: str = ""
    asks_for_releases: bool = False
    newest_release_seen: str = ""
