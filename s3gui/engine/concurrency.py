"""How many requests may be on their way at once: fewer when the service asks for it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from s3gui.engine.stop import Stop

_LOOK_SECONDS = 0.2
_SUCCESSES_FOR_ONE_MORE = 8
_DEAF_SECONDS = 1.0
"""Answers to requests that were under way together count as one request to slow down."""


class Concurrency:
    """A limit that halves when the service is overwhelmed and regrows one by one.

    `most` is where it starts and what it never exceeds. Thread-safe.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._limit = most
        self._under_way = 0
        self._successes = 0
        self._halved_at = float("-inf")
        self._changed = threading.Condition()

    @property
    def limit(self) -> int:
        return self._limit

    def resize(self, most: int) -> None:
        with self._changed:
            self._limit = most if self._limit == self._most else min(self._limit, most)
            self._most = most
            self._changed.notify_all()

    @contextmanager
    def one(self, stop: Stop) -> Iterator[None]:
        """Wait for a place and hold it. Raises Stopped."""
        with self._changed:
            while self._under_way >= self._limit:
                stop.check()
                self._changed.wait(_LOOK_SECONDS)
            self._under_way += 1
        try:
            yield
        finally:
            with self._changed:
                self._under_way -= 1
                self._changed.notify()

    def succeeded(self) -> None:
        with self._changed:
            self._successes += 1
            if self._successes >= _SUCCESSES_FOR_ONE_MORE and self._limit < self._most:
                self._successes = 0
                self._limit += 1
                self._changed.notify()

    def slow_down(self, now_seconds: float) -> None:
        """`now_seconds` of a steady clock."""
        with self._changed:
            self._successes = 0
            if now_seconds - self._halved_at >= _DEAF_SECONDS:
                self._halved_at = now_seconds
                self._limit = max(1, self._limit // 2)
