"""Many rows are changed some at a time: what runs must be able to save its parts in between."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

_AT_ONCE = 10_000
"""Changed in one transaction: less than half a second."""


def slices(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (ids[start : start + _AT_ONCE] for start in range(0, len(ids), _AT_ONCE))
