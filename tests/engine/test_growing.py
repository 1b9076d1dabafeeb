"""What follows when more requests may be under way than before."""

import threading
from concurrent.futures import ThreadPoolExecutor

from s3gui.core.transfer import TransferState
from s3gui.engine.concurrency import Concurrency
from s3gui.engine.queue import Pools, TransferQueue
from s3gui.engine.stop import Stop
from tests.engine.queue_rows import HERE, PARTS, PROFILE, SECONDS, Gate, states
from tests.engine.test_adapting import Line
from tests.fakes.clock import FakeClock


def test_who_is_told_of_it_may_ask_for_a_place_in_any_thread():
    now, told = 0.0, []

    def on_growth():
        asking = threading.Thread(target=lambda: told.append(concurrency.take_at_once()))
        asking.start()
        asking.join(SECONDS)

    concurrency = Concurrency(64, 8, steady=lambda: now, busy=lambda: 0.0, on_growth=on_growth)
    for _ in range(8):
        concurrency.take(Stop())
    concurrency.moved(1)
    now = 0.11
    concurrency.moved(8_000_000)
    assert told == [True]


def test_files_that_wait_begin_at_once_and_not_when_another_ends(journal, store, folder):
    clock, gate = FakeClock(), Gate(store)
    with ThreadPoolExecutor(16) as transfers, ThreadPoolExecutor(4) as parts:
        pools = Pools(transfers, parts)
        queue = TransferQueue(journal, lambda _: store, pools, [].append, clock)
        try:
            queue.start()
            batch = queue.add([folder], HERE, PARTS, PROFILE)
            assert gate.reached.wait(SECONDS)
            before = len(queue._running)
            concurrency = queue._runner._line_to(PROFILE).concurrency
            concurrency._limit._look._busy = lambda: 0.0
            taken = sum(concurrency.take_at_once() for _ in range(8))
            concurrency.moved(1)
            clock.seconds += 0.11
            concurrency.moved(80_000_000)
            after = len(queue._running)
            for _ in range(taken):
                concurrency.leave()
        finally:
            gate.open.set()
        assert queue.wait_until_idle(SECONDS)
        queue.close()
    assert (before, after) == (8, 12)
    assert states(journal, batch) == {TransferState.COMPLETED}


def test_a_trial_for_which_there_are_no_requests_is_taken_back_and_can_be_made_again():
    line = Line(per_request=10e6, in_all=300e6)
    line.run(0.2, step=0.05, requests=8)
    assert line.concurrency.limit == 32
    line.run(1.0, step=0.05, requests=8)
    assert line.concurrency.limit == 8
    line.run(0.5, step=0.05)
    assert line.concurrency.limit >= 32


def test_a_trial_is_judged_by_what_moves_once_its_requests_are_under_way():
    line = Line(per_request=10e6, in_all=240e6)
    line.run(0.2, step=0.05, requests=8)
    assert line.concurrency.limit == 32
    line.run(0.8, step=0.05, requests=8)
    line.run(1.2, step=0.05)
    assert line.concurrency.limit >= 32
