"""The thread that cuts what must end."""

import socket

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
