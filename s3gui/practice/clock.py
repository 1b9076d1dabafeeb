"""The server's own clock: tests move it without touching the machine's."""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime

SECOND_FORMAT = "%Y%m%dT%H%M%SZ"
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Clock:
    """Seconds since the epoch, as far from the machine's own time as `move` has pushed it."""

    def __init__(self, source: Callable[[], float] = time.time) -> None:
        self._source = source
        self._offset_seconds = 0.0
        self._lock = threading.Lock()

    def now(self) -> float:
        return self._source() + self._offset_seconds

    def move(self, seconds: float) -> None:
        """Forwards, or backwards when negative."""
        with self._lock:
            self._offset_seconds += seconds


def http_date(moment: float) -> str:
    """As RFC 9110 wants it, whatever the locale says about the names of days."""
    time_of = datetime.fromtimestamp(moment, UTC)
    day, month = _DAYS[time_of.weekday()], _MONTHS[time_of.month - 1]
    return f"{day}, {time_of.day:02d} {month} {time_of:%Y %H:%M:%S} GMT"


def iso_date(moment: float) -> str:
    """As S3's XML has it: milliseconds, which S3 always gives as .000Z for objects."""
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
