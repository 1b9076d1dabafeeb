"""Seeded faults: a share of the requests is hit, and the same seed hits the same ones again."""

import random
import threading
from collections import Counter
from collections.abc import Sequence
from typing import Generic, TypeVar

Kind = TypeVar("Kind")


class Storm(Generic[Kind]):
    """Hits `share` of the requests (0 to 1), each with one of `kinds`.

    Whether a request is hit, and by what, depends on the seed and on which call it is of its
    operation, key and part; not on the order in which threads come along. `hits` counts them by
    kind. Thread-safe.
    """

    def __init__(
        self, kinds: Sequence[Kind], *, share: float, seed: int, operation: str | None = None
    ) -> None:
        if not kinds or not 0 <= share <= 1:
            raise ValueError("a storm needs a kind of fault, and a share between 0 and 1")
        self.seed = seed
        self.share = share
        self.hits: Counter[str] = Counter()
        self._kinds = tuple(kinds)
        self._operation = operation
        self._calls: Counter[tuple[str, str | None, str | None, int | None]] = Counter()
        self._lock = threading.Lock()

    def take(
        self, operation: str, bucket: str | None, key: str | None, part: int | None
    ) -> Kind | None:
        """What hits this request, None where it is spared."""
        if self._operation not in {None, operation}:
            return None
        call = (operation, bucket, key, part)
        with self._lock:
            self._calls[call] += 1
            draw = random.Random(f"{self.seed} {call} {self._calls[call]}")  # noqa: S311 - a fault
            if draw.random() >= self.share:
                return None
            kind = draw.choice(self._kinds)
            self.hits[str(kind)] += 1
        return kind
