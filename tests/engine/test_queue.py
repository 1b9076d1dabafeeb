import dataclasses
import os
import threading
import time

import pytest

from s3gui.core.errors import AccessDenied, InputError, JournalUnwritable
from s3gui.core.events import BatchAdded, TransferChanged, TransfersAdded, TransfersRemoved
from s3gui.core.provider import MIB
from s3gui.core.transfer import (
    ConflictRule,
    Destination,
    Transfer,
    TransferState,
    UploadOptions,
)
from s3gui.engine.ahead import Next
from s3gui.engine.places import Workers
from s3gui.engine.queue import TransferQueue
from s3gui.engine.stop import Stop, Stopped, StopReason
from tests.engine.queue_rows import HERE, PARTS, PROFILE, SECONDS, Gate, ids_of, states
from tests.fakes.clock import FakeClock


def test_a_folder_goes_up_with_its_tree(queue, journal, store, folder):
    queue.start()
    batch = queue.add([folder], HERE, PARTS, PROFILE)
    assert queue.wait_until_idle(SECONDS)
    assert states(journal, batch) == {TransferState.COMPLETED}
    stored = {key: each.data for key, each in store.buckets["bucket"].objects.items()}
    expected = {
        f"raw/run/{path.relative_to(folder).as_posix()}": path.read_bytes()
        for path in folder.rglob("*.bin")
    }
    assert stored == expected
    assert queue.counts()[TransferState.COMPLETED].files == 12


def test_the_batch_and_its_rows_are_told_and_the_last_one_is_marked(queue, folder, events):
    batch = queue.add([folder], HERE, PARTS, PROFILE)
    told = [event for event in events if isinstance(event, BatchAdded | TransfersAdded)]
    assert told[0] == BatchAdded(batch)
    assert [event.is_last for event in told[1:]] == [False, True]
    assert len(told[1].ids) == 12
    assert batch.name == "run"


def test_nothing_runs_before_the_start(queue, journal, folder, store):
    batch = queue.add([folder], HERE, PARTS, PROFILE)
    assert states(journal, batch) == {TransferState.QUEUED}
    assert store.calls == []


def test_no_more_files_run_at_once_than_allowed(queue, journal, store, folder):
    gate = Gate(store)
    queue.start()
    batch = queue.add([folder], HERE, PARTS, PROFILE)
    assert gate.reached.wait(SECONDS)
    counts = queue.counts(batch.id)
    active = sum(count.files for state, count in counts.items() if state.is_active)
    assert active <= 3
    gate.open.set()
    assert queue.wait_until_idle(SECONDS)


def test_bad_sources_are_failed_rows_and_the_others_go_on(queue, journal, folder):
    queue.start()
    batch = queue.add([folder, folder / "missing"], HERE, PARTS, PROFILE)
    assert queue.wait_until_idle(SECONDS)
    rows = journal.transfers(ids_of(journal, batch))
    failed = [each for each in rows if each.state is TransferState.FAILED]
    assert [each.failure.code for each in failed] == ["source-missing"]
    assert len(rows) == 13


def test_several_files_for_one_key_are_refused_before_anything_is_queued(queue, journal, folder):
    with pytest.raises(InputError, match="ends in a slash"):
        queue.add([folder], Destination("bucket", "exact"), PARTS, PROFILE)
    assert journal.ids() == []
    assert [batch.name for batch in journal.batches(9)] == ["test"]


def test_a_scan_can_be_stopped_and_keeps_what_it_found(queue, journal, folder):
    stop = Stop()
    stop.request(StopReason.CANCELLED)
    with pytest.raises(Stopped):
        queue.add([folder], HERE, PARTS, PROFILE, stop=stop)
    assert len(journal.ids()) == 12


def test_a_refused_file_fails_with_its_reason_and_a_retry_goes_on(queue, journal, store, folder):
    store.fail("upload_part", AccessDenied("No."), times=1)
    queue.start()
    batch = queue.add([folder], HERE, PARTS, PROFILE)
    assert queue.wait_until_idle(SECONDS)
    (failed,) = journal.ids(states={TransferState.FAILED})
    assert journal.transfer(failed).failure.message == "No."
    queue.retry_failed()
    assert queue.wait_until_idle(SECONDS)
    assert states(journal, batch) == {TransferState.COMPLETED}
    assert journal.transfer(failed).failure is None


