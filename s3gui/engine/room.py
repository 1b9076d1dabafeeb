"""How much of large files may be under way at once where a limit on the rate is set.

All parts under way share that rate. Many of them would all be sent for minutes, none would be
acknowledged meanwhile, and a pause would lose them all.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from s3gui.engine.stop import Stop

_SECONDS = 15
"""So long the limit may need for all parts that are under way."""

_LOOK_SECONDS = 0.2
"""Then the limit is looked at again: it may have been changed."""


class Room:
    """For parts under way on one line, in bytes; one part always has room. Thread-safe.

    Whoever waits is overtaken by nobody: a large part would wait for ever behind smaller ones.
    """

    def __init__(self) -> None:
        self._taken_bytes = 0
        self._turn = threading.Lock()
        self._changed = threading.Condition()

    def take(
        self,
        size: int,
        bytes_per_second: Callable[[], int | None],
        stop: Stop,
        on_wait: Callable[[], None] = lambda: None,
    ) -> None:
        """Wait until `size` more bytes may be under way; `leave` gives them back.

        `bytes_per_second` is asked again while it waits, None is no limit; `on_wait` is called
        before each wait. Raises Stopped.
        """
        while not self._turn.acquire(timeout=_LOOK_SECONDS):
            stop.check()
        try:
            with self._changed:
                while self._taken_bytes and not self._has_room(size, bytes_per_second()):
                    stop.check()
                    on_wait()
                    self._changed.wait(_LOOK_SECONDS)
                self._taken_bytes += size
        finally:
            self._turn.release()

    def leave(self, size: int) -> None:
        with self._changed:
            self._taken_bytes -= size
            self._changed.notify_all()

    def _has_room(self, size: int, rate: int | None) -> bool:
        return rate is None or self._taken_bytes + size <= rate * _SECONDS
