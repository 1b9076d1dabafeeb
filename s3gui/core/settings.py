"""What the user can set. One frozen dataclass: a misspelt name is a type error."""

from __future__ import annotations

from enum import StrEnum

from s3gui.core.frozen import frozen, replace
from s3gui.core.schedule import Schedule


class Appearance(StrEnum):
    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"
    HIGH_CONTRAST_LIGHT = "high-contrast-light"
    HIGH_CONTRAST_DARK = "high-contrast-dark"


class OnClosing(StrEnum):
    """What closing the window does while transfers are under way."""

    ASK = "ask"
    TRAY = "tray"
    """Go on in the background, with an icon in the tray."""

    PAUSE = "pause"
    """Pause them and quit."""


MOST_AT_ONCE = 64
"""Requests of one connection. From about 32 on the interpreter is the limit, not the line."""

FIRST_PARTS_AT_ONCE = 8
FIRST_FILES_AT_ONCE = 4
"""Where nobody chose a number it starts with these, and follows the line."""

TEXT_PERCENTS = (100, 115, 125, 150)


@frozen
class Settings:
    """`parts_at_once` and `files_at_once` bound the two pools; None follows the line.

    `most_bytes_per_second`: of everything that is sent; 0 is no limit. With `limit_has_hours` it
    holds from `limit_begins` to `limit_ends`, minutes after midnight, and
    `most_bytes_per_second_otherwise` in the rest of the day.
    A drop of more than `files_without_review` files is shown before it starts; 0 shows all.
    `finished_days`: how long finished transfers stay in the table; 0 keeps them.
    `text_percent`: of the system's text size.
    `notifies`: a notification of the system when work has ended or needs somebody;
    `keeps_awake`: the computer does not fall asleep while something is sent.
    `language`: a name as `de` or `zh_CN`; None is that of the system.
    `newest_release_seen`: the highest version that the project ever told of; empty before it did.
    """

    appearance: Appearance = Appearance.SYSTEM
    parts_at_once: int | None = None
    files_at_once: int | None = None
    files_without_review: int = 1_000
    last_profile_id: str = ""
    asks_for_releases: bool = False
    newest_release_seen: str = ""
    most_bytes_per_second: int = 0
    limit_has_hours: bool = False
    limit_begins: int = 8 * 60
    limit_ends: int = 18 * 60
    most_bytes_per_second_otherwise: int = 0
    finished_days: int = 0
    starts_at_login: bool = False
    text_percent: int = 100
    notifies: bool = True
    keeps_awake: bool = True
    on_closing: OnClosing = OnClosing.ASK
    language: str | None = None

    @property
    def part_threads(self) -> int:
        return self.parts_at_once or MOST_AT_ONCE

    @property
    def file_threads(self) -> int:
        return self.files_at_once or MOST_AT_ONCE

    @property
    def schedule(self) -> Schedule:
        within = self.most_bytes_per_second or None
        if not self.limit_has_hours:
            return Schedule(within)
        otherwise = self.most_bytes_per_second_otherwise or None
        return Schedule(within, otherwise, self.limit_begins, self.limit_ends)

    def with_changes(self, before: Settings, after: Settings) -> Settings:
        """These, with what differs between the other two as it is in `after`."""
        new = {name: getattr(after, name) for name in self.__match_args__}
        return replace(
            self, **{name: value for name, value in new.items() if value != getattr(before, name)}
        )

    def limited_now(self, bytes_per_second: int, minute: int) -> Settings:
        """With this limit, 0 for none, for the hours that `minute` is in."""
        if self.schedule.is_within(minute):
            return replace(self, most_bytes_per_second=bytes_per_second)
        return replace(self, most_bytes_per_second_otherwise=bytes_per_second)
