"""Row U-06: many small files, one request in a hundred at fault; nothing may pile up."""

from __future__ import annotations

import gc
import random
import threading
from pathlib import Path

import psutil

from s3gui.adapters.crc64nvme import CRC64NVME
from s3gui.core.transfer import Destination, TransferState, UploadOptions
from tests.stress.faults import ANYWHERE, PART, ImpatientClock
from tests.stress.figure import Outcome
from tests.support.upload_world import BUCKET, SECONDS, UploadWorld, upload_world

_SHARE = 0.01
_ROUNDS = 6
_WARM_ROUNDS = 2
_MEBIBYTE = 1024**2
_MOST_MIB_FOR_TEN_THOUSAND = 1.0
_MOST_MIB_AT_ALL = 4.0
"""What an allocator may keep: a slope is of no meaning over a few hundred files."""


def run_soak(folder: Path, count: int, seed: int) -> Outcome:
    """In rounds; what the process holds after each is compared with what it held after the second.

    The ledger and the journal are emptied after each round: they are the tests' memory.
    """
    outcome = Outcome()
    held: list[tuple[int, int, float]] = []
    with upload_world(folder, part_bytes=PART) as world:
        world.clock = ImpatientClock(seed)
        _load_all(world)
        for number in range(_ROUNDS):
            files = count // _ROUNDS
            _run_round(world, number, files, seed, outcome)
            outcome.done += files
            gc.collect()
            process = psutil.Process()
            memory = process.memory_info().rss / _MEBIBYTE
            held.append((process.num_fds(), threading.active_count(), memory))
    outcome.done = max(outcome.done, count)
    warm, last = held[_WARM_ROUNDS - 1], held[-1]
    handles, threads, memory = (after - before for before, after in zip(warm, last, strict=True))
    files = count * (_ROUNDS - _WARM_ROUNDS) / _ROUNDS
    most = max(_MOST_MIB_AT_ALL, _MOST_MIB_FOR_TEN_THOUSAND * files / 10_000)
    outcome.at_most("most handles more", handles)
    outcome.at_most("most threads more", threads)
    outcome.at_most("most MiB more", round(memory, 2))
    # Connections of a few workers may be open or not at the moment of the look.
    outcome.expect(handles <= 16, f"seed {seed}: handles after each round: {held}")
    outcome.expect(threads <= 8, f"seed {seed}: threads after each round: {held}")
    outcome.expect(memory <= most, f"seed {seed}: {memory} MiB more: {held}")
    return outcome


def _load_all(world: UploadWorld) -> None:
    """What is loaded only where it is needed, once: botocore after a fault, a sum of many bytes."""
    world.store.list_objects(Destination(BUCKET))
    world.store.url(Destination(BUCKET, "key"))
    CRC64NVME.of([bytes(_MEBIBYTE)])


def _run_round(world: UploadWorld, number: int, files: int, seed: int, outcome: Outcome) -> None:
    chance = random.Random(f"{seed} {number}")
    place = world.folder / str(number)
    place.mkdir()
    for file in range(files):
        (place / f"{file}.bin").write_bytes(chance.randbytes(chance.randrange(3000)))
    storm = world.server.faults.add_storm(ANYWHERE, share=_SHARE, seed=chance.randrange(2**32))
    world.events.clear()
    with world.queue(files_at_once=4) as queue:
        queue.start()
        options = UploadOptions(part_size=PART)
        batch = queue.add([place], Destination(BUCKET, ""), options, world.profile)
        outcome.expect(queue.wait_until_idle(SECONDS * 10), f"seed {seed}: never done")
    world.server.faults.clear()
    outcome.count("faults", storm.hits.total())
    counts = world.journal.counts(batch.id)
    completed = counts.get(TransferState.COMPLETED)
    arrived = completed.files if completed is not None else 0
    outcome.expect(arrived == files, f"seed {seed}, round {number}: {arrived} of {files} arrived")
    world.journal.remove(world.journal.ids())
    world.events.clear()
    world.clock.pauses.clear()
    world.server.ledger.forget()
    for each in place.iterdir():
        each.unlink()
