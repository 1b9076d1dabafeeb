"""What keeps a whole connection waiting, and what fails at once."""

import dataclasses
import threading

import pytest

from s3gui.core.errors import (
    AccessDenied,
    AclRefused,
    ClockSkewed,
    CredentialsExpired,
    CredentialsMissing,
    CredentialsRefused,
    JournalDamaged,
    JournalUnwritable,
    NoSuchBucket,
    Unreachable,
)
from s3gui.core.events import ConnectionHeld, ConnectionReleased
from s3gui.core.transfer import TransferState, WaitingFor
from s3gui.engine import holding as engine_holding
from s3gui.engine.disks import Disks
from s3gui.engine.holding import Holding
from s3gui.engine.holds import hold_for
from s3gui.engine.queue import TransferQueue
from tests.engine.queue_rows import HERE, PARTS, PROFILE, SECONDS, ids_of, states
from tests.fakes.clock import FakeClock


def causes_told(events):
    """What connections were held for, in turn; None where one was released."""
    told = [event for event in events if isinstance(event, ConnectionHeld | ConnectionReleased)]
    return [getattr(event, "waiting_for", None) for event in told]


def test_missing_credentials_hold_the_connection_and_are_told_once(
    journal, pools, events, folder, store
):
    has_credentials = False

    def store_for(_):
        if not has_credentials:
            raise CredentialsMissing
        return store

    queue = TransferQueue(journal, store_for, pools, events.append, FakeClock())
    queue.start()
    batch = queue.add([folder], HERE, PARTS, PROFILE)
    assert queue.wait_until_idle(SECONDS)
    assert states(journal, batch) == {TransferState.QUEUED, TransferState.WAITING}
    (told,) = [event for event in events if isinstance(event, ConnectionHeld)]
    assert told.waiting_for is WaitingFor.CREDENTIALS
    assert told.failure.code == "credentials-missing"
    has_credentials = True
    queue.release(PROFILE.id)
    assert queue.wait_until_idle(SECONDS)
    assert states(journal, batch) == {TransferState.COMPLETED}
    assert events.count(ConnectionReleased(PROFILE.id)) == 1
    queue.close()


def test_expired_credentials_keep_the_parts_and_the_same_upload_goes_on(
    queue, journal, store, folder
):
    store.fail("upload_part", CredentialsExpired(), number=2)
    queue.start()
    batch = queue.add([folder / "0" / "00.bin"], HERE, PARTS, PROFILE)
    assert queue.wait_until_idle(SECONDS)
    (row,) = journal.transfers(ids_of(journal, batch))
    assert row.waiting_for is WaitingFor.CREDENTIALS
    assert len(store.open_uploads()) == 1
    queue.release(PROFILE.id)
    assert queue.wait_until_idle(SECONDS)
    assert states(journal, batch) == {TransferState.COMPLETED}
    assert store.count("create_multipart") == 1
    assert store.count("upload_part") <= 4


@pytest.mark.parametrize("error", [Unreachable, ClockSkewed])
def test_a_network_that_is_away_is_waited_for_and_no_transfer_fails(
    queue, journal, store, folder, events, error
):
    store.fail("upload_part", error(), times=30)
    store.fail("head", error(), times=40)
    queue.start()
    batch = queue.add([folder], HERE, PARTS, PROFILE)
    assert queue.wait_until_idle(SECONDS)
    assert states(journal, batch) == {TransferState.COMPLETED}
    assert [event for event in events if isinstance(event, ConnectionHeld)]


@pytest.mark.parametrize("error", [Unreachable, CredentialsRefused])
def test_a_service_that_never_answered_fails_at_once_for_who_typed_it(
    journal, pools, events, folder, store, error
):
    store.fail("head", error(), times=99)
    typed = dataclasses.replace(pools, waits_for_first_answer=False)
    queue = TransferQueue(journal, lambda _: store, typed, events.append, FakeClock())
    queue.start()
    batch = queue.add([folder], HERE, PARTS, PROFILE)
    assert queue.wait_until_idle(SECONDS)
    rows = journal.transfers(ids_of(journal, batch))
    assert {(row.state, row.failure.code) for row in rows} == {(TransferState.FAILED, error.code)}
    assert store.count("head") <= 9
    queue.close()


