from __future__ import annotations

import os
import subprocess
import sys
import threading
from concurrent.futures import FIRST_COMPLETED, wait

import pytest
from PySide6.QtCore import Qt

from s3gui.core.events import PartProgress
from s3gui.engine.stop import Stopped, StopReason
from s3gui.gui.bridge import EngineSignals, QtExecutor


@pytest.fixture
def executor(qapp):
    executor = QtExecutor(3)
    yield executor
    executor.shutdown()


def test_calls_run_in_qts_pool_and_their_results_can_be_waited_for(executor):
    futures = [executor.submit(pow, number, 2) for number in range(500)]
    done, late = wait(futures, timeout=30)
    assert not late
    assert sorted(future.result() for future in done) == [n * n for n in range(500)]


def test_no_more_run_at_once_than_the_pool_has_threads(executor):
    lock, running, most = threading.Lock(), [0], [0]
    barrier = threading.Barrier(3)

    def call() -> None:
        with lock:
            running[0] += 1
            most[0] = max(most[0], running[0])
        barrier.wait(10)
        with lock:
            running[0] -= 1

    wait([executor.submit(call) for _ in range(9)], timeout=30)
    assert most == [3]


@pytest.mark.parametrize(
    "error", [ValueError("no"), Stopped(StopReason.PAUSED), SystemExit(3)], ids=repr
)
def test_whatever_is_raised_ends_in_the_future(executor, error):
    def call() -> None:
        raise error

    assert executor.submit(call).exception(timeout=10) is error
    assert executor.submit(str, 1).result(timeout=10) == "1"


def test_the_first_of_several_can_be_waited_for(executor):
    go = threading.Event()
    slow, quick = executor.submit(go.wait, 10), executor.submit(int)
    done, _ = wait([slow, quick], timeout=10, return_when=FIRST_COMPLETED)
    assert done == {quick}
    go.set()


def test_shutting_down_waits_and_takes_nothing_more(executor):
    ended = threading.Event()
    future = executor.submit(ended.wait, 0.05)
    executor.shutdown()
    assert future.done()
    with pytest.raises(RuntimeError):
        executor.submit(int)


def test_shutting_down_can_cancel_what_has_not_begun(executor):
    go, begun = threading.Event(), threading.Barrier(4)

    def call() -> None:
        begun.wait(10)
        go.wait(10)

    running = [executor.submit(call) for _ in range(3)]
    begun.wait(10)
    waiting = [executor.submit(int) for _ in range(5)]
    executor.shutdown(wait=False, cancel_futures=True)
    go.set()
    executor.shutdown()
    assert all(future.cancelled() for future in waiting)
    assert all(future.done() and not future.cancelled() for future in running)


def test_events_of_any_thread_arrive_in_this_one_in_their_order(qapp, qtbot):
    signals = EngineSignals()
    heard: list[tuple[int, int]] = []
    signals.happened.connect(
        lambda event: heard.append((event.sent, threading.get_ident())),
        Qt.ConnectionType.QueuedConnection,
    )

    def publish() -> None:
        for sent in range(200):
            signals.publish(PartProgress(1, 1, sent, 200))

    thread = threading.Thread(target=publish)
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: len(heard) == 200)
    assert heard == [(sent, threading.get_ident()) for sent in range(200)]


def test_publishing_after_the_window_is_gone_does_nothing(qapp, qtbot):
    signals = EngineSignals()
    with qtbot.waitSignal(signals.destroyed):
        signals.deleteLater()
    signals.publish(PartProgress(1, 1, 0, 1))


EMIT_OFTEN = """
import time
from PySide6.QtCore import QCoreApplication, Qt
from s3gui.core.events import PartProgress
from s3gui.gui.bridge import EngineSignals
application = QCoreApplication([])
signals = EngineSignals()
heard = []
signals.happened.connect(heard.append, Qt.ConnectionType.QueuedConnection)
for sent in range(2000):
    signals.publish(PartProgress(1, 1, sent, 2000))
ends_by = time.monotonic() + 30
while len(heard) < 2000 and time.monotonic() < ends_by:
    application.processEvents()
print(len(heard))
"""


def test_two_thousand_events_do_not_kill_the_interpreter():
    """PySide6 6.12.0 aborts CPython 3.11 after about 550 emits: pyproject.toml keeps it out."""
    ended = subprocess.run(
        [sys.executable, "-c", EMIT_OFTEN],
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (ended.returncode, ended.stdout.strip()) == (0, "2000"), ended.stderr


def test_events_that_came_while_the_window_was_busy_cross_together(qapp, qtbot):
    signals = EngineSignals()
    crossings, heard = [], []
    signals._came.connect(lambda: crossings.append(1))
    signals.happened.connect(heard.append)
    for sent in range(600):
        signals.publish(PartProgress(1, 1, sent, 600))
    assert (len(crossings), heard) == (1, [])
    qtbot.waitUntil(lambda: len(heard) == 600)
    assert [event.sent for event in heard] == list(range(600))
    assert len(crossings) < 10
    signals.publish(PartProgress(1, 1, 600, 600))
    qtbot.waitUntil(lambda: len(heard) == 601)
