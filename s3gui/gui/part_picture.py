"""Which stretch of a progress bar shows what: parts, or averages where they are too many."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain

from s3gui.core.frozen import frozen
from s3gui.core.transfer import Transfer, TransferState
from s3gui.gui.live import ACKNOWLEDGED, FAILED, WAITING, LiveParts

_SMALLEST_PART = 3
"""Pixels, the gap of one pixel included: smaller parts are averaged with their neighbours."""

_STREAM_PART = 7
"""Pixels for each part of a stream, whose end nobody knows."""

_SHADES = 64
"""Of bytes on their way in an average: pixels that nobody can tell apart are one stretch."""

_ACKNOWLEDGED, _WAITING = bytes([ACKNOWLEDGED]), bytes([WAITING])


@frozen
class Stretch:
    """From `start` to `end` in pixels. Shares from 0 to 1: of acknowledged bytes, and of bytes
    that are acknowledged or on their way. An average stands for several parts.
    """

    start: float
    end: float
    acknowledged: float
    sent: float
    has_failed: bool = False
    is_average: bool = False


def picture(transfer: Transfer, live: LiveParts | None, width: int) -> Iterator[Stretch]:
    """The stretches of a bar of `width` pixels that are not just empty track."""
    if transfer.state is TransferState.COMPLETED:
        count = _count(transfer)
        return _parts(
            bytes([ACKNOWLEDGED]) * count if count * _SMALLEST_PART < width else b"\1", {}, width
        )
    if live is not None and live.states:
        if live.count is None:
            return _stream(live, width)
        return _parts(live.states, live.in_flight, width)
    return _from_the_start(transfer, width)


def _count(transfer: Transfer) -> int:
    if not transfer.size or not transfer.part_size:
        return 1
    return -(-transfer.size // transfer.part_size)


def _from_the_start(transfer: Transfer, width: int) -> Iterator[Stretch]:
    """Of a transfer that rests only the number of bytes is at hand, so they are drawn first."""
    if not transfer.size or not transfer.sent_bytes:
        return
    count = _count(transfer)
    done = min(count, round(count * transfer.sent_bytes / transfer.size))
    if done:
        yield from _parts(bytes([ACKNOWLEDGED]) * done + bytes(count - done), {}, width)


def _stream(live: LiveParts, width: int) -> Iterator[Stretch]:
    """The newest parts that there is room for, each of one width."""
    room = max(1, width // _STREAM_PART)
    first = max(0, len(live.states) - room)
    states = live.states[first:]
    in_flight = {
        number - first: progress for number, progress in live.in_flight.items() if number > first
    }
    return _parts(states, in_flight, _STREAM_PART * len(states))


def _parts(
    states: bytes | bytearray, in_flight: Mapping[int, tuple[int, int]], width: int
) -> Iterator[Stretch]:
    if width >= _SMALLEST_PART * len(states):
        return _single(states, in_flight, width)
    return _averaged(states, in_flight, width)


def _single(
    states: bytes | bytearray, in_flight: Mapping[int, tuple[int, int]], width: int
) -> Iterator[Stretch]:
    count = len(states)
    for index, state in enumerate(states):
        sent = _share(in_flight.get(index + 1))
        if state or sent:
            done = 1.0 if state == ACKNOWLEDGED else 0.0
            gap = 1 if index + 1 < count else 0
            start, end = round(width * index / count), round(width * (index + 1) / count)
            yield Stretch(start, end - gap, done, max(done, sent), state == FAILED)


def _averaged(
    states: bytes | bytearray, in_flight: Mapping[int, tuple[int, int]], width: int
) -> Iterator[Stretch]:
    """One pixel stands for several parts, and pixels that are alike are one stretch."""
    start, before = 0, _NOTHING
    for x, shares in _changes(states, in_flight, width):
        if shares != before:
            yield from _stretch(start, x, before)
            start, before = x, shares
    yield from _stretch(start, width, before)


_Shares = tuple[float, float, bool]
_NOTHING: _Shares = (0.0, 0.0, False)
_ALL: _Shares = (1.0, 1.0, False)


def _stretch(start: int, end: int, shares: _Shares) -> Iterator[Stretch]:
    if start < end and shares != _NOTHING:
        yield Stretch(start, end, *shares, is_average=True)


def _changes(
    states: bytes | bytearray, in_flight: Mapping[int, tuple[int, int]], width: int
) -> Iterator[tuple[int, _Shares]]:
    """From which pixel on it is acknowledged, sent, failed so far; some say the same again.

    Of most uploads there is a beginning that is done and a rest that was not touched: only what
    lies between is looked at, and what `bytearray` does itself makes 10,000 parts cheap.
    """
    count = len(states)
    moving = _moving(in_flight, count, width)
    all_before = (count - len(states.lstrip(_ACKNOWLEDGED))) * width // count
    nothing_from = max(all_before, -(-len(states.rstrip(_WAITING)) * width // count))
    beyond = sorted(x for x in moving if x >= nothing_from)
    yield 0, _ALL
    if all_before == nothing_from:
        yield all_before, _NOTHING
    for x in chain(range(all_before, nothing_from), beyond):
        first = x * count // width
        last = max(first + 1, (x + 1) * count // width)
        done = states.count(ACKNOWLEDGED, first, last) / (last - first)
        sent = round(moving.get(x, 0.0) / (last - first) * _SHADES) / _SHADES
        yield x, (done, min(1.0, done + sent), states.find(FAILED, first, last) >= 0)
        if x + 1 not in moving and x + 1 >= nothing_from:
            yield x + 1, _NOTHING


def _moving(
    in_flight: Mapping[int, tuple[int, int]], count: int, width: int
) -> Mapping[int, float]:
    """By the pixel: how many parts' worth of bytes are on their way."""
    moving: dict[int, float] = {}
    for number, progress in in_flight.items():
        share = _share(progress)
        for x in _pixels_of(number, count, width):
            moving[x] = moving.get(x, 0.0) + share
    return moving


def _pixels_of(number: int, count: int, width: int) -> range:
    """Those that show a part, be it with others or wider than one pixel."""
    if count >= width:
        x = (number - 1) * width // count
        return range(x, x + 1)
    return range(-(-(number - 1) * width // count), -(-number * width // count))


def _share(progress: tuple[int, int] | None) -> float:
    if progress is None:
        return 0.0
    sent, size = progress
    return sent / size if size else 1.0
