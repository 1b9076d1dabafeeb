import threading

import pytest

from s3gui.engine.concurrency import Concurrency
from s3gui.engine.stop import Stop, Stopped, StopReason


def test_it_halves_once_for_answers_that_came_together_and_regrows_one_by_one():
    concurrency = Concurrency(8)
    for _ in range(5):
        concurrency.slow_down(now_seconds=10.0)
    assert concurrency.limit == 4
    concurrency.slow_down(now_seconds=12.0)
    assert concurrency.limit == 2
    for _ in range(8):
        concurrency.succeeded()
    assert concurrency.limit == 3
    for _ in range(800):
        concurrency.succeeded()
    assert concurrency.limit == 8


def test_who_leaves_after_a_success_tells_of_it():
    concurrency = Concurrency(8)
    concurrency.slow_down(now_seconds=10.0)
    for has_succeeded in (False, True):
        for _ in range(8):
            concurrency.take(Stop())
            concurrency.leave(has_succeeded=has_succeeded)
        assert concurrency.limit == 4 + has_succeeded


def test_one_request_may_always_go():
    concurrency = Concurrency(1)
    for second in range(9):
        concurrency.slow_down(now_seconds=second * 2.0)
    assert concurrency.limit == 1


def test_no_more_requests_are_under_way_than_the_limit():
    concurrency = Concurrency(2)
    under_way, most, lock = [0], [0], threading.Lock()
    turn = threading.Barrier(2)

    def request():
        concurrency.take(Stop())
        with lock:
            under_way[0] += 1
            most[0] = max(most[0], under_way[0])
        turn.wait(10)
        with lock:
            under_way[0] -= 1
        concurrency.leave()

    threads = [threading.Thread(target=request) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert most[0] == 2


def test_a_stop_ends_the_waiting_for_a_place():
    concurrency, stop = Concurrency(1), Stop()
    concurrency.take(stop)
    stop.request(StopReason.CANCELLED)
    with pytest.raises(Stopped):
        concurrency.take(stop)


def test_who_does_not_wait_gets_a_place_only_where_one_is_free():
    concurrency = Concurrency(1)
    assert concurrency.take_at_once()
    assert not concurrency.take_at_once()
    concurrency.leave()
    assert concurrency.take_at_once()


def test_the_limit_follows_what_is_allowed_unless_the_service_asked_for_less():
    concurrency = Concurrency(4)
    concurrency.resize(8)
    assert concurrency.limit == 8
    concurrency.slow_down(now_seconds=0.0)
    concurrency.resize(16)
    assert concurrency.limit == 4
    concurrency.resize(2)
    assert concurrency.limit == 2
