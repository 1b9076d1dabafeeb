"""Connections that are kept, and opened ahead, for requests that one thread has several of."""

import math
import threading
import time
from types import SimpleNamespace

import pytest

from s3gui.adapters import s3_kept
from s3gui.core.errors import Unreachable
from s3gui.core.transfer import Destination, UploadOptions
from s3gui.engine.source import MemoryBody
from tests.adapters.raw_server import Caller, answer_one_and_take_another, raw_server
from tests.adapters.sending import DATA, ignore


@pytest.fixture(autouse=True)
def line(monkeypatch):
    """Makes every line a long one where it is called; else none is, on a busy computer either."""
    monkeypatch.setattr(s3_kept, "_LONG_SECONDS", math.inf)
    return lambda: monkeypatch.setattr(s3_kept, "_LONG_SECONDS", -1.0)


def begin(store, *, only_if_absent=False):
    body = MemoryBody(DATA)
    return store.begin_put(
        Destination("bucket", "key"),
        body,
        store.checksums.of(body.blocks()),
        UploadOptions(),
        only_if_absent=only_if_absent,
        on_sent=ignore,
    )


def serve(caller: Caller):
    while caller.request()[0]:
        caller.answer()


def test_each_of_those_begun_together_has_a_connection_and_the_next_take_them_again():
    with raw_server(serve) as raw:
        store = raw.store()
        for _ in range(3):
            for end in [begin(store) for _ in range(4)]:
                end()
        assert raw.connections == 4


def serve_then_hang_up(caller: Caller):
    caller.request()
    caller.answer()
    caller.head()


def test_a_kept_connection_that_dies_is_replaced_at_the_end():
    with raw_server(serve_then_hang_up) as raw:
        store = raw.store()
        begin(store)()
        end, other = begin(store), begin(store)
        other()
        end()
        assert raw.connections == 3


def test_a_conditional_request_that_may_have_been_acted_on_is_not_repeated_at_the_end():
    with raw_server(answer_one_and_take_another) as raw:
        store = raw.store()
        begin(store, only_if_absent=True)()
        with pytest.raises(Unreachable):
            begin(store, only_if_absent=True)()
        assert raw.connections == 1


def test_on_a_long_line_connections_are_opened_ahead_of_the_next_requests(line):
    line()
    opened = threading.Semaphore(0)

    def greet(caller: Caller):
        opened.release()
        serve(caller)

    with raw_server(greet) as raw:
        store = raw.store()
        ends = [begin(store), begin(store)]  # the second sees that the first is awaited
        assert all(opened.acquire(timeout=10) for _ in range(3))
        _wait_for(lambda: sum(map(len, store._clients.sender._kept._idle.values())) == 1)
        ends += [begin(store)]
        for end in ends:
            end()
        assert raw.connections == 3


def test_what_was_opened_ahead_of_a_close_is_closed(line):
    line()
    with raw_server(serve) as raw:
        store = raw.store()
        ends = [begin(store), begin(store)]
        store._clients.sender.close()
        for end in ends:
            end()
        _wait_for(lambda: not any(each.name == "opening" for each in threading.enumerate()))
        assert not any(store._clients.sender._kept._idle.values())


def _wait_for(condition):
    ends_by = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < ends_by
        time.sleep(0.005)


def test_without_threads_to_open_ahead_each_request_opens_its_own(line, monkeypatch):
    def refuse(**_how):
        raise RuntimeError("can't start new thread")

    with raw_server(serve) as raw:
        store = raw.store()
        begin(store)()
        line()
        monkeypatch.setattr(s3_kept, "threading", SimpleNamespace(Thread=refuse))
        for end in [begin(store) for _ in range(3)]:
            end()
        assert raw.connections == 3
