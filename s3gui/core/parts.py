"""How an object is cut into parts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import overload

from s3gui.core.errors import InputError, TooLarge
from s3gui.core.frozen import frozen
from s3gui.core.provider import MIB, Limits

DEFAULT_PART_SIZE = 8 * MIB
_PARTS_AIMED_AT = 9_500
"""Fewer than the 10,000 that S3 allows, so that a rounded size still fits."""

_PARTS_PER_DOUBLING = 500
"""A stream's parts double in size every so many: from 5 MiB that reaches 26.9 TiB."""


@frozen
class Part:
    """`number` from 1; `offset` and `length` in bytes."""

    number: int
    offset: int
    length: int


@frozen
class PartPlan(Sequence[Part]):
    """All parts of an object: computed when asked for, so any size costs nothing.

    >>> [part.length for part in PartPlan(size=12, part_size=5)]
    [5, 5, 2]
    """

    size: int
    part_size: int

    def __len__(self) -> int:
        return max(1, -(-self.size // self.part_size))

    @overload
    def __getitem__(self, index: int) -> Part: ...
    @overload
    def __getitem__(self, index: slice) -> list[Part]: ...
    def __getitem__(self, index: int | slice) -> Part | list[Part]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        if index < 0:
            index += len(self)
        if not 0 <= index < len(self):
            raise IndexError(index)
        offset = index * self.part_size
        return Part(index + 1, offset, min(self.part_size, self.size - offset))

    def __iter__(self) -> Iterator[Part]:
        return (self[index] for index in range(len(self)))


def plan_parts(size: int, limits: Limits, part_size: int | None = None) -> PartPlan:
    """Cut `size` bytes into legal parts, of `part_size` bytes where the user chose that.

    A chosen size that would make too many parts grows until they fit. Raises TooLarge for an
    object over the service's limit and InputError for an impossible part size.
    """
    if size > limits.max_object_size:
        raise TooLarge(
            f"The file has {size:,} bytes; the service allows {limits.max_object_size:,}."
        )
    if part_size is not None:
        check_part_size(part_size, limits)
    smallest = -(-size // limits.max_parts)
    aimed = -(-size // min(_PARTS_AIMED_AT, limits.max_parts))
    chosen = part_size or max(DEFAULT_PART_SIZE, limits.min_part_size)
    if chosen * limits.max_parts < size or (part_size is None and aimed > chosen):
        chosen = max(smallest, min(-(-aimed // MIB) * MIB, limits.max_part_size))
    return PartPlan(size, chosen)


def check_part_size(part_size: int, limits: Limits) -> None:
    if not limits.min_part_size <= part_size <= limits.max_part_size:
        raise InputError(
            f"A part of {part_size:,} bytes is not allowed; this service takes parts of "
            f"{limits.min_part_size:,} to {limits.max_part_size:,} bytes."
        )


def growing_part_sizes(
    limits: Limits, first: int | None = None, expected_size: int = 0
) -> Iterator[int]:
    """Sizes in bytes for the parts of a stream whose end nobody knows, up to the last allowed.

    Starts at `first`; if None at the service's smallest, or at what a stream of `expected_size`
    bytes needs, which does not grow before that is reached. Where all parts must be equal, they
    are.
    """
    start = first or limits.min_part_size
    if first is None and expected_size:
        plan = plan_parts(min(expected_size, limits.max_object_size), limits)
        start = min(plan.part_size, limits.max_part_size)
    check_part_size(start, limits)
    steady = expected_size // start
    for index in range(limits.max_parts):
        doublings = 0 if limits.equal_parts else max(0, index - steady) // _PARTS_PER_DOUBLING
        yield min(start << doublings, limits.max_part_size)


def largest_stream(limits: Limits, first: int | None = None) -> int:
    """How many bytes a stream may have at most."""
    return min(sum(growing_part_sizes(limits, first)), limits.max_object_size)
