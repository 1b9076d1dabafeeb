import threading
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from s3gui.engine.window import sliding_window


class InlineExecutor:
    def submit(self, call):
        future = Future()
        try:
            future.set_result(call())
        except Exception as error:  # noqa: BLE001 - an executor hands on whatever came
            future.set_exception(error)
        return future


def numbers(count, taken):
    for number in range(count):
        taken.append(number)
        yield lambda number=number: number


def test_all_calls_are_made_and_all_results_come():
    assert sorted(sliding_window(InlineExecutor(), numbers(20, []), 4)) == list(range(20))


def test_no_more_calls_are_taken_than_fit_the_window():
    taken = []
    with ThreadPoolExecutor(8) as executor:
        release = threading.Event()
        calls = ((lambda: release.wait(10)) for _ in numbers(20, taken))
        results = sliding_window(executor, calls, 3)
        threading.Timer(0.05, release.set).start()
        next(results)
        assert len(taken) == 3
        assert sum(1 for _ in results) == 19


def test_a_width_that_grows_lets_more_calls_go_before_one_of_those_under_way_has_ended():
    begun, asked, release = threading.Semaphore(0), threading.Semaphore(0), threading.Event()
    width = [2]

    def wide():
        asked.release()
        return width[0]

    def call():
        begun.release()
        release.wait(60)

    with ThreadPoolExecutor(8) as executor:
        results = sliding_window(executor, [call] * 6, wide)
        all_of_them = executor.submit(list, results)
        before = [each.acquire(timeout=10) for each in (begun, begun, asked, asked)]
        width[0] = 5
        after = [begun.acquire(timeout=10) for _ in range(3)]
        release.set()
        assert all(before + after)
        assert len(all_of_them.result(10)) == 6


def test_on_an_error_it_waits_for_the_calls_in_flight():
    ended = []
    started, release = threading.Event(), threading.Event()

    def slow():
        started.set()
        release.wait(10)
        ended.append("slow")

    def fails():
        started.wait(10)
        threading.Timer(0.05, release.set).start()
        raise ValueError("no")

    with ThreadPoolExecutor(2) as executor:
        with pytest.raises(ValueError, match="no"):
            list(sliding_window(executor, iter([slow, fails]), 2))
        assert ended == ["slow"]


def test_an_error_while_reading_the_calls_waits_too():
    ended = []

    def calls():
        yield lambda: ended.append("first")
        raise KeyboardInterrupt

    with ThreadPoolExecutor(2) as executor:
        with pytest.raises(KeyboardInterrupt):
            list(sliding_window(executor, calls(), 4))
        assert ended == ["first"]
