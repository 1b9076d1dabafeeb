import threading

import pytest

from s3gui.cli.pools import LatePool


def test_calls_run_once_the_size_is_known() -> None:
    with LatePool("parts") as pool:
        pool.open(2)
        assert pool.submit(pow, 2, exp=3).result(5) == 8


def test_no_more_run_at_once_than_the_size_says() -> None:
    gate = threading.Barrier(2)
    with LatePool("parts") as pool:
        pool.open(1)
        first = pool.submit(gate.wait, 10)
        second = pool.submit(threading.get_ident)
        assert not second.done()
        gate.wait(10)
        first.result(10)
        assert second.result(10)


def test_a_pool_that_was_never_opened_takes_no_calls_and_can_be_left() -> None:
    with LatePool("parts") as pool, pytest.raises(RuntimeError, match="parts"):
        pool.submit(pow, 2, 3)
