"""The places for transfers that run at once, and who takes the next one."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass

from s3gui.engine.ahead import Ahead, Next
from s3gui.engine.stop import Stop


@dataclass(slots=True)
class InHand:
    """How many transfers workers have in hand, and how many of them are small."""

    all: int = 0
    small: int = 0

    def count(self, following: Next, by: int) -> None:
        self.all += by
        if following.settles_later:
            self.small += by


class Places:
    """`run` takes one transfer to its end; `has_room` tells whether one more may be in hand.

    `changed`, which can be taken twice, guards everything here.

    `running` holds what was taken and did not leave yet; whoever is told that it ended lets it
    leave. A worker that is done takes the next transfer itself, without the way through the pool.
    """

    def __init__(
        self,
        pool: Executor,
        changed: threading.Condition,
        ahead: Ahead,
        run: Callable[[Next], None],
        has_room: Callable[[Next, InHand], bool],
    ) -> None:
        self.running: dict[int, Stop] = {}
        self.is_open = False
        self.changes_under_way = 0
        """While there are any, nobody takes what is about to be changed."""
        self._pool = pool
        self._changed = changed
        self._ahead = ahead
        self._run = run
        self._has_room = has_room
        self._in_hand = InHand()

    def fill(self) -> None:
        """Let workers begin while there is room and something to do."""
        with self._changed:
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
        if following is None or not self._has_room(following, self._in_hand):
            return None
        self._ahead.take(self.running)
        self._in_hand.count(following, 1)
        self.running[following.transfer.id] = Stop()
        return following

    def _work(self, first: Next) -> None:
        following: Next | None = first
        while following is not None:
            self._run(following)
            following = self._after(following)

    def _after(self, done: Next) -> Next | None:
        """The next for this worker's place; None where the place is given back."""
        with self._changed:
            self._in_hand.count(done, -1)
            following = self._take()
            if following is not None and self._has_room(following, self._in_hand):
                self._fill()  # there is room for more by now
            return following
