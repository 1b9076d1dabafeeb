"""Row S-02: a service that slows half of all requests for so many seconds of one upload."""

from __future__ import annotations

import threading
from pathlib import Path
from unittest import mock

from s3gui.core.transfer import Destination, TransferState
from s3gui.engine.clock import SystemClock
from s3gui.engine.concurrency import Concurrency
from s3gui.practice import answer
from tests.stress.figure import Outcome
from tests.support.upload_world import BUCKET, SECONDS, UploadWorld, in_parts, upload_world

_AT_ONCE = 8
_PARTS_A_SECOND = 30
"""More than arrive in a second of which half are refused: the upload outlasts the refusals."""

_MOST_PARTS = 10_000
_MOST_REQUESTS_FOR_ONE = 2.5
_OTHER_REQUESTS = 3


def run_slow_downs(folder: Path, seconds: int, seed: int) -> Outcome:
    """With the program's own pauses: nothing is cut short."""
    outcome, limits = Outcome(), []
    slow_down = Concurrency.slow_down

    def noting(self: Concurrency, now_seconds: float) -> None:
        slow_down(self, now_seconds)
        limits.append(self.limit)

    with (
        upload_world(folder) as world,
        mock.patch.object(Concurrency, "slow_down", noting),
    ):
        world.clock = SystemClock()
        _slow(world, seconds, seed, outcome)
        needed = world.server.ledger.count("UploadPart", error_code=None) + _OTHER_REQUESTS
        asked = world.requests()
        world.check()
    outcome.count("requests", asked)
    outcome.count("needed", needed)
    outcome.at_most("most for one", round(asked / needed, 2))
    outcome.count("slowed", len(limits))
    outcome.expect(asked <= _MOST_REQUESTS_FOR_ONE * needed, f"seed {seed}: {asked} for {needed}")
    outcome.expect(limits and limits[0] == _AT_ONCE // 2, f"seed {seed}: not halved: {limits[:3]}")
    return outcome


def _slow(world: UploadWorld, seconds: int, seed: int, outcome: Outcome) -> None:
    parts = min(_MOST_PARTS, seconds * _PARTS_A_SECOND)
    with world.queue(parts_at_once=_AT_ONCE) as queue:
        queue.start()
        world.server.faults.add_storm([answer("SlowDown")], share=0.5, seed=seed)
        queue.add([world.file(parts=parts)], Destination(BUCKET, ""), in_parts(), world.profile)
        threading.Event().wait(seconds)
        during = world.requests()
        answered = world.server.ledger.count(error_code=None)
        outcome.expect(not world.row().state.is_ended, f"seed {seed}: over too soon")
        world.server.faults.clear()
        outcome.expect(queue.wait_until_idle(10 * SECONDS), f"seed {seed}: never done")
    row = world.row()
    outcome.expect(row.state is TransferState.COMPLETED, f"seed {seed}: {row.state} {row.failure}")
    outcome.count("requests while slowed", during)
    outcome.at_most("most for one while slowed", round(during / answered, 2))
    outcome.done += seconds
