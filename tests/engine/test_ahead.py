"""The transfers that are next, read from the journal many at a time."""

import pytest

from s3gui.core.transfer import Destination, Transfer
from s3gui.engine.ahead import Ahead
from tests.fakes.clock import FakeClock


class Rows:
    """What is queued, and how often that was asked for."""

    def __init__(self):
        self.queued = []
        self.asked = 0

    def read(self, limit, running):
        self.asked += 1
        return [each for each in self.queued if each.id not in running][:limit]

    def begin(self, ids, now):
        pass


def row(number):
    return Transfer(1, "/a", Destination("b", "k"), id=number)


@pytest.fixture
def rows():
    return Rows()


@pytest.fixture
def ahead(rows):
    return Ahead(rows, FakeClock(), rows.read)


def test_where_nothing_was_the_journal_is_not_asked_for_each_answer_that_comes(rows, ahead):
    assert [ahead.peek(()) for _ in range(64)] == [None] * 64
    assert rows.asked == 1


@pytest.mark.parametrize("told", [Ahead.look_again, Ahead.forget])
def test_it_is_asked_again_where_there_may_be_more(rows, ahead, told):
    ahead.peek(())
    rows.queued.append(row(1))
    told(ahead)
    assert ahead.peek(()).transfer.id == 1


def test_what_is_queued_again_while_it_still_runs_is_found_when_it_has_left(rows, ahead):
    rows.queued.append(row(1))
    assert ahead.peek({1}) is None
    ahead.look_again()
    assert ahead.peek(()).transfer.id == 1
