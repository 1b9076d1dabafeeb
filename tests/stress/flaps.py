"""Row N-09: a line that goes down and up again and again during one upload."""

from __future__ import annotations

import random
import time
from collections import Counter
from pathlib import Path

from s3gui.adapters.s3_bounds import Bounds
from s3gui.core.transfer import Destination, TransferState
from tests.stress.figure import Outcome
from tests.support.chaos.toxics import Bandwidth
from tests.support.upload_world import BUCKET, PART, SECONDS, UploadWorld, in_parts, upload_world

_AT_ONCE = 4
_UP_SECONDS = (0.05, 0.4)
_DOWN_SECONDS = (0.02, 0.3)
_PARTS_FOR_A_FLAP = 8
_BYTES_PER_SECOND = 2_000_000
"""So slow that the upload cannot be over before the last flap."""


def run_flaps(folder: Path, count: int, seed: int) -> Outcome:
    outcome = Outcome()
    with upload_world(folder, line_seed=seed, bounds=Bounds(silence_seconds=5.0)) as world:
        _flap(world, count, seed, outcome)
    return outcome


def _flap(world: UploadWorld, count: int, seed: int, outcome: Outcome) -> None:
    parts = max(1, count * _PARTS_FOR_A_FLAP)
    path = world.folder / "file.bin"
    chance = random.Random(seed)
    with path.open("wb") as file:
        for _ in range(parts):
            file.write(chance.randbytes(PART))
    assert world.line is not None
    slow = world.line.add(Bandwidth(bytes_per_second=_BYTES_PER_SECOND))
    with world.queue(parts_at_once=_AT_ONCE) as queue:
        queue.start()
        queue.add([path], Destination(BUCKET, ""), in_parts(), world.profile)
        # Where the answer to Create is lost, the upload has no name: that is G1's matter.
        world.server.ledger.wait_for(1, "UploadPart", timeout_seconds=SECONDS)
        flapping = world.line.flap(count, up_seconds=_UP_SECONDS, down_seconds=_DOWN_SECONDS)
        flapping.result(SECONDS + count)
        outcome.expect(not world.row().state.is_ended, f"seed {seed}: over before the last flap")
        world.line.remove(slow)
        came_back_at = time.monotonic()
        outcome.expect(queue.wait_until_idle(10 * SECONDS), f"seed {seed}: never done")
        outcome.at_most("most seconds after", round(time.monotonic() - came_back_at, 1))
    row = world.row()
    outcome.expect(row.state is TransferState.COMPLETED, f"seed {seed}: {row.state} {row.failure}")
    outcome.done += count
    sent = Counter(record.part_number for record in world.server.ledger.records("UploadPart"))
    again = sent.total() - parts
    outcome.count("parts", parts)
    outcome.count("parts sent again", again)
    outcome.count("allowed", count * _AT_ONCE)
    outcome.expect(again <= count * _AT_ONCE, f"seed {seed}: {again} parts were sent again")
    # Parts whose answers were lost were stored, and are sent again.
    world.overwritten_parts = frozenset(number for number, times in sent.items() if times > 1)
    world.check()
