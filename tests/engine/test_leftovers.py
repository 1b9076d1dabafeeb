"""Uploads that stay open on a service: ours by name, probably ours, or of others."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from s3gui.core.errors import (
    AccessDenied,
    BadAnswer,
    InputError,
    NotSupported,
    ServiceError,
    Unreachable,
)
from s3gui.core.transfer import Destination, Transfer, TransferState, UploadOptions
from s3gui.engine.leftovers import Leftovers, Owner
from s3gui.engine.queue import Pools, TransferQueue
from s3gui.engine.source import FileSource
from s3gui.engine.stop import Stop, Stopped, StopReason
from s3gui.engine.upload import upload

HERE = Destination("bucket", "raw/file.bin")
BUCKET = Destination("bucket")


@pytest.fixture
def profile(journal):
    return journal.batch(1).profile


@pytest.fixture
def leftovers(journal, store, means):
    return Leftovers(journal, lambda _profile: store, means.clock)


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "file.bin"
    path.write_bytes(bytes(95))
    return path


def start(means, path, store=None, *, after_part=3):
    """An upload that is left off after some parts; returns its row's id."""
    row = Transfer(1, str(path), HERE, options=UploadOptions(part_size=10))
    (saved,) = means.journal.add_transfers([row])
    stop = Stop()
    if store is not None:

        def leave_off(call):
            if call.number == after_part:
                stop.request(StopReason.PAUSED)

        store.before["upload_part"] = leave_off
    with FileSource(path) as source, pytest.raises((Stopped, ServiceError, Unreachable)):
        upload(means.journal.transfer(saved), source, means, stop)
    if store is not None:
        store.before.clear()
    return saved


def put_away(journal, transfer_id, state):
    journal.set_states([transfer_id], state, only=frozenset(TransferState))


def test_a_paused_upload_is_ours_and_wanted(means, journal, store, leftovers, profile, path):
    saved = start(means, path, store)
    put_away(journal, saved, TransferState.PAUSED)
    [found] = leftovers.find(profile, BUCKET).leftovers
    assert found.owner is Owner.OURS
    assert found.is_wanted
    assert found.transfer.id == saved
    assert found.parts == len(journal.parts(saved)) >= 1
    assert found.size_bytes == 10 * found.parts
    assert leftovers.count_unwanted() == 0


def test_a_row_that_was_removed_leaves_its_upload_named(
    means, journal, store, leftovers, profile, path
):
    saved = start(means, path, store)
    journal.remove([saved])
    [found] = leftovers.find(profile, BUCKET).leftovers
    assert found.owner is Owner.OURS
    assert found.transfer is None
    assert not found.is_wanted
    assert leftovers.count_unwanted() == 1
    leftovers.abort(found)
    assert store.open_uploads() == []
    assert leftovers.known() == []


@pytest.mark.parametrize("error", [AccessDenied(), Unreachable()])
def test_a_row_that_is_removed_while_it_runs_names_its_upload_until_that_is_dropped(
    journal, store, means, pool, leftovers, profile, path, error
):
    store.fail("abort_multipart", error, times=99)
    reached, open_ = threading.Event(), threading.Event()

    def wait(_call):
        reached.set()
        assert open_.wait(20)

    store.before["upload_part"] = wait
    with ThreadPoolExecutor(2) as transfers:
        queue = TransferQueue(
            journal, lambda _: store, Pools(transfers, pool), lambda _: None, means.clock
        )
        queue.start()
        queue.add([path], BUCKET, UploadOptions(part_size=10), profile)
        assert reached.wait(20)
        queue.remove(journal.ids())
        open_.set()
        assert queue.wait_until_idle(20)
        queue.close()
    assert journal.ids() == []
    [found] = leftovers.find(profile, BUCKET).leftovers
    assert found.owner is Owner.OURS
    store.before.clear()
    store._faults.clear()
    leftovers.abort(found)
    assert (store.open_uploads(), leftovers.known()) == ([], [])


def test_a_file_that_became_small_names_the_upload_that_could_not_be_dropped(
    means, journal, store, leftovers, profile, path
):
    saved = start(means, path, store)
    put_away(journal, saved, TransferState.PAUSED)
    [open_upload] = store.open_uploads()
    path.write_bytes(b"small")
    journal.save(replace(journal.transfer(saved), identity=None))
    store.fail("abort_multipart", AccessDenied(), times=99)
    with FileSource(path) as source:
        upload(journal.transfer(saved), source, means, Stop())
    assert store.data(HERE) == b"small"
    [named] = leftovers.known()
    assert named.upload_id == open_upload.multipart.upload_id
    assert leftovers.count_unwanted() == 1


