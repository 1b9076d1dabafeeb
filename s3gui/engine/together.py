"""What several threads write at the same time, written at once: a disk takes its time."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

Item = TypeVar("Item")


class _Entry(Generic[Item]):
    """`is_over`: it was written, or not, for the reason of `error`."""

    __slots__ = ("error", "is_over", "item")

    def __init__(self, item: Item) -> None:
        self.item = item
        self.is_over = False
        self.error: Exception | None = None


class Together(Generic[Item]):
    """Who comes while others write waits, and is then written with all who wait. Thread-safe."""

    def __init__(self) -> None:
        self._waiting = deque[_Entry[Item]]()
        self._lock = threading.Lock()

    def add(self, item: Item, write: Callable[[Sequence[Item]], None]) -> None:
        """Returns when `item` was written.

        `write`, the same from all, gets them in the order in which they came, and is never called
        twice at a time. What it raises is raised by each whose item it was.
        """
        entry = _Entry(item)
        self._waiting.append(entry)
        with self._lock:
            if not entry.is_over:
                self._write_waiting(write)
        if entry.error is not None:
            raise entry.error

    def _write_waiting(self, write: Callable[[Sequence[Item]], None]) -> None:
        entries: list[_Entry[Item]] = []
        while self._waiting:
            entries.append(self._waiting.popleft())
        error: Exception | None = None
        try:
            write([entry.item for entry in entries])
        except Exception as reason:  # noqa: BLE001 - raised by each whose item it was
            error = reason
        except BaseException:  # of this thread alone: who waits writes them all
            self._waiting.extendleft(reversed(entries))
            raise
        for entry in entries:
            entry.error, entry.is_over = error, True
