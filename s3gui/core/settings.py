"""What the user can set. One frozen dataclass: a misspelt name is a type error."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Appearance(StrEnum):
    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class OnClosing(StrEnum):
    """What closing the window does while transfers are under way."""

    ASK = "ask"
    TRAY = "tray"
    """Go on in the background, with an icon in the tray."""

    PAUSE = "pause"
    """Pause them and quit."""


MOST_AT_ONCE = 64
"""Requests of one connection. From about 32 on the interpreter is the limit, not the line."""

_PARTS_AT_ONCE = 8
_FILES_AT_ONCE = 4


@dataclass(frozen=True, slots=True)
class Settings:
    """`parts_at_once` and `files_at_once` bound the two pools.

    Left as they come, they are where it starts, and there may be more where the line takes it;
    a number that somebody chose is kept. `most_bytes_per_second`: of everything that is sent;
    0 is no limit.
    A drop of more than `files_without_review` files is shown before it starts; 0 shows all.
    `notifies`: a notification of the system when work has ended or needs somebody;
    `keeps_awake`: the computer does not fall asleep while something is sent.
    `language`: a name as `de` or `zh_CN`; None is that of the system.
    `newest_release_seen`: the highest version that the project ever told of; empty before it did.
    """

    appearance: Appearance = Appearance.SYSTEM
    parts_at_once: int = _PARTS_AT_ONCE
    files_at_once: int = _FILES_AT_ONCE
    files_without_review: int = 1_000
    last_profile_id: str = ""
    asks_for_releases: bool = False
    newest_release_seen: str = ""
    most_bytes_per_second: int = 0
    notifies: bool = True
    keeps_awake: bool = True
    on_closing: OnClosing = OnClosing.ASK
    language: str | None = None

    @property
    def adapts(self) -> bool:
        as_they_come = (_PARTS_AT_ONCE, _FILES_AT_ONCE)
        return (self.parts_at_once, self.files_at_once) == as_they_come

    @property
    def part_threads(self) -> int:
        return MOST_AT_ONCE if self.adapts else self.parts_at_once

    @property
    def file_threads(self) -> int:
        return MOST_AT_ONCE // 2 if self.adapts else self.files_at_once
