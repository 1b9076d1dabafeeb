import dataclasses
import os

import pytest

from s3gui.core.acl import CannedAcl
from s3gui.core.errors import (
    AccessDenied,
    AlreadyExists,
    BadAnswer,
    BadDigest,
    KeyTooLong,
    NoSuchUpload,
    ServiceUnavailable,
    SourceChanged,
    TooLarge,
    Unreachable,
)
from s3gui.core.events import (
    PartCompleted,
    PartFailed,
    PartProgress,
    PartsConfirmed,
)
from s3gui.core.transfer import ConflictRule, Destination, TransferState, UploadOptions
from tests.engine.sender import HERE, PARTS


def states(events):
    seen = []
    for event in events:
        state = getattr(getattr(event, "transfer", None), "state", None)
        if state is not None and (not seen or seen[-1] is not state):
            seen.append(state)
    return seen


def test_a_large_file_goes_up_in_parts_and_is_verified(sender, store, data, events):
    done = sender.send()
    assert store.data(HERE) == data
    assert done.state is TransferState.COMPLETED
    assert sender.saved == done
    assert done.stored.checksum == store.checksums.of([data])
    assert done.sent_bytes == done.size == 95
    assert store.count("upload_part") == 10
    assert store.open_uploads() == []
    assert sender.means.journal.parts(done.id) == []
    assert states(events) == [
        TransferState.PREPARING,
        TransferState.RUNNING,
        TransferState.FINISHING,
        TransferState.VERIFYING,
        TransferState.COMPLETED,
    ]


def test_a_small_file_goes_up_in_one_request(sender, store, data, events):
    done = sender.send(UploadOptions())
    assert store.data(HERE) == data
    assert [call.operation for call in store.calls] == ["put_object"]
    assert done.stored.size == 95
    assert PartsConfirmed(done.id, 1, frozenset()) in events
    assert PartCompleted(done.id, 1, 95) in events


def test_an_empty_file_makes_an_empty_object(sender, store):
    sender.path.write_bytes(b"")
    sender.send()
    assert store.data(HERE) == b""


def test_each_part_tells_how_far_it_is_and_that_it_is_done(sender, events):
    done = sender.send()
    assert PartsConfirmed(done.id, 10, frozenset()) in events
    completed = [event for event in events if isinstance(event, PartCompleted)]
    assert sorted(event.number for event in completed) == list(range(1, 11))
    assert sum(event.size for event in completed) == 95
    assert PartProgress(done.id, 10, 5, 5) in events


def test_the_upload_id_is_saved_before_the_first_part_and_each_part_before_complete(sender, store):
    seen = []
    store.before["upload_part"] = lambda _: seen.append(sender.saved.multipart)
    store.before["complete_multipart"] = lambda _: seen.append(
        (sender.saved.state, len(sender.means.journal.parts(sender.transfer.id)))
    )
    sender.send()
    assert None not in seen
    assert seen[-1] == (TransferState.FINISHING, 10)


def test_the_content_type_is_guessed_unless_it_is_given(sender, store):
    page = Destination("bucket", "site/index.html")
    sender.send(UploadOptions(), page)
    assert store.object(page).options.content_type == "text/html"
    sender.transfer = None
    sender.send(UploadOptions(content_type="text/plain", on_conflict=ConflictRule.REPLACE), page)
    assert store.object(page).options.content_type == "text/plain"


def test_the_chosen_options_reach_the_object(sender, store):
    options = UploadOptions(
        acl=CannedAcl.PUBLIC_READ, storage_class="GLACIER", metadata=(("a", "b"),), part_size=10
    )
    sender.send(options)
    stored = store.object(HERE).options
    assert (stored.acl, stored.storage_class, stored.metadata) == (
        CannedAcl.PUBLIC_READ,
        "GLACIER",
        (("a", "b"),),
    )


# Retries.


def test_a_part_that_fails_is_sent_again_and_counts_once(sender, store, data, events):
    store.fail("upload_part", ServiceUnavailable(), number=3, times=2)
    done = sender.send()
    assert store.data(HERE) == data
    assert store.count("upload_part") == 12
    assert done.sent_bytes == 95
    failures = [event for event in events if isinstance(event, PartFailed)]
    assert [(event.number, event.will_retry) for event in failures] == [(3, True), (3, True)]