def test_a_fault_of_our_own_fails_one_transfer_and_not_the_pool(
    queue, journal, store, folder, caplog
):
    store.fail("upload_part", ZeroDivisionError("oops"), times=1)
    queue.start()
    batch = queue.add([folder], HERE, PARTS, PROFILE)
    assert queue.wait_until_idle(SECONDS)
    (failed,) = journal.ids(states={TransferState.FAILED})
    failure = journal.transfer(failed).failure
    assert failure.code == "unexpected"
    assert "oops" in failure.detail
    assert queue.counts(batch.id)[TransferState.COMPLETED].files == 11
    assert "failed unexpectedly" in caplog.text


def test_skip_skips_and_fail_fails_what_exists(queue, journal, store, folder):
    store.put_foreign(Destination("bucket", "raw/run/0/00.bin"), b"theirs")
    queue.start()
    skip = UploadOptions(part_size=10, on_conflict=ConflictRule.SKIP)
    batch = queue.add([folder], HERE, skip, PROFILE)
    assert queue.wait_until_idle(SECONDS)
    (skipped,) = journal.ids(states={TransferState.SKIPPED}, batch_id=batch.id)
    assert journal.transfer(skipped).failure.code == "already-exists"
    again = queue.add([folder], HERE, PARTS, PROFILE)
    assert queue.wait_until_idle(SECONDS)
    assert states(journal, again) == {TransferState.FAILED}
    assert store.data(Destination("bucket", "raw/run/0/00.bin")) == b"theirs"


def test_pause_and_resume_one_and_all(queue, journal, store, folder):
    gate = Gate(store)
    queue.start()
    batch = queue.add([folder], HERE, PARTS, PROFILE)
    assert gate.reached.wait(SECONDS)
    queue.pause_all()
    gate.open.set()
    assert queue.wait_until_idle(SECONDS)
    assert states(journal, batch) == {TransferState.PAUSED}
    store.before.clear()
    first, *_ = ids_of(journal, batch)
    queue.resume([first])
    assert queue.wait_until_idle(SECONDS)
    assert journal.transfer(first).state is TransferState.COMPLETED
    queue.resume_all()
    assert queue.wait_until_idle(SECONDS)
    assert states(journal, batch) == {TransferState.COMPLETED}


@pytest.mark.parametrize(
    ("asks", "left"),
    [
        (TransferQueue.pause_all, TransferState.PAUSED),
        (TransferQueue.cancel_all, TransferState.CANCELLED),
    ],
)
def test_nothing_begins_between_what_runs_and_what_waits(
    queue, journal, store, folder, monkeypatch, asks, left
):
    gate = Gate(store)
    queue.start()
    batch = queue.add([folder], HERE, PARTS, PROFILE)
    assert gate.reached.wait(SECONDS)
    request = Stop.request

    def and_make_room(stop, reason):
        request(stop, reason)
        queue.resize(files_at_once=12, parts_at_once=2)  # as a worker does that ends just now

    monkeypatch.setattr(Stop, "request", and_make_room)
    asks(queue)
    gate.open.set()
    assert queue.wait_until_idle(SECONDS)
    assert states(journal, batch) == {left}


def test_cancel_ends_what_runs_and_what_waits_and_leaves_nothing_there(
    queue, journal, store, folder
):
    gate = Gate(store)
    queue.start()
    batch = queue.add([folder], HERE, PARTS, PROFILE)
    assert gate.reached.wait(SECONDS)
    queue.cancel_all()
    gate.open.set()
    assert queue.wait_until_idle(SECONDS)
    assert states(journal, batch) == {TransferState.CANCELLED}
    assert store.open_uploads() == []


def test_cancelling_a_paused_transfer_drops_its_parts_there(queue, journal, store, folder):
    gate = Gate(store)
    queue.start()
    queue.add([folder], HERE, PARTS, PROFILE)
    assert gate.reached.wait(SECONDS)
    queue.pause_all()
    gate.open.set()
    assert queue.wait_until_idle(SECONDS)
    assert store.open_uploads()
    queue.cancel_all()
    assert queue.wait_until_idle(SECONDS)
    assert store.open_uploads() == []


