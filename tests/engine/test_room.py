import threading
from dataclasses import replace

import pytest

from s3gui.core.provider import MIB
from s3gui.core.transfer import UploadOptions
from s3gui.engine.bandwidth import Bandwidth
from s3gui.engine.clock import SystemClock
from s3gui.engine.concurrency import Concurrency
from s3gui.engine.room import Room
from s3gui.engine.stop import Stop, Stopped, StopReason


def stopped() -> Stop:
    """Whoever would wait is told to leave off instead."""
    stop = Stop()
    stop.request(StopReason.PAUSED)
    return stop


def taken_at_once(room: Room, size: int, rate: int | None, most: int = 100) -> int:
    for taken in range(most):
        try:
            room.take(size, lambda: rate, stopped())
        except Stopped:
            return taken
    return most


@pytest.mark.parametrize("part_size", [5 * MIB, 8 * MIB, 64 * MIB, 550 * MIB])
@pytest.mark.parametrize("rate", [1, 50_000, 500_000, 2_000_000, 30_000_000])
def test_no_more_parts_are_under_way_than_the_limit_sends_in_fifteen_seconds(rate, part_size):
    assert taken_at_once(Room(), part_size, rate) == max(1, min(100, rate * 15 // part_size))


def test_without_a_limit_there_is_room_for_all():
    assert taken_at_once(Room(), 8 * MIB, None) == 100


def test_what_has_left_makes_room_again():
    room = Room()
    assert taken_at_once(room, 8 * MIB, 2_000_000) == 3
    room.leave(8 * MIB)
    assert taken_at_once(room, 8 * MIB, 2_000_000) == 1


def test_who_waits_goes_on_when_the_limit_is_lifted_and_says_that_it_waits():
    room, rates, waits = Room(), iter([1, 1, None]), []
    room.take(8 * MIB, lambda: 1, Stop())
    room.take(8 * MIB, lambda: next(rates), Stop(), lambda: waits.append(room.leave(0)))
    assert len(waits) == 2


def test_a_large_part_is_not_overtaken_by_smaller_ones():
    room, waits, began = Room(), threading.Event(), threading.Event()
    room.take(10, lambda: 1, Stop())
    large = threading.Thread(
        target=lambda: (room.take(100, lambda: 1, Stop(), waits.set), began.set())
    )
    large.start()
    assert waits.wait(10)
    with pytest.raises(Stopped):
        room.take(1, lambda: 1, stopped())  # there would be room for it
    room.leave(10)
    assert began.wait(10)
    large.join(10)


@pytest.mark.parametrize(("rate", "most"), [(None, 3), (20, 3), (1, 1)])
def test_an_upload_keeps_to_it(sender, store, rate, most):
    """Parts of 20 bytes, three at once where nothing is said against it."""
    under_way, seen, lock = 0, [], threading.Condition()
    upload_part = store.upload_part

    def counted(*arguments, **named):
        nonlocal under_way
        with lock:
            under_way += 1
            seen.append(under_way)
            lock.notify_all()
            lock.wait_for(lambda: max(seen) >= 3, timeout=0.02)
        try:
            return upload_part(*arguments, **named)
        finally:
            with lock:
                under_way -= 1

    store.upload_part = counted
    sender.means = replace(sender.means, bandwidth=Bandwidth(SystemClock(), rate))
    sender.means.bandwidth.take = lambda _count, _stop: None
    sender.send(UploadOptions(part_size=20))
    assert max(seen) == most


def test_a_low_limit_is_a_slow_line_and_gets_small_parts(means, store):
    provider = replace(store.provider, limits=replace(store.provider.limits, min_part_size=5))
    store.provider = provider
    bandwidth = Bandwidth(means.clock, 2_000_000)
    means = replace(means, bandwidth=bandwidth)
    assert means.part_size() is None
    bandwidth.limit(100_000)
    assert means.part_size() == 5


def test_a_line_slower_than_the_limit_is_still_told_to_be_slow():
    now = 0.0
    concurrency = Concurrency(64, 8, steady=lambda: now, busy=lambda: 0.0)
    concurrency.take(Stop())
    concurrency.moved(10_000)
    now = 2.0
    concurrency.held_back()
    concurrency.moved(100_000)
    assert concurrency.limit == 1