@pytest.mark.parametrize(("error", "most"), [(NoSuchBucket, 4), (AclRefused, 4), (AccessDenied, 8)])
def test_what_the_whole_batch_would_meet_is_met_once_and_not_by_every_file(
    queue, journal, store, folder, error, most
):
    store.fail("create_multipart", error("No."), times=99)
    queue.start()
    batch = queue.add([folder], HERE, PARTS, PROFILE)
    assert queue.wait_until_idle(SECONDS)
    rows = journal.transfers(ids_of(journal, batch))
    assert {each.failure.message for each in rows} == {"No."}
    assert states(journal, batch) == {TransferState.FAILED}
    assert store.count("create_multipart") <= most


def test_one_key_that_is_refused_does_not_fail_the_others(queue, journal, store, folder):
    def refuse(call):
        if call.key.endswith("/00.bin"):
            raise AccessDenied

    store.before["create_multipart"] = refuse
    queue.start()
    batch = queue.add([folder], HERE, PARTS, PROFILE)
    assert queue.wait_until_idle(SECONDS)
    assert queue.counts(batch.id)[TransferState.COMPLETED].files == 11


def test_a_full_disk_holds_everything_and_nothing_is_lost(
    queue, journal, store, folder, monkeypatch, events
):
    left = [12]

    def full(*_args):
        if left[0]:
            left[0] -= 1
            raise JournalUnwritable

    for name in ("save", "save_parts", "check_writable"):
        original = getattr(journal, name)
        monkeypatch.setattr(
            journal, name, lambda *args, original=original: full() or original(*args)
        )
    queue.start()
    batch = queue.add([folder], HERE, PARTS, PROFILE)
    assert queue.wait_until_idle(SECONDS)
    assert states(journal, batch) == {TransferState.COMPLETED}
    assert any(
        isinstance(event, ConnectionHeld) and event.waiting_for is WaitingFor.DISK
        for event in events
    )


def test_a_disk_that_fails_as_a_hold_ends_is_waited_for_and_told_once(
    queue, journal, store, folder, monkeypatch, events
):
    """It takes what the look writes, and not what follows: found by syncs that failed by turns."""
    store.fail("upload_part", Unreachable(), times=30)
    left, set_states = [2], journal.set_states

    def failing(*arguments, only):
        if left[0] and any(isinstance(event, ConnectionHeld) for event in events):
            left[0] -= 1
            raise JournalUnwritable
        return set_states(*arguments, only=only)

    monkeypatch.setattr(journal, "set_states", failing)
    queue.start()
    batch = queue.add([folder / "0" / "00.bin"], HERE, PARTS, PROFILE)
    assert queue.wait_until_idle(SECONDS)
    assert states(journal, batch) == {TransferState.COMPLETED}
    assert left == [0]
    causes = causes_told(events)
    assert causes[:3] == [WaitingFor.NETWORK, WaitingFor.DISK, None]
    assert causes.count(WaitingFor.DISK) == 1


def test_a_disk_that_does_not_give_the_next_rows_is_waited_for(
    queue, journal, folder, monkeypatch, events
):
    left, next_queued = [1], journal.next_queued

    def failing(*arguments, **named):
        if left[0]:
            left[0] -= 1
            raise JournalUnwritable
        return next_queued(*arguments, **named)

    monkeypatch.setattr(journal, "next_queued", failing)
    queue.start()
    batch = queue.add([folder], HERE, PARTS, PROFILE)
    assert queue.wait_until_idle(SECONDS)
    assert states(journal, batch) == {TransferState.COMPLETED}
    assert causes_told(events) == [WaitingFor.DISK, None]


def test_what_waits_for_its_disk_goes_on_where_the_queues_own_fails_as_that_one_answers(
    journal, store, pools, events, folder, monkeypatch
):
    disks = Disks()
    queue = TransferQueue(journal, lambda _: store, pools, events.append, FakeClock(), disks=disks)
    batch = queue.add([folder / "0" / "00.bin"], HERE, PARTS, PROFILE)
    queue.start(batch_id=0)
    for each in journal.transfers(ids_of(journal, batch)):
        waiting = {"state": TransferState.WAITING, "waiting_for": WaitingFor.SOURCE}
        journal.save(dataclasses.replace(each, **waiting))
    left, set_states = [2], journal.set_states

    def failing(*arguments, only):
        if left[0]:
            left[0] -= 1
            raise JournalUnwritable
        return set_states(*arguments, only=only)

    monkeypatch.setattr(journal, "set_states", failing)
    queue._batch_id, disks.has_ever_stalled = batch.id, True
    disks.on_answer()
    assert queue.wait_until_idle(SECONDS)
    assert states(journal, batch) == {TransferState.COMPLETED}
    assert causes_told(events) == [WaitingFor.DISK, None]
    queue.close()