def test_removed_rows_are_gone_also_while_they_run(queue, journal, store, folder, events):
    gate = Gate(store)
    queue.start()
    batch = queue.add([folder], HERE, PARTS, PROFILE)
    ids = ids_of(journal, batch)
    assert gate.reached.wait(SECONDS)
    queue.remove(ids)
    gate.open.set()
    assert queue.wait_until_idle(SECONDS)
    assert journal.ids() == []
    removed = [
        each for event in events if isinstance(event, TransfersRemoved) for each in event.ids
    ]
    assert sorted(removed) == ids
    assert store.open_uploads() == []


def test_a_worker_outlives_a_row_that_cannot_be_removed(queue, journal, store, folder, monkeypatch):
    gate = Gate(store)
    queue.start()
    batch = queue.add([folder], HERE, PARTS, PROFILE)
    assert gate.reached.wait(SECONDS)

    def refuse(ids, **_only):
        raise JournalUnwritable

    monkeypatch.setattr(journal, "remove", refuse)
    with pytest.raises(JournalUnwritable):
        queue.remove(ids_of(journal, batch))
    gate.open.set()
    assert queue.wait_until_idle(SECONDS)
    again = queue.add([folder], HERE, PARTS, PROFILE)
    assert queue.wait_until_idle(SECONDS)
    assert states(journal, batch) == {TransferState.CANCELLED}
    assert states(journal, again) == {TransferState.COMPLETED}


def test_closing_keeps_everything_for_the_next_start(queue, journal, store, folder, pools):
    gate = Gate(store)
    queue.start()
    batch = queue.add([folder], HERE, PARTS, PROFILE)
    assert gate.reached.wait(SECONDS)
    threading.Timer(0.05, gate.open.set).start()
    began = time.monotonic()
    assert queue.close(SECONDS)
    assert time.monotonic() - began < SECONDS / 2
    assert states(journal, batch) <= {TransferState.QUEUED, TransferState.COMPLETED}
    store.before.clear()
    again = TransferQueue(journal, lambda _: store, pools, [].append, FakeClock())
    again.start()
    assert again.wait_until_idle(SECONDS)
    assert states(journal, batch) == {TransferState.COMPLETED}
    again.close()


def test_what_a_killed_process_left_in_the_middle_goes_on(queue, journal, store, folder):
    batch = queue.add([folder], HERE, PARTS, PROFILE)
    ids = ids_of(journal, batch)
    for each, state in zip(ids, ["running", "preparing", "finishing", "verifying"], strict=False):
        journal.set_states([each], TransferState(state), only={TransferState.QUEUED})
    queue.start()
    assert queue.wait_until_idle(SECONDS)
    assert states(journal, batch) == {TransferState.COMPLETED}


def test_one_batch_can_be_run_alone(queue, journal, folder):
    other = queue.add([folder], Destination("bucket", "other/"), PARTS, PROFILE)
    mine = queue.add([folder], HERE, PARTS, PROFILE)
    queue.start(mine.id)
    assert queue.wait_until_idle(SECONDS)
    assert states(journal, mine) == {TransferState.COMPLETED}
    assert states(journal, other) == {TransferState.QUEUED}


def test_a_changed_file_fails_and_a_retry_starts_it_anew(queue, journal, store, folder):
    path = folder / "0" / "00.bin"
    store.before["upload_part"] = lambda call: call.number == 2 and os.utime(path, (1, 1))
    queue.start()
    batch = queue.add([path], HERE, PARTS, PROFILE)
    assert queue.wait_until_idle(SECONDS)
    (row,) = journal.transfers(ids_of(journal, batch))
    assert row.failure.code == "source-changed"
    store.before.clear()
    queue.retry([row.id])
    assert queue.wait_until_idle(SECONDS)
    assert states(journal, batch) == {TransferState.COMPLETED}
    assert store.data(row.destination) == path.read_bytes()


