import threading
from dataclasses import replace

import pytest

from s3gui.core.archive import SourceKind
from s3gui.core.errors import JournalUnwritable
from s3gui.core.events import TransferChanged
from s3gui.core.provider import MIB
from s3gui.core.transfer import (
    ConflictRule,
    Destination,
    MultipartUpload,
    Transfer,
    TransferState,
    UploadOptions,
)
from s3gui.engine import settling
from s3gui.engine.settling import Settler, is_small

SMALL = Transfer(1, "/tmp/a", Destination("b", "k"), size=10_240)


@pytest.mark.parametrize(
    ("changes", "is_one"),
    [
        ({}, True),
        ({"size": 0}, True),
        ({"size": MIB}, True),
        ({"size": MIB + 1}, False),
        ({"size": None}, False),
        ({"multipart": MultipartUpload("b", "k", "id")}, False),
        ({"kind": SourceKind.TAR}, False),
        ({"options": UploadOptions(part_size=5_000)}, False),
        ({"options": UploadOptions(on_conflict=ConflictRule.REPLACE)}, True),
        ({"options": UploadOptions(on_conflict=ConflictRule.RENAME)}, False),
        ({"options": UploadOptions(on_conflict=ConflictRule.REPLACE_IF_UNCHANGED)}, False),
    ],
)
def test_small_is_what_a_later_run_may_simply_send_again(changes, is_one):
    assert is_small(replace(SMALL, **changes)) is is_one


class Writes:
    """A journal that is slow, or refuses."""

    def __init__(self, error=None):
        self.error = error
        self.writes = []
        self.may_write = threading.Event()

    def save_ends(self, transfers):
        self.may_write.wait(10)
        self.writes.append(len(transfers))
        if self.error is not None:
            raise self.error


class Ends:
    def __init__(self):
        self.told = []
        self.changed = threading.Condition()

    def __call__(self, transfers, error):
        with self.changed:
            self.told += [(each.id, error) for each in transfers]
            self.changed.notify_all()

    def wait_for(self, count):
        with self.changed:
            return self.changed.wait_for(lambda: len(self.told) >= count, 10)


def ended(number):
    return replace(SMALL, id=number, state=TransferState.COMPLETED)


def test_many_ends_share_a_write_and_none_is_told_before_it():
    journal, events, ends = Writes(), [], Ends()
    settler = Settler(journal, events.append, ends)
    for number in range(100):
        settler.settle(ended(number))
    assert events == []
    assert ends.told == []
    journal.may_write.set()
    assert ends.wait_for(100)
    assert sum(journal.writes) == 100
    assert len(journal.writes) <= 3
    assert [event.transfer.id for event in events] == list(range(100))
    assert all(isinstance(event, TransferChanged) for event in events)


def test_what_cannot_be_saved_is_not_told_and_given_back():
    journal, events, ends = Writes(JournalUnwritable()), [], Ends()
    journal.may_write.set()
    settler = Settler(journal, events.append, ends)
    settler.settle(ended(1))
    assert ends.wait_for(1)
    assert events == []
    [(number, error)] = ends.told
    assert (number, type(error)) == (1, JournalUnwritable)
    journal.error = None
    settler.settle(ended(2))
    assert ends.wait_for(2)
    assert ends.told[1] == (2, None)


def test_an_end_that_cannot_be_saved_by_a_fault_of_ours_takes_no_other_with_it():
    journal, events, ends = Writes(), [], Ends()
    save_ends = journal.save_ends

    def faulty(transfers):
        save_ends(transfers)
        if any(each.id == 2 for each in transfers):
            raise ZeroDivisionError("secret of row 2")

    journal.save_ends = faulty
    settler = Settler(journal, events.append, ends)
    for number in range(4):
        settler.settle(ended(number))
    journal.may_write.set()
    assert ends.wait_for(4)
    assert [event.transfer.id for event in events] == [0, 1, 3]
    told = dict(ends.told)
    assert told.pop(2).detail == "ZeroDivisionError: secret of row 2"
    assert told == {0: None, 1: None, 3: None}
    settler.settle(ended(5))
    assert ends.wait_for(5)


def test_who_cannot_be_told_of_an_end_keeps_no_other_from_being_settled():
    journal, told, ends = Writes(), [], Ends()
    journal.may_write.set()

    def publish(event):
        told.append(event.transfer.id)
        if event.transfer.id == 1:
            raise ZeroDivisionError

    settler = Settler(journal, publish, ends)
    for number in (1, 2):
        settler.settle(ended(number))
        assert ends.wait_for(number)
    assert (told, ends.told) == ([1, 2], [(1, None), (2, None)])


def test_where_no_thread_can_begin_an_end_is_saved_in_the_callers(monkeypatch):
    def refuse(**_how):
        raise RuntimeError("can't start new thread")

    journal, events, ends = Writes(), [], Ends()
    journal.may_write.set()
    settler = Settler(journal, events.append, ends)
    with monkeypatch.context() as patch:
        patch.setattr(settling.threading, "Thread", refuse)
        settler.settle(ended(1))
        assert ends.told == [(1, None)]
    settler.settle(ended(2))
    assert ends.wait_for(2)
    assert len(events) == 2


def test_where_nothing_else_is_under_way_an_end_waits_for_no_others(monkeypatch):
    monkeypatch.setattr(settling, "_GATHER_SECONDS", 60.0)
    journal, ends = Writes(), Ends()
    journal.may_write.set()
    settler = Settler(journal, lambda _event: None, ends)
    for number in (1, 2, 3):
        settler.settle(ended(number))
        settler.no_more()
        assert ends.wait_for(number)
