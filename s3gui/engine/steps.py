"""Work that one thread does in steps, so that it can begin another while it awaits an answer."""

from __future__ import annotations

from collections.abc import Generator
from enum import Enum, auto
from typing import TypeVar

Result = TypeVar("Result")


class Pause(Enum):
    STEP = auto()
    """Others may take the step that was just taken, before any takes the next: what is done for
    several in turn is found in the processor's cache."""

    AWAITING = auto()
    """An answer is on its way: the thread may do other things first."""

    ALONE = auto()
    """What follows may take long, or wait: the thread is to finish all else first."""


Steps = Generator[Pause, None, Result]


def at_one_go(steps: Steps[Result]) -> Result:
    while True:
        try:
            next(steps)
        except StopIteration as end:
            result: Result = end.value
            return result
