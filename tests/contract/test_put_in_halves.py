"""`begin_put` and its end do what `put_object` does, and one thread may have several begun."""

from contextlib import suppress
from functools import partial

import pytest

from s3gui.core.checksum import Checksum
from s3gui.core.errors import AlreadyExists, BadDigest
from s3gui.core.transfer import UploadOptions
from s3gui.engine.source import MemoryBody
from s3gui.engine.stop import Stop, Stopped, StopReason
from tests.contract.conftest import Subject
from tests.contract.sending import DATA, ignore, put, wrong


def begin(subject, key, data=DATA, *, checksum=None, only_if_absent=False, on_sent=ignore):
    return subject.store.begin_put(
        subject.at(key),
        MemoryBody(data),
        checksum or subject.store.checksums.of([data]),
        UploadOptions(content_type="text/x-test"),
        only_if_absent=only_if_absent,
        on_sent=on_sent,
    )


def test_what_was_begun_together_is_each_stored_as_by_itself(subject: Subject) -> None:
    contents = {f"file-{number}": DATA[number:] for number in range(6)}
    begun = {key: begin(subject, key, data) for key, data in contents.items()}
    for key, end in begun.items():
        stored = end()
        assert subject.read(subject.at(key)) == contents[key]
        assert stored.size == len(contents[key])
        assert stored.checksum == subject.store.checksums.of([contents[key]])


def test_a_large_body_can_be_begun_too(subject: Subject) -> None:
    data = DATA * 300
    assert begin(subject, "large", data)().size == len(data)
    assert subject.read(subject.at("large")) == data


def test_its_end_tells_that_the_key_is_taken(subject: Subject) -> None:
    put(subject, "mine")
    before, end = begin(subject, "before"), begin(subject, "mine", b"other", only_if_absent=True)
    after = begin(subject, "after")
    before()
    with subject.outcome("a conditional write", AlreadyExists):
        end()
    assert after().size == len(DATA)


def test_its_end_tells_that_the_bytes_were_damaged(subject: Subject) -> None:
    checksum: Checksum = wrong(subject.store.checksums.of([DATA]))
    with subject.outcome("a wrong checksum", BadDigest):
        begin(subject, "wrong", checksum=checksum)()


@pytest.mark.parametrize("half", [0, 1])
def test_each_has_its_own_stop(subject: Subject, half: int) -> None:
    stop = Stop()
    store = subject.store
    other = begin(subject, "other")
    halves = partial(
        store.heeding(stop).begin_put,
        subject.at("stopped"),
        MemoryBody(DATA),
        store.checksums.of([DATA]),
        UploadOptions(),
        only_if_absent=False,
        on_sent=lambda _: stop.check(),
    )
    if half == 0:
        stop.request(StopReason.CANCELLED)
        with pytest.raises(Stopped):
            halves()()
    else:
        end = halves()
        stop.request(StopReason.CANCELLED)
        with suppress(Stopped):
            end()  # what is stored already is not taken back
    assert other().size == len(DATA)
