from __future__ import annotations

import pytest

from s3gui.bootstrap import memory_journal
from s3gui.core.events import PartProgress, PartsConfirmed
from s3gui.core.transfer import TransferState
from s3gui.gui.bridge import EngineSignals
from s3gui.gui.event_feed import Changes, EventFeed
from s3gui.gui.live import LiveTransfers
from tests.gui.queue_rows import QueueRows


@pytest.fixture
def live():
    return LiveTransfers(lambda: 0.0)


@pytest.fixture
def signals(qapp):
    return EngineSignals()


@pytest.fixture
def feed(signals, live):
    return EventFeed(signals, live)


@pytest.fixture
def rows(signals):
    journal = memory_journal()
    yield QueueRows(journal, signals.publish)
    journal.close()


@pytest.fixture
def flushes(feed):
    flushes: list[Changes] = []
    feed.flushed.connect(flushes.append)
    return flushes


def test_a_flood_of_reports_is_a_few_flushes(feed, signals, rows, flushes, qtbot):
    transfer_id = rows.add(1)[0]
    rows.change(transfer_id, TransferState.RUNNING)
    signals.publish(PartsConfirmed(transfer_id, 1, frozenset()))
    for sent in range(5_000):
        signals.publish(PartProgress(transfer_id, 1, sent, 5_000))
    qtbot.waitUntil(lambda: bool(flushes) and transfer_id in flushes[-1].progressed)
    assert len(flushes) < 20


def test_only_the_newest_state_of_a_row_is_handed_on(feed, rows, flushes, qtbot):
    transfer_id = rows.add(1)[0]
    for state in (TransferState.PREPARING, TransferState.RUNNING, TransferState.FINISHING):
        rows.change(transfer_id, state)
    qtbot.waitUntil(lambda: bool(flushes))
    assert [each.changed[transfer_id].state for each in flushes] == [TransferState.FINISHING]


def test_a_row_that_was_removed_is_not_handed_on_as_changed(feed, rows, flushes, qtbot):
    transfer_id = rows.add(1)[0]
    rows.change(transfer_id, TransferState.COMPLETED)
    rows.remove([transfer_id])
    qtbot.waitUntil(lambda: bool(flushes))
    assert flushes[0].changed == {}
    assert flushes[0].removed == {transfer_id}


def test_a_row_told_whole_after_it_was_stale_is_stale_no_more(feed, rows, flushes, qtbot):
    first, second = rows.add(2)
    rows.change_many([first, second], TransferState.QUEUED)
    rows.change(first, TransferState.PREPARING)
    qtbot.waitUntil(lambda: bool(flushes))
    assert (flushes[0].stale, set(flushes[0].changed)) == ({second}, {first})


def test_a_stalled_transfer_is_measured_though_nothing_is_heard_of_it(
    feed, live, rows, flushes, qtbot
):
    transfer_id = rows.add(1)[0]
    rows.change(transfer_id, TransferState.RUNNING)
    qtbot.waitUntil(lambda: any(each.progressed for each in flushes))
    assert transfer_id in {each for changes in flushes for each in changes.progressed}


def test_changes_that_follow_each_other_merge_as_if_they_came_at_once(feed, live, rows, qtbot):
    once, first, second = Changes(), Changes(), Changes()
    first.stale, first.removed = {1, 2}, {3}
    transfer = rows.journal.transfer(rows.add(1)[0])
    second.changed = {1: transfer}
    once.merge(first)
    once.merge(second)
    assert (once.stale, set(once.changed), once.removed) == ({2}, {1}, {3})
    third = Changes(stale={1})
    once.merge(third)
    assert (once.stale, once.changed) == ({1, 2}, {})