def test_a_file_that_changed_after_its_transfer_was_cancelled_is_sent_by_one_retry(
    queue, journal, store, folder
):
    path = folder / "0" / "00.bin"
    gate = Gate(store)
    queue.start()
    batch = queue.add([path], HERE, PARTS, PROFILE)
    assert gate.reached.wait(SECONDS)
    ids = ids_of(journal, batch)
    queue.cancel(ids)
    gate.open.set()
    assert queue.wait_until_idle(SECONDS)
    path.write_bytes(b"as it is now")
    queue.retry(ids)
    assert queue.wait_until_idle(SECONDS)
    (row,) = journal.transfers(ids)
    assert row.state is TransferState.COMPLETED
    assert store.data(row.destination) == b"as it is now"


def test_more_files_at_once_may_be_allowed_while_it_runs(queue, journal, store, folder):
    gate = Gate(store)
    queue.resize(files_at_once=1, parts_at_once=1)
    queue.start()
    batch = queue.add([folder], HERE, PARTS, PROFILE)
    assert gate.reached.wait(SECONDS)
    assert len(queue._running) == 1
    queue.resize(files_at_once=3, parts_at_once=2)
    assert len(queue._running) == 3
    gate.open.set()
    assert queue.wait_until_idle(SECONDS)
    assert states(journal, batch) == {TransferState.COMPLETED}


@pytest.mark.parametrize(
    ("size", "at_once"), [(8 * MIB, 8), (8 * MIB + 1, 4), (80 * MIB, 4), (2 * MIB, 8), (None, 4)]
)
def test_there_are_as_many_files_at_once_as_it_takes_for_all_the_requests(
    queue, journal, pools, tmp_path, size, at_once
):
    (tmp_path / "a.bin").write_bytes(b"a")
    batch = queue.add([tmp_path / "a.bin"], HERE, UploadOptions(), PROFILE)
    runner = queue._runner
    runner.resize(dataclasses.replace(pools, files_at_once=None, parts_at_once=None))
    large = Next(Transfer(batch.id, "a", HERE, size=size), settles_later=False)
    workers = Workers()
    while runner.has_room(large, workers):
        workers.count(large, 1)
    assert workers.all == at_once


def test_a_small_file_whose_end_cannot_be_saved_has_failed_and_the_others_go_on(
    queue, journal, folder, events, monkeypatch
):
    save_ends = journal.save_ends

    def faulty(transfers):
        if any(each.name == "00.bin" for each in transfers):
            raise ZeroDivisionError
        save_ends(transfers)

    monkeypatch.setattr(journal, "save_ends", faulty)
    queue.start()
    batch = queue.add([folder], HERE, UploadOptions(), PROFILE)
    assert queue.wait_until_idle(SECONDS)
    assert queue.counts(batch.id)[TransferState.COMPLETED].files == 11
    (failed,) = journal.transfers(journal.ids(states={TransferState.FAILED}))
    assert failed.name == "00.bin"
    assert failed.failure.detail.startswith("ZeroDivisionError")
    told = [each.transfer.state for each in events if is_about(each, failed.id)]
    assert TransferState.COMPLETED not in told
    monkeypatch.undo()
    queue.retry([failed.id])
    assert queue.wait_until_idle(SECONDS)
    assert states(journal, batch) == {TransferState.COMPLETED}


def test_a_row_that_takes_no_end_at_all_is_told_as_failed_and_not_sent_for_ever(
    queue, journal, store, folder, events, monkeypatch
):
    save = journal.save

    def faulty(transfer):
        if transfer.name == "00.bin":
            raise ZeroDivisionError
        save(transfer)

    monkeypatch.setattr(journal, "save", faulty)
    queue.start()
    batch = queue.add([folder], HERE, PARTS, PROFILE)
    assert queue.wait_until_idle(SECONDS)
    assert queue.counts(batch.id)[TransferState.COMPLETED].files == 11
    (left,) = journal.transfers(journal.ids(states={TransferState.QUEUED}))
    told = [each.transfer.state for each in events if is_about(each, left.id)]
    assert told == [TransferState.FAILED]


def is_about(event, transfer_id):
    return isinstance(event, TransferChanged) and event.transfer.id == transfer_id
