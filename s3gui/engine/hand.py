"""What one worker has in hand: small files that it goes on with in turn, step by step."""

from __future__ import annotations

from collections import deque

from s3gui.engine.steps import Pause, Steps

HANDFUL = 4
"""What one step needs of the processor's cache is gone before the next: several files that take it
in turn need a sixth less time. More than these, and those that wait for their turn push it out."""


class Hand:
    """Not thread-safe: one worker's. None of what it is given raises anything."""

    def __init__(self) -> None:
        self.alone: list[Steps[None]] = []
        """Those that are to be gone on with alone."""

        self._in_step: list[Steps[None]] = []
        self._awaiting: deque[Steps[None]] = deque()

    def go_on_with(self, steps: Steps[None]) -> None:
        """Let it take a step."""
        pause = next(steps, None)
        if pause is Pause.STEP:
            self._in_step.append(steps)
        elif pause is Pause.AWAITING:
            self._awaiting.append(steps)
        elif pause is Pause.ALONE:
            self.alone.append(steps)

    def go_on(self) -> None:
        """With all that can go on, to where each awaits an answer, is to go on alone, or ends."""
        while self._in_step:
            in_step, self._in_step = self._in_step, []
            for steps in in_step:
                self.go_on_with(steps)

    @property
    def is_empty(self) -> bool:
        return not (self._awaiting or self._in_step or self.alone)

    def takes_another(self, most: int) -> bool:
        """Whether one more is to be begun meanwhile, where `most` answers may be awaited."""
        room = min(HANDFUL, most - len(self._awaiting))
        return bool(self._awaiting) and not self.alone and len(self._in_step) < room

    def turn_to_answers(self) -> None:
        """Unless there is something else to go on with: a handful, the oldest first."""
        if not (self._in_step or self.alone):
            count = min(HANDFUL, len(self._awaiting))
            self._in_step = [self._awaiting.popleft() for _ in range(count)]

    def taken_alone(self) -> list[Steps[None]]:
        """Those that are to be gone on with alone, which leave the hand."""
        alone, self.alone = self.alone, []
        return alone

    def await_all(self) -> None:
        """To their ends, or to where they are to go on alone, and none repeats its request before.

        It would wait for ever for a place that another of this hand still holds.
        """
        self._in_step.extend(self._awaiting)
        self._awaiting.clear()
        self.go_on()
