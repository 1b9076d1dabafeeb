"""Naming many rows: by a range where they follow each other, as a drop's do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

_IDS_AT_ONCE = 900
"""Fewer than the variables that any SQLite allows in one statement."""


def conditions(ids: Sequence[int]) -> Iterator[tuple[str, Sequence[int]]]:
    """SQL about `id` with its values; together they name all of `ids`, and nothing else."""
    if ids and _follow_each_other(ids):
        yield "id BETWEEN ? AND ?", (ids[0], ids[-1])
        return
    for start in range(0, len(ids), _IDS_AT_ONCE):
        some = ids[start : start + _IDS_AT_ONCE]
        yield f"id IN ({', '.join('?' * len(some))})", some


def ranges(ids: Sequence[int]) -> Iterator[tuple[int, int]]:
    """The first and the last of those that follow each other, in ascending order.

    >>> list(ranges([3, 1, 2, 7]))
    [(1, 3), (7, 7)]
    """
    first = last = 0
    for each in sorted(ids):
        if each > last + 1 or not last:
            if last:
                yield first, last
            first = each
        last = each
    if last:
        yield first, last


def _follow_each_other(ids: Sequence[int]) -> bool:
    first, last = ids[0], ids[-1]
    return last - first + 1 == len(ids) and all(
        each == first + place for place, each in enumerate(ids)
    )
