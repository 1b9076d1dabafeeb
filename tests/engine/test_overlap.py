import pytest

from s3gui.engine.concurrency import Concurrency
from s3gui.engine.overlap import Overlap


@pytest.mark.parametrize(
    ("work_seconds", "wait_seconds", "at_once"),
    [(0.0005, 0.0001, 1), (0.0005, 0.0004, 2), (0.0005, 0.02, 41), (0.0, 0.0, 1)],
)
def test_as_many_as_fit_into_the_wait_for_an_answer(work_seconds, wait_seconds, at_once):
    overlap = Overlap()
    for _ in range(5):
        overlap.note(work_seconds, wait_seconds)
    assert overlap.at_once == at_once


def test_nothing_is_known_before_the_first_answer():
    assert Overlap().at_once is None


def test_waiting_for_a_workers_turn_is_not_taken_for_a_long_line():
    overlap = Overlap()
    for number in range(100):
        overlap.note(0.0005, 0.0001 if number % 10 == 0 else 0.01)
    assert overlap.at_once == 1


def test_a_line_that_becomes_longer_is_noticed():
    overlap = Overlap()
    for wait_seconds in (0.0001, 0.02):
        for _ in range(40):
            overlap.note(0.0005, wait_seconds)
    assert overlap.at_once == 41


def test_a_limit_follows_what_is_expected_at_once():
    concurrency = Concurrency(64, 8)
    concurrency.expect(40)
    assert concurrency.limit == 40
    concurrency.expect(200)
    assert concurrency.limit == 64
    concurrency.expect(10)
    assert concurrency.limit == 64


def test_nothing_is_expected_of_a_service_that_asked_for_less():
    concurrency = Concurrency(64, 8)
    concurrency.slow_down(0.0)
    concurrency.expect(40)
    assert concurrency.limit == 4


def test_nothing_is_expected_where_a_number_was_chosen():
    concurrency = Concurrency(8)
    concurrency.expect(40)
    assert concurrency.limit == 8
