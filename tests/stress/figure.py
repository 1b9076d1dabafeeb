"""What a figure is: something done many times, with a seed, that must not fail once."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Outcome:
    """What one run found. `done` counts what was done; each failure names its seed.

    `facts` are added up over several runs; the largest is kept where the name begins with `most`.
    `not_run` says why nothing could be done here.
    """

    done: int = 0
    failures: list[str] = field(default_factory=list)
    facts: dict[str, float] = field(default_factory=dict)
    not_run: str = ""

    def count(self, fact: str, by: float = 1) -> None:
        self.facts[fact] = self.facts.get(fact, 0) + by

    def at_most(self, fact: str, value: float) -> None:
        self.facts[fact] = max(self.facts.get(fact, value), value)

    def expect(self, holds: object, failure: str) -> None:
        if not holds:
            self.failures.append(failure)


def a_seed() -> int:
    """`RELIABILITY_SEED`, to see a failure again; else another one each time."""
    return int(os.environ.get("RELIABILITY_SEED") or random.SystemRandom().randrange(2**32))


Run = Callable[[Path, int, int], Outcome]
"""Does it so many times with this seed, in an empty folder."""


@dataclass(frozen=True)
class Figure:
    """`full` and `ci` are how often; `is_whole`: it cannot be shared out to several processes."""

    id: str
    title: str
    full: int
    ci: int
    run: Run
    is_whole: bool = False


def merged(outcomes: Iterable[Outcome]) -> Outcome:
    whole = Outcome()
    for each in outcomes:
        whole.done += each.done
        whole.failures += each.failures
        whole.not_run = whole.not_run or each.not_run
        for fact, value in each.facts.items():
            if fact.startswith("most"):
                whole.at_most(fact, value)
            else:
                whole.count(fact, value)
    return whole


def shares(count: int, jobs: int) -> list[int]:
    """`count` in `jobs` nearly equal numbers, without empty ones."""
    sizes = [count // jobs + (place < count % jobs) for place in range(jobs)]
    return [size for size in sizes if size]