@pytest.mark.parametrize("operation", ["head", "create_multipart"])
def test_a_question_that_fails_is_told_while_it_is_asked_again(sender, store, events, operation):
    store.fail(operation, BadAnswer("A web page."), times=2)
    sender.send(UploadOptions(part_size=10, on_conflict=ConflictRule.FAIL))
    failures = [event for event in events if isinstance(event, PartFailed)]
    assert [(event.number, event.message) for event in failures] == [(0, "A web page.")] * 2


def test_a_look_that_is_denied_is_no_trouble(sender, store, events):
    store.fail("head", AccessDenied())
    sender.send(UploadOptions(part_size=10, on_conflict=ConflictRule.FAIL))
    assert not [event for event in events if isinstance(event, PartFailed)]


def test_a_part_broken_off_in_the_middle_is_sent_anew(sender, store, data):
    store.fail("upload_part", Unreachable(), number=2, after_bytes=4)
    sender.send()
    assert store.data(HERE) == data


def test_a_part_whose_answer_was_lost_is_listed_once(sender, store, data):
    store.fail("upload_part", Unreachable(), number=2, reply_lost=True)
    sender.send()
    assert store.data(HERE) == data


def test_a_put_whose_answer_was_lost_is_recognised_as_our_own(sender, store, data):
    store.fail("put_object", Unreachable(), reply_lost=True)
    done = sender.send(UploadOptions())
    assert done.state is TransferState.COMPLETED
    assert store.data(HERE) == data
    assert store.count("put_object") == 2


def test_a_complete_whose_answer_was_lost_is_recognised_as_our_own(sender, store, data):
    store.fail("complete_multipart", ServiceUnavailable(), reply_lost=True)
    assert sender.send().state is TransferState.COMPLETED
    assert store.data(HERE) == data


def test_a_lost_complete_on_a_service_that_forgets_is_found_by_its_object(sender, store, data):
    store.fail("complete_multipart", ServiceUnavailable(), reply_lost=True)
    store.fail("complete_multipart", NoSuchUpload())
    assert sender.send().state is TransferState.COMPLETED
    assert store.data(HERE) == data


def test_an_upload_that_is_lost_at_its_end_is_sent_anew(sender, store, data):
    store.fail("complete_multipart", NoSuchUpload())
    sender.send()
    assert store.data(HERE) == data
    assert store.count("create_multipart") == 2


def test_a_service_that_loses_every_upload_is_given_up(sender, store):
    store.fail("complete_multipart", NoSuchUpload(), times=99)
    with pytest.raises(NoSuchUpload):
        sender.send()
    assert store.count("create_multipart") == 3
    assert store.object(HERE) is None


def test_what_is_refused_is_not_tried_again(sender, store):
    store.fail("upload_part", AccessDenied(), number=1)
    with pytest.raises(AccessDenied):
        sender.send()
    assert [call.number for call in store.calls if call.operation == "upload_part"].count(1) == 1
    assert store.data(HERE) is None


def test_bytes_damaged_on_the_way_are_sent_again(sender, store, data):
    store.fail("upload_part", BadDigest(), number=4, times=3)
    sender.send()
    assert store.data(HERE) == data


# Conflicts.


def test_an_existing_object_is_never_overwritten_unless_asked(sender, store, data):
    store.put_foreign(HERE, b"theirs")
    for options in (PARTS, UploadOptions()):
        sender.transfer = None
        with pytest.raises(AlreadyExists, match="already exists"):
            sender.send(options)
    assert store.data(HERE) == b"theirs"
    assert store.open_uploads() == []
    assert store.count("upload_part") == 0
    sender.transfer = None
    sender.send(UploadOptions(on_conflict=ConflictRule.REPLACE, part_size=10))
    assert store.data(HERE) == data


@pytest.mark.parametrize("part_size", [None, 10], ids=["put", "multipart"])
def test_an_object_that_appears_while_we_send_is_not_overwritten(sender, store, part_size):
    last = "put_object" if part_size is None else "complete_multipart"
    store.before[last] = lambda _: store.put_foreign(HERE, b"theirs")
    with pytest.raises(AlreadyExists):
        sender.send(UploadOptions(part_size=part_size))
    assert store.data(HERE) == b"theirs"
    assert store.open_uploads() == []


