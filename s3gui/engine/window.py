"""Hands calls to an executor a few at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from typing import TypeVar

Result = TypeVar("Result")

_LOOK_SECONDS = 0.05
"""A width that grew counts at once: the calls under way may take a minute."""


def sliding_window(
    executor: Executor,
    calls: Iterable[Callable[[], Result]],
    width: int | Callable[[], int],
) -> Iterator[Result]:
    """Run `calls`, at most `width` at a time, which may change; yields results as they come.

    `calls` is read only as far as there is room, so a stream is never buffered beyond the
    window, transfers share the pool fairly, and a stop leaves nothing queued behind. On leaving,
    for whatever reason, it waits for the calls in flight: no late part may land after an abort.
    """
    most, look_seconds = (width, _LOOK_SECONDS) if callable(width) else (lambda: width, None)
    in_flight: set[Future[Result]] = set()
    try:
        for call in calls:
            in_flight.add(executor.submit(call))
            while len(in_flight) >= most():
                done, in_flight = wait(in_flight, look_seconds, return_when=FIRST_COMPLETED)
                for future in done:
                    yield future.result()
        while in_flight:
            done, in_flight = wait(in_flight, return_when=FIRST_COMPLETED)
            for future in done:
                yield future.result()
    finally:
        for future in in_flight:
            future.cancel()
        wait(in_flight)
