from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from s3gui.adapters.transfer_db import TransferDb
from s3gui.core.events import TransfersRemoved
from s3gui.core.profile import Profile
from s3gui.core.transfer import Batch, Destination, MultipartUpload, Transfer, TransferState
from s3gui.engine.forgetting import FINISHED, forget_finished
from s3gui.engine.queue import Pools, TransferQueue
from tests.fakes.clock import FakeClock

DAY = 86_400
NOW = 400 * DAY
HERE = Destination("bucket", "raw/")


class World:
    def __init__(self, journal: TransferDb, pool: ThreadPoolExecutor) -> None:
        self.journal = journal
        self.events: list[object] = []
        pools = Pools(pool, pool, files_at_once=1, parts_at_once=1)
        self.queue = TransferQueue(
            journal, lambda _profile: None, pools, self.events.append, FakeClock()
        )
        self.batch = journal.add_batch(Batch("b", HERE, Profile("p", "P")))

    def add(self, state: TransferState, *, days_ago: float | None) -> int:
        transfer = Transfer(self.batch.id, f"{state.value}-{days_ago}", HERE)
        (transfer_id,) = self.journal.add_transfers([transfer])
        ended_at = None if days_ago is None else NOW - days_ago * DAY
        started_at = None if ended_at is None else ended_at - 60
        saved = replace(
            transfer, id=transfer_id, state=state, started_at=started_at, ended_at=ended_at
        )
        self.journal.save(saved)
        return transfer_id

    def forget(self, days: int) -> None:
        forget_finished(self.queue, self.journal, days, NOW)


@pytest.fixture
def world():
    journal = TransferDb(":memory:")
    with ThreadPoolExecutor(1) as pool:
        world = World(journal, pool)
        yield world
        world.queue.close()
    journal.close()


def test_only_what_finished_long_enough_ago_leaves_the_table(world):
    old = [world.add(state, days_ago=31) for state in FINISHED]
    new = [world.add(state, days_ago=29) for state in FINISHED]
    world.forget(30)
    assert world.journal.ids() == sorted(new)
    removed = [event for event in world.events if isinstance(event, TransfersRemoved)]
    assert removed == [TransfersRemoved(tuple(sorted(old)))]


def test_what_is_unfinished_or_failed_stays_however_old_it_is(world):
    kept = [world.add(state, days_ago=399) for state in TransferState if state not in FINISHED]
    world.forget(1)
    assert world.journal.ids() == kept


def test_without_a_number_of_days_everything_stays(world):
    kept = [world.add(state, days_ago=399) for state in FINISHED]
    world.forget(0)
    assert world.journal.ids() == kept


def test_what_is_retried_at_that_moment_is_not_taken_away(world):
    retried = world.add(TransferState.CANCELLED, days_ago=31)
    gone = world.add(TransferState.CANCELLED, days_ago=31)
    ask = world.journal.ids

    def ids(**what):
        found = ask(**what)
        world.journal.ids = ask
        world.queue.retry([retried])
        return found

    world.journal.ids = ids
    world.forget(30)
    assert world.journal.transfer(gone) is None
    assert world.journal.transfer(retried).state is TransferState.QUEUED


def test_what_was_cancelled_in_the_queue_counts_from_then(world):
    queued = world.add(TransferState.QUEUED, days_ago=None)
    world.queue.cancel([queued])
    assert world.journal.transfer(queued).ended_at is not None
    world.queue.retry([queued])
    assert world.journal.transfer(queued).ended_at is None


def test_an_upload_that_is_left_open_is_remembered(world):
    transfer_id = world.add(TransferState.CANCELLED, days_ago=31)
    transfer = world.journal.transfer(transfer_id)
    upload = MultipartUpload(HERE.bucket, HERE.key, "upload-1")
    world.journal.save(replace(transfer, multipart=upload, part_size=5))
    world.forget(30)
    assert world.journal.ids() == []
    assert [asked.upload_id for asked in world.journal.asked_uploads()] == ["upload-1"]