@pytest.mark.parametrize("part_size", [None, 10], ids=["put", "multipart"])
def test_keeping_both_takes_the_next_free_name(sender, store, data, part_size):
    store.put_foreign(HERE, b"theirs")
    store.put_foreign(Destination("bucket", "raw/file (1).bin"), b"theirs too")
    done = sender.send(UploadOptions(on_conflict=ConflictRule.RENAME, part_size=part_size))
    assert done.destination.key == "raw/file (2).bin"
    assert store.data(done.destination) == data
    assert store.data(HERE) == b"theirs"
    assert sender.saved.destination == done.destination


def test_keeping_both_holds_when_the_name_is_taken_at_the_last_moment(sender, store, data):
    def take(_):
        if store.data(HERE) is None:
            store.put_foreign(HERE, b"theirs")

    store.before["complete_multipart"] = take
    done = sender.send(UploadOptions(on_conflict=ConflictRule.RENAME, part_size=10))
    assert done.destination.key == "raw/file (1).bin"
    assert store.data(done.destination) == data
    assert store.data(HERE) == b"theirs"
    assert store.open_uploads() == []


def test_the_upload_of_a_name_that_was_taken_is_never_used_for_the_next_name(sender, store, data):
    def take(_):
        if store.data(HERE) is None:
            store.put_foreign(HERE, b"theirs")

    store.before["complete_multipart"] = take
    store.fail("abort_multipart", AccessDenied())
    with pytest.raises(AccessDenied):
        sender.send(UploadOptions(on_conflict=ConflictRule.RENAME, part_size=10))
    assert [sender.saved.multipart.upload_id] == list(store.uploads)  # still named

    done = sender.send()
    assert done.destination.key == "raw/file (1).bin"
    assert store.data(done.destination) == data
    assert store.data(HERE) == b"theirs"
    assert store.open_uploads() == []


def test_who_may_write_but_not_look_still_does_not_overwrite(sender, store):
    store.put_foreign(HERE, b"theirs")
    store.fail("head", AccessDenied(), times=99)
    with pytest.raises(AlreadyExists):
        sender.send()
    assert store.data(HERE) == b"theirs"


# The source.


def test_a_file_that_changes_while_it_is_sent_fails_and_no_object_appears(sender, store):
    store.before["upload_part"] = lambda call: call.number == 7 and os.utime(sender.path, (1, 1))
    with pytest.raises(SourceChanged):
        sender.send()
    assert store.data(HERE) is None
    assert store.open_uploads() == []


def test_a_file_that_changes_before_complete_fails_and_no_object_appears(sender, store, means):
    def change(event):
        if getattr(event, "number", None) == 10 and isinstance(event, PartCompleted):
            os.utime(sender.path, (1, 1))

    sender.means = dataclasses.replace(means, publish=change, parts_at_once=1)
    with pytest.raises(SourceChanged):
        sender.send()
    assert store.count("complete_multipart") == 0
    assert store.open_uploads() == []


def test_a_key_that_is_too_long_never_reaches_the_service(sender, store):
    with pytest.raises(KeyTooLong):
        sender.send(PARTS, Destination("bucket", "x" * 1025))
    assert store.calls == []


def test_a_file_larger_than_the_service_allows_never_reaches_it(sender, store):
    sender.path.write_bytes(bytes(4001))
    with pytest.raises(TooLarge):
        sender.send()
    assert store.count("create_multipart") == 0


def test_a_small_file_that_changes_before_it_is_sent_fails_and_no_object_appears(
    sender, store, means
):
    def change(event):
        if isinstance(event, PartsConfirmed):
            os.utime(sender.path, (1, 1))

    sender.means = dataclasses.replace(means, publish=change)
    with pytest.raises(SourceChanged):
        sender.send(UploadOptions())
    assert store.count("put_object") == 0


def test_a_file_of_one_request_is_saved_before_it_is_sent_and_when_it_is_proven(
    sender, means, monkeypatch
):
    saved, save = [], means.journal.save

    def taped(transfer):
        saved.append(transfer.state)
        save(transfer)

    monkeypatch.setattr(means.journal, "save", taped)
    assert sender.send(UploadOptions()).state is TransferState.COMPLETED
    assert saved == [TransferState.RUNNING, TransferState.COMPLETED]
