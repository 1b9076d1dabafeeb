import dataclasses
import os

import pytest

from s3gui.core.errors import AccessDenied, AlreadyExists, NotSupported, SourceChanged
from s3gui.core.transfer import TransferState
from s3gui.engine.stop import Stop, Stopped, StopReason
from tests.engine.sender import HERE

# Stopping and going on.


def stop_after(sender, store, number, reason):
    def before(call):
        if call.number == number:
            sender.stop.request(reason)

    store.before["upload_part"] = before


def test_a_pause_keeps_the_parts_and_going_on_sends_only_the_rest(sender, store, data):
    stop_after(sender, store, 5, StopReason.PAUSED)
    with pytest.raises(Stopped):
        sender.send()
    kept = sender.means.journal.parts(sender.transfer.id)
    assert kept
    assert len(store.open_uploads()) == 1
    before = store.count("upload_part")
    store.before.clear()
    sender.stop = Stop()
    sender.send()
    assert store.data(HERE) == data
    assert store.count("upload_part") - before == 10 - len(kept)


def test_a_cancel_leaves_nothing_on_the_service(sender, store):
    stop_after(sender, store, 5, StopReason.CANCELLED)
    with pytest.raises(Stopped):
        sender.send()
    assert store.open_uploads() == []
    assert store.data(HERE) is None
    assert sender.saved.multipart is None
    assert sender.means.journal.parts(sender.transfer.id) == []


def test_a_cancel_whose_abort_fails_keeps_the_upload_in_the_journal(sender, store):
    stop_after(sender, store, 5, StopReason.CANCELLED)
    store.fail("abort_multipart", AccessDenied(), times=99)
    with pytest.raises(Stopped):
        sender.send()
    assert sender.saved.multipart is not None


def interrupted(sender, store):
    """Pause in the middle; returns the numbers of the parts that were acknowledged."""
    stop_after(sender, store, 6, StopReason.PAUSED)
    with pytest.raises(Stopped):
        sender.send()
    store.before.clear()
    sender.stop = Stop()
    return {part.number for part in sender.means.journal.parts(sender.transfer.id)}


def sent_since(store, count):
    return {call.number for call in store.calls[count:] if call.operation == "upload_part"}


def test_a_part_the_service_lost_is_sent_again(sender, store, data):
    kept = interrupted(sender, store)
    (open_upload,) = store.open_uploads()
    del open_upload.parts[min(kept)]
    count = len(store.calls)
    sender.send()
    assert store.data(HERE) == data
    assert sent_since(store, count) == set(range(1, 11)) - kept | {min(kept)}


def test_a_part_that_differs_from_the_file_is_sent_again(sender, store, data):
    kept = interrupted(sender, store)
    journal = sender.means.journal
    (part,) = [each for each in journal.parts(sender.transfer.id) if each.number == max(kept)]
    wrong = dataclasses.replace(part, checksum=store.checksums.of([b"else"]))
    journal.save_parts(sender.transfer.id, [wrong], 0)
    count = len(store.calls)
    sender.send()
    assert store.data(HERE) == data
    assert max(kept) in sent_since(store, count)


def test_a_part_that_only_the_service_knows_is_not_trusted(sender, store, data):
    kept = interrupted(sender, store)
    sender.means.journal.forget_parts(sender.transfer.id)
    count = len(store.calls)
    sender.send()
    assert kept
    assert sent_since(store, count) == set(range(1, 11))
    assert store.data(HERE) == data


@pytest.mark.parametrize("refusal", [AccessDenied, NotSupported])
def test_where_parts_may_not_be_listed_the_journal_is_believed_and_the_whole_checked(
    sender, store, data, refusal
):
    kept = interrupted(sender, store)
    store.fail("list_parts", refusal())
    count = len(store.calls)
    done = sender.send()
    assert store.data(HERE) == data
    assert not sent_since(store, count) & kept
    assert done.stored.checksum == store.checksums.of([data])


def test_an_upload_the_service_forgot_starts_anew(sender, store, data):
    interrupted(sender, store)
    store.uploads.clear()
    sender.send()
    assert store.data(HERE) == data


def test_an_upload_that_was_completed_before_a_crash_is_found_done(sender, store, data):
    store.fail("complete_multipart", KeyboardInterrupt(), reply_lost=True)
    with pytest.raises(KeyboardInterrupt):
        sender.send()
    assert sender.saved.state is TransferState.FINISHING
    store.uploads.clear()
    count = len(store.calls)
    assert sender.send().state is TransferState.COMPLETED
    assert sent_since(store, count) == set()
    assert store.data(HERE) == data


def test_an_object_of_another_under_our_key_is_not_taken_for_ours(sender, store):
    store.fail("complete_multipart", KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        sender.send()
    store.uploads.clear()
    store.put_foreign(HERE, os.urandom(95))
    with pytest.raises(AlreadyExists):
        sender.send()


def test_a_failure_keeps_the_parts_for_a_retry(sender, store, data):
    store.fail("upload_part", AccessDenied(), number=8)
    with pytest.raises(AccessDenied):
        sender.send()
    kept = {part.number for part in sender.means.journal.parts(sender.transfer.id)}
    assert kept
    count = len(store.calls)
    sender.send()
    assert store.data(HERE) == data
    assert not sent_since(store, count) & kept


def test_a_file_that_changed_during_a_pause_is_not_spliced(sender, store):
    interrupted(sender, store)
    sender.path.write_bytes(os.urandom(95))
    with pytest.raises(
        SourceChanged, match=f"“{sender.path.name}” is not the file that was started"
    ):
        sender.send()
    assert store.data(HERE) is None
    assert store.open_uploads() == []


def test_a_part_whose_checksum_is_another_now_is_sent_again(sender, store, data):
    stop_after(sender, store, 5, StopReason.PAUSED)
    with pytest.raises(Stopped):
        sender.send()
    store.before.clear()
    (upload_there,) = store.open_uploads()
    part, content = upload_there.parts[2]
    other = dataclasses.replace(part, checksum=store.checksums.of([b"other"]))
    upload_there.parts[2] = (other, content)
    before = store.count("upload_part")
    sender.stop = Stop()
    sender.send()
    assert store.data(HERE) == data
    numbers = [call.number for call in store.calls if call.operation == "upload_part"][before:]
    assert 2 in numbers
    assert 1 not in numbers
