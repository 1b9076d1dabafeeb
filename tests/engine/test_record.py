import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from s3gui.core.errors import JournalUnwritable
from s3gui.core.events import PartCompleted
from s3gui.core.transfer import CompletedPart, Transfer
from s3gui.engine.record import Record
from s3gui.engine.stop import Stop
from tests.engine.sender import HERE

SECONDS = 20


class SlowDisk:
    """Saves when it is let go, the first time."""

    def __init__(self, journal):
        self.is_asked, self.may_save = threading.Event(), threading.Event()
        self.together = []
        self._save_parts = journal.save_parts
        journal.save_parts = self.save_parts

    def save_parts(self, transfer_id, parts, sent_bytes):
        self.is_asked.set()
        assert self.may_save.wait(SECONDS)
        self.together.append(sorted(part.number for part in parts))
        self._save_parts(transfer_id, parts, sent_bytes)


@pytest.fixture
def record(means):
    (saved,) = means.journal.add_transfers([Transfer(1, "a", HERE)])
    return Record(means.journal.transfer(saved), means, Stop())


def ended(number):
    return CompletedPart(number, 10, f"etag {number}")


def wait_for(condition):
    ends_by = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < ends_by


def test_parts_that_end_while_one_is_saved_are_saved_together(record, means, events):
    disk = SlowDisk(means.journal)
    with ThreadPoolExecutor(5) as pool:
        calls = [pool.submit(record.completed, ended(1))]
        assert disk.is_asked.wait(SECONDS)
        calls += [pool.submit(record.completed, ended(number)) for number in (2, 3, 4, 5)]
        wait_for(lambda: len(record._ended._waiting) == 4)
        assert events == [], "nothing is told before it is saved"
        disk.may_save.set()
    assert [call.result() for call in calls] == [None] * 5
    assert disk.together == [[1], [2, 3, 4, 5]]
    told = {each.number for each in events if isinstance(each, PartCompleted)}
    assert told == {1, 2, 3, 4, 5}
    saved = means.journal.transfer(record.transfer.id)
    assert saved.sent_bytes == record.transfer.sent_bytes == 50
    assert [part.number for part in means.journal.parts(saved.id)] == [1, 2, 3, 4, 5]


def test_each_part_that_could_not_be_saved_fails_and_is_not_told(record, means, events):
    disk = SlowDisk(means.journal)

    def is_full(_transfer_id, _parts, _sent_bytes):
        raise JournalUnwritable

    disk._save_parts = is_full
    with ThreadPoolExecutor(3) as pool:
        calls = [pool.submit(record.completed, ended(1))]
        assert disk.is_asked.wait(SECONDS)
        calls += [pool.submit(record.completed, ended(number)) for number in (2, 3)]
        wait_for(lambda: len(record._ended._waiting) == 2)
        disk.may_save.set()
    assert all(isinstance(call.exception(), JournalUnwritable) for call in calls)
    assert events == []
    assert record.transfer.sent_bytes == 0