def test_a_look_that_fails_by_a_fault_of_ours_is_made_again(
    queue, journal, store, folder, monkeypatch
):
    store.fail("upload_part", Unreachable(), times=30)
    look, faults = queue._holding._look, iter([ZeroDivisionError()])

    def faulty(*arguments):
        for fault in faults:
            raise fault
        look(*arguments)

    monkeypatch.setattr(queue._holding, "_look", faulty)
    queue.start()
    batch = queue.add([folder / "0" / "00.bin"], HERE, PARTS, PROFILE)
    assert queue.wait_until_idle(SECONDS)
    assert next(faults, None) is None
    assert states(journal, batch) == {TransferState.COMPLETED}


def test_a_hold_that_no_thread_could_look_after_is_looked_after_with_the_next(monkeypatch):
    def refuse(**_how):
        raise RuntimeError("can't start new thread")

    released = threading.Event()
    holding = Holding(lambda *_: None, FakeClock(), lambda *_: released.set)
    hold = hold_for(Unreachable(), HERE)
    with monkeypatch.context() as patch:
        patch.setattr(engine_holding.threading, "Thread", refuse)
        assert holding.hold(PROFILE, hold), "it is news, and told"
    assert holding.profile_ids == {PROFILE.id}
    assert not holding.hold(PROFILE, hold)
    assert released.wait(SECONDS)
    assert not holding.profile_ids
    holding.close()


def test_a_disk_that_does_not_say_where_the_next_rows_go_is_waited_for(
    journal, store, pools, events, folder, monkeypatch
):
    """Their connection is asked for on the way to a worker, where the window sets no number."""
    some = dataclasses.replace(pools, files_at_once=None)
    queue = TransferQueue(journal, lambda _: store, some, events.append, FakeClock())
    batch = queue.add([folder], HERE, PARTS, PROFILE)
    left, read = [1], journal.batch

    def failing(batch_id):
        if left[0]:
            left[0] -= 1
            raise JournalUnwritable
        return read(batch_id)

    monkeypatch.setattr(journal, "batch", failing)
    queue.start()
    assert queue.wait_until_idle(SECONDS)
    assert states(journal, batch) == {TransferState.COMPLETED}
    assert causes_told(events) == [WaitingFor.DISK, None]
    queue.close()


@pytest.mark.parametrize("failing", ["cancels", "ids", "set_states", "forget_cancel"])
def test_a_disk_that_fails_as_the_queue_starts_is_waited_for_and_nothing_runs_before(
    queue, journal, store, folder, events, monkeypatch, failing
):
    batch = queue.add([folder], HERE, PARTS, PROFILE)
    cancelled, running, *_others = ids_of(journal, batch)
    journal.set_states([running], TransferState.RUNNING, only=[TransferState.QUEUED])
    journal.save_cancel([cancelled])  # and then that process was killed
    left, original = [2], getattr(journal, failing)

    def fail(*arguments, **named):
        if left[0]:
            left[0] -= 1
            assert not store.calls
            raise JournalUnwritable
        return original(*arguments, **named)

    monkeypatch.setattr(journal, failing, fail)
    queue.start()
    assert queue.wait_until_idle(SECONDS)
    assert left == [0]
    counts = {state: count.files for state, count in queue.counts(batch.id).items()}
    assert counts == {TransferState.COMPLETED: 11, TransferState.CANCELLED: 1}
    assert journal.transfer(cancelled).state is TransferState.CANCELLED
    assert causes_told(events) == ([] if failing == "forget_cancel" else [WaitingFor.DISK, None])


def test_a_damage_met_as_the_queue_starts_is_not_waited_for(queue, journal, folder, monkeypatch):
    def damaged(**_named):
        raise JournalDamaged

    queue.add([folder], HERE, PARTS, PROFILE)
    monkeypatch.setattr(journal, "ids", damaged)
    with pytest.raises(JournalDamaged):
        queue.start()
    assert queue.wait_until_idle(SECONDS)
