"""The last word on an object: what proves it, and what is said while nothing does."""

import dataclasses

import pytest

from s3gui.core.errors import AccessDenied, ServiceUnavailable, VerificationFailed
from s3gui.core.events import PartFailed, TransferChanged
from s3gui.core.transfer import ConflictRule, TransferState, UploadOptions
from tests.engine.sender import HERE


def test_an_object_that_is_not_what_was_sent_is_never_called_done(sender, store, monkeypatch):
    complete = store.complete_multipart

    def lies(*args, **kwargs):
        stored = complete(*args, **kwargs)
        return dataclasses.replace(stored, checksum=store.checksums.of([b"other"]))

    monkeypatch.setattr(store, "complete_multipart", lies)
    with pytest.raises(VerificationFailed):
        sender.send()
    assert sender.saved.state is TransferState.VERIFYING


@pytest.mark.row("S-01")
def test_a_proof_that_has_to_wait_is_told_with_its_cause(sender, store, monkeypatch, events):
    complete = store.complete_multipart

    def quiet(*args, **kwargs):
        store.fail("head", ServiceUnavailable(), times=2)
        return dataclasses.replace(complete(*args, **kwargs), checksum=None)

    monkeypatch.setattr(store, "complete_multipart", quiet)
    assert sender.send().state is TransferState.COMPLETED
    told = [
        event.transfer.state if isinstance(event, TransferChanged) else event.message
        for event in events
        if isinstance(event, TransferChanged | PartFailed)
    ]
    again = ServiceUnavailable().message
    assert told[-4:] == [TransferState.VERIFYING, again, again, TransferState.COMPLETED]


def test_what_was_sent_and_may_not_be_looked_at_says_so_and_is_looked_at_by_a_retry(
    sender, store, monkeypatch
):
    complete = store.complete_multipart

    def quiet(*args, **kwargs):
        store.fail("head", AccessDenied())
        return dataclasses.replace(complete(*args, **kwargs), checksum=None)

    monkeypatch.setattr(store, "complete_multipart", quiet)
    with pytest.raises(AccessDenied, match="was sent, but these credentials may not look at it"):
        sender.send()
    sent = store.count("upload_part")
    assert sender.send().state is TransferState.COMPLETED
    assert store.count("upload_part") == sent


def test_without_a_checksum_in_the_answer_the_object_itself_is_looked_at(
    sender, store, monkeypatch
):
    complete = store.complete_multipart

    def quiet(*args, **kwargs):
        return dataclasses.replace(complete(*args, **kwargs), checksum=None)

    monkeypatch.setattr(store, "complete_multipart", quiet)
    assert sender.send().state is TransferState.COMPLETED
    assert store.count("head") == 2
    monkeypatch.setattr(
        store,
        "head",
        lambda *_: dataclasses.replace(store.object(HERE).stored, checksum=None, size=94),
    )
    sender.transfer = None
    with pytest.raises(VerificationFailed, match="94 bytes"):
        sender.send(UploadOptions(part_size=10, on_conflict=ConflictRule.REPLACE))
