"""The places for transfers that run at once, and who takes the next one."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Executor
from typing import Protocol

from s3gui.engine.ahead import Ahead, Next
from s3gui.engine.hand import Hand
from s3gui.engine.steps import Steps, at_one_go
from s3gui.engine.stop import Stop


class Workers:
    """How many there are, and how many of them are at small transfers."""

    __slots__ = ("all", "of_small")

    def __init__(self) -> None:
        self.all = 0
        self.of_small = 0

    def count(self, following: Next, by: int) -> None:
        self.all += by
        if following.is_tiny:
            self.of_small += by


class Room(Protocol):
    def has_room(self, following: Next, workers: Workers) -> bool:
        """Whether there is work for one more worker."""
        ...

    def awaited(self, following: Next) -> int:
        """How many answers of small ones one worker may await at the same time."""
        ...


class Places:
    """`run` takes one transfer to its end; `room` tells how many may be in hand.

    `on_rest` is called when the last worker has nothing more to take.

    `changed`, which can be taken twice, guards everything here.

    `running` holds what was taken and did not leave yet; whoever is told that it ended lets it
    leave. A worker that is done takes the next transfer itself, without the way through the pool.
    """

    def __init__(
        self,
        pool: Executor,
        changed: threading.Condition,
        ahead: Ahead,
        run: Callable[[Next], Steps[None]],
        room: Room,
        *,
        on_rest: Callable[[], None],
    ) -> None:
        self.running: dict[int, Stop] = {}
        self.is_open = False
        self.changes_under_way = 0
        """While there are any, nobody takes what is about to be changed."""
        self._pool = pool
        self._changed = changed
        self._ahead = ahead
        self._run = run
        self._room = room
        self._on_rest = on_rest
        self._workers = Workers()

    def fill(self) -> None:
        """Let workers begin while there is room and something to do."""
        with self._changed:
            self._ahead.look_again()
            self._fill()
            self._changed.notify_all()

    def _fill(self) -> None:
        while (following := self._take()) is not None:
            self._pool.submit(self._work, following)

    def _take(self) -> Next | None:
        """The next transfer, where there is room for one more."""
        if not self.is_open or self.changes_under_way:
            return None
        following = self._ahead.peek(self.running)
        if following is None or not self._room.has_room(following, self._workers):
            return None
        self._workers.count(following, 1)
        return self._took(following)

    def _took(self, following: Next) -> Next:
        self._ahead.take(following)
        self.running[following.transfer.id] = Stop()
        return following

    def _work(self, first: Next) -> None:
        following: Next | None = first
        while following is not None:
            self._run_with_others(following)
            following = self._after(following)

    def _run_with_others(self, first: Next) -> None:
        """It, and small ones while answers are awaited: a worker that sleeps is slow to wake."""
        hand, latest = Hand(), first
        hand.go_on_with(self._run(first))
        while not hand.is_empty:
            hand.go_on()
            if hand.alone:
                hand.await_all()
                self._alone(first, hand.taken_alone())
            most = self._room.awaited(latest)  # each answer tells more of the line
            while hand.takes_another(most) and (following := self._also(first)) is not None:
                latest = following
                hand.go_on_with(self._run(following))
            hand.turn_to_answers()

    def _alone(self, first: Next, alone: list[Steps[None]]) -> None:
        """Each by a worker of its own: a request may be repeated for minutes.

        Meanwhile another takes the small ones.
        """
        with self._changed:
            self._workers.of_small -= first.is_tiny
            self._fill()
        here = [alone[0], *(each for each in alone[1:] if not self._hand_over(each))]
        for steps in here:
            at_one_go(steps)
        with self._changed:
            self._workers.of_small += first.is_tiny

    def _hand_over(self, steps: Steps[None]) -> bool:
        """To a worker that does nothing else; False where there is none to be had."""
        with self._changed:
            self._workers.all += 1
        try:
            self._pool.submit(self._work_alone, steps)
        except RuntimeError:  # the pool is shut down, or the system gives no more threads
            with self._changed:
                self._workers.all -= 1
            return False
        return True

    def _work_alone(self, steps: Steps[None]) -> None:
        at_one_go(steps)
        with self._changed:
            self._workers.all -= 1
            self._fill()
            if not self._workers.all:
                self._on_rest()

    def _also(self, first: Next) -> Next | None:
        """One more for a worker that awaits answers."""
        with self._changed:
            if not self.is_open or self.changes_under_way:
                return None
            following = self._ahead.peek(self.running)
            if following is None or not following.is_tiny:
                return None
            if not self._is_needed(first, following):
                return None
            self._took(following)
            if self._room.has_room(following, self._workers):
                self._fill()
            return following

    def _is_needed(self, worker: Next, following: Next) -> bool:
        """Whether there would be room for the worker of `worker` if it were not there."""
        workers = self._workers
        if workers.all == 1:
            return True
        workers.count(worker, -1)
        is_needed = self._room.has_room(following, workers)
        workers.count(worker, 1)
        return is_needed

    def _after(self, done: Next) -> Next | None:
        """The next for this worker's place; None where the place is given back."""
        with self._changed:
            self._workers.count(done, -1)
            following = self._take()
            if following is not None and self._room.has_room(following, self._workers):
                self._fill()  # there is room for more by now
            if not self._workers.all:
                self._on_rest()
            return following