def test_an_upload_whose_answer_was_lost_is_probably_ours(
    means, journal, store, leftovers, profile, path
):
    store.fail("create_multipart", Unreachable(), times=10, reply_lost=True)
    start(means, path)
    assert len(store.open_uploads()) == 10
    assert [each.upload_id for each in leftovers.known()] == [None] * 10
    for number, each in enumerate(store.uploads.values()):
        each.started_at = datetime.fromtimestamp(means.clock.now() + number, UTC)
    found = leftovers.find(profile, BUCKET).leftovers
    assert {each.owner for each in found} == {Owner.PROBABLY_OURS}
    for each in found:
        leftovers.abort(each)
    assert store.open_uploads() == []


def test_an_upload_to_the_same_key_at_another_time_is_not_ours(
    means, journal, store, leftovers, profile, path
):
    store.fail("create_multipart", Unreachable(), times=10)
    start(means, path)
    theirs = store.create_multipart(HERE, UploadOptions())
    store.uploads[theirs.upload_id].started_at = datetime(2001, 1, 1, tzinfo=UTC)
    assert leftovers.find(profile, BUCKET).leftovers == []
    [found] = leftovers.find(profile, BUCKET, with_others=True).leftovers
    assert found.owner is Owner.OTHERS
    assert found.multipart.upload_id == theirs.upload_id


@pytest.mark.parametrize("error", [AccessDenied(), NotSupported()])
def test_a_question_that_was_refused_leaves_no_trace(means, store, leftovers, path, error):
    store.fail("create_multipart", error)
    start(means, path)
    assert leftovers.known() == []


@pytest.mark.parametrize("error", [Unreachable(), BadAnswer()])
def test_a_question_without_an_answer_is_kept_until_the_service_lists_nothing_of_it(
    means, store, leftovers, profile, path, error
):
    store.fail("create_multipart", error, times=99)
    start(means, path)
    assert leftovers.known()
    leftovers.find(profile, BUCKET)
    assert leftovers.known(), "the list of a service may be late"
    means.clock.pause(7200, Stop())
    leftovers.find(profile, BUCKET)
    assert leftovers.known() == []


def test_a_question_that_was_answered_is_named_by_its_transfer_alone(means, store, leftovers, path):
    saved = start(means, path, store)
    [known] = leftovers.known()
    assert known.transfer.id == saved
    assert known.id == 0


@pytest.mark.row("S-13")
@pytest.mark.parametrize("error", [AccessDenied("No."), NotSupported("No.")])
def test_where_uploads_may_not_be_listed_the_named_ones_are_looked_at(
    means, journal, store, leftovers, profile, path, error
):
    saved = start(means, path, store)
    put_away(journal, saved, TransferState.CANCELLED)
    theirs = store.create_multipart(Destination("bucket", "theirs"), UploadOptions())
    store.fail("list_multipart_uploads", error, times=99)
    answer = leftovers.find(profile, BUCKET, with_others=True)
    [found] = answer.leftovers
    assert found.transfer.id == saved
    assert "cannot be seen" in answer.note
    leftovers.abort(found)
    assert [each.multipart for each in store.open_uploads()] == [theirs]


@pytest.mark.row("S-13")
def test_where_parts_may_not_be_listed_their_number_is_not_known(
    means, journal, store, leftovers, profile, path
):
    start(means, path, store)
    store.fail("list_parts", AccessDenied(), times=99)
    [found] = leftovers.find(profile, BUCKET).leftovers
    assert found.parts is None
    assert found.size_bytes is None


def test_an_upload_that_is_gone_is_not_listed_and_its_record_goes(
    means, journal, store, leftovers, profile, path
):
    saved = start(means, path, store)
    journal.remove([saved])
    store.uploads.clear()
    assert leftovers.find(profile, BUCKET).leftovers == []
    assert leftovers.known() == []


def test_an_upload_that_a_transfer_still_sends_is_not_dropped(
    means, journal, store, leftovers, profile, path
):
    saved = start(means, path, store)
    [found] = leftovers.find(profile, BUCKET).leftovers
    put_away(journal, saved, TransferState.RUNNING)
    with pytest.raises(InputError, match="is being sent"):
        leftovers.abort(found)
    assert len(store.open_uploads()) == 1


def test_dropping_a_failed_transfers_upload_lets_a_retry_begin_anew(
    means, journal, store, leftovers, profile, path
):
    saved = start(means, path, store)
    put_away(journal, saved, TransferState.FAILED)
    [found] = leftovers.find(profile, BUCKET).leftovers
    leftovers.abort(found)
    row = journal.transfer(saved)
    assert (row.multipart, row.sent_bytes, journal.parts(saved)) == (None, 0, [])
    with FileSource(path) as source:
        upload(row, source, means, Stop())
    assert store.data(HERE) == path.read_bytes()
    assert store.open_uploads() == []


def test_only_what_lies_below_the_prefix_is_found(means, store, leftovers, profile, path):
    start(means, path, store)
    assert leftovers.find(profile, Destination("bucket", "other/")).leftovers == []
    assert len(leftovers.find(profile, Destination("bucket", "raw/")).leftovers) == 1


def test_places_are_the_buckets_that_the_journal_names(means, store, leftovers, profile, path):
    start(means, path, store)
    assert leftovers.places() == [(profile, BUCKET)]
