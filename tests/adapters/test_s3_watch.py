"""The thread that cuts what must end."""

import socket
import threading

import pytest

from s3gui.adapters import s3_watch
from s3gui.adapters.s3_bounds import BOUNDS
from s3gui.adapters.s3_watch import Cut, Watch
from s3gui.engine.stop import Stop, StopReason


def test_a_watch_that_could_not_begin_begins_with_the_next_exchange(monkeypatch):
    def refuse(**_how):
        raise RuntimeError("can't start new thread")

    watch, stop = Watch(BOUNDS), Stop()
    with monkeypatch.context() as patch:
        patch.setattr(s3_watch.threading, "Thread", refuse)
        with pytest.raises(RuntimeError):
            watch.begin()
    stop.request(StopReason.PAUSED)
    here, there = socket.socketpair()
    there.settimeout(10)
    with here, there, watch.heeding(stop), watch.exchange(grace_seconds=0.01) as exchange:
        exchange.hold(here)
        assert there.recv(1) == b"", "it is cut"
    assert exchange.cut is Cut.STOPPED


@pytest.mark.row("N-07")
def test_no_connection_that_was_used_until_all_are_cut_after_a_sleep_is_used_again(monkeypatch):
    """An answer from before the sleep is read while the others are cut: its line may be dead."""
    ahead_seconds = [0.0]
    clock = s3_watch.awake_or_asleep_seconds
    monkeypatch.setattr(s3_watch, "awake_or_asleep_seconds", lambda: clock() + ahead_seconds[0])
    watch, went_on = Watch(BOUNDS), threading.Event()
    read_at: list[float] = []
    here, there = socket.socketpair()
    with here, there, watch.exchange() as exchange:
        look = exchange.look

        def read_and_look(now: float, *, slept: bool) -> None:
            if slept:
                read_at.append(s3_watch.awake_or_asleep_seconds())
                assert not watch.is_fresh(read_at[0]), "nor for a request that has just begun"
            elif read_at:
                went_on.set()
            look(now, slept=slept)

        monkeypatch.setattr(exchange, "look", read_and_look)
        exchange.hold(here)
        ahead_seconds[0] = 11.0
        assert went_on.wait(10)
    assert exchange.cut is Cut.ASLEEP
    assert not watch.is_fresh(read_at[0])
    assert watch.is_fresh(s3_watch.awake_or_asleep_seconds())


def test_a_look_that_fails_by_a_fault_of_ours_leaves_all_requests_watched(monkeypatch):
    watch, went_on, faults = Watch(BOUNDS), threading.Event(), iter([ZeroDivisionError()])

    def faulty(_now: float, *, slept: bool) -> None:
        for fault in faults:
            raise fault
        went_on.set()

    with watch.exchange() as exchange:
        monkeypatch.setattr(exchange, "look", faulty)
        assert went_on.wait(10)
