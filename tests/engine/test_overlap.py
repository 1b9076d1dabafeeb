import pytest

from s3gui.engine.concurrency import Concurrency
from s3gui.engine.overlap import Overlap


class Worker:
    """One thread that does nothing else."""

    def __init__(self):
        self.seconds = 0.0
        self.overlap = Overlap(lambda: self.seconds)

    def send(self, files, work_seconds, wait_seconds):
        for number in range(files):
            self.overlap.begun()
            self.seconds += work_seconds
            self.overlap.answered(wait_seconds(number) if callable(wait_seconds) else wait_seconds)
        return self.overlap.at_once


@pytest.mark.parametrize(
    ("work_seconds", "wait_seconds", "at_once"),
    [(0.0005, 0.0001, 1), (0.0005, 0.0004, 2), (0.0005, 0.02, 81), (0.0, 0.0, 1)],
)
def test_as_many_as_fit_into_the_wait_for_an_answer(work_seconds, wait_seconds, at_once):
    assert Worker().send(5, work_seconds, wait_seconds) == at_once


@pytest.mark.parametrize(
    ("wait_seconds", "limit", "awaited"),
    [(0.0001, 64, 8), (0.0001, 6, 6), (0.01, 64, 41), (1.0, 64, 64), (1.0, 2, 4)],
)
def test_one_worker_awaits_the_answers_to_two_handfuls_and_more_on_a_long_line(
    wait_seconds, limit, awaited
):
    worker = Worker()
    assert worker.overlap.awaited(limit) == 1
    worker.send(2, 0.0005, wait_seconds)
    assert worker.overlap.awaited(limit) == awaited


def test_nothing_is_known_before_the_first_answer():
    assert Overlap().at_once is None


def test_waiting_for_the_worker_is_not_taken_for_a_long_line():
    assert Worker().send(100, 0.0005, lambda number: 0.01 if number % 10 else 0.0001) == 1


def test_a_line_that_becomes_longer_is_noticed():
    worker = Worker()
    worker.send(40, 0.0005, 0.0001)
    assert worker.send(40, 0.0005, 0.02) == 81


def test_new_connections_are_not_taken_for_the_work_of_a_file():
    worker = Worker()
    worker.send(3, 0.0005, 0.02)
    worker.send(3, 0.05, 0.02)
    assert worker.send(3, 0.0005, 0.02) == 81


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
