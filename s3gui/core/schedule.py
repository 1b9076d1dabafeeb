"""How fast may be sent, by the time of day."""

from __future__ import annotations

import time

from s3gui.core.frozen import frozen

MINUTES_A_DAY = 24 * 60


@frozen
class Schedule:
    """`within` holds from `begins` up to `ends`, `otherwise` in the rest of the day.

    Rates in bytes per second, None for no limit; times in minutes after midnight, as the clock on
    the wall shows them. An end before the beginning is on the next day, and the same time twice
    is the whole day.
    """

    within: int | None = None
    otherwise: int | None = None
    begins: int = 0
    ends: int = 0

    def is_within(self, minute: int) -> bool:
        length = (self.ends - self.begins) % MINUTES_A_DAY or MINUTES_A_DAY
        return (minute - self.begins) % MINUTES_A_DAY < length

    def rate_at(self, minute: int) -> int | None:
        return self.within if self.is_within(minute) else self.otherwise

    def changes_at(self, minute: int) -> int | None:
        """When the rate that holds at `minute` gives way to the other; None: never."""
        if self.within == self.otherwise or self.begins == self.ends:
            return None
        return self.ends if self.is_within(minute) else self.begins


def minute_of_day(seconds: float) -> int:
    """Of seconds since the epoch, in the time zone of this computer."""
    moment = time.localtime(seconds)
    return moment.tm_hour * 60 + moment.tm_min


def clock_time(minute: int) -> str:
    """22:05"""
    return f"{minute // 60:02}:{minute % 60:02}"
