"""Figure G7: the window with a queue of a million files: frames, stalls, memory, time and disk."""

from __future__ import annotations

import os
import random
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
from PySide6.QtCore import QEventLoop, QSize, Qt, QTimer
from PySide6.QtWidgets import QApplication

from s3gui.adapters.transfer_opening import open_transfers
from s3gui.collecting import collect_rarely, keep_what_is_loaded
from s3gui.core.events import PartProgress, PartsConfirmed, TransferChanged
from s3gui.core.profile import Profile
from s3gui.core.transfer import Batch, Destination, Transfer, TransferState, UploadOptions
from s3gui.gui.app import open_window, prefer_the_window
from s3gui.gui.main_window import MainWindow
from tests.stress.figure import Outcome

_BEAT_MILLISECONDS = 4
_MEBIBYTE = 1024**2
_PATIENCE_SECONDS = 300
_USUAL_SIZE = QSize(1240, 780)
_FRAME_SECONDS = 1 / 60
_RUNNING_UPLOADS = 10
_QUIET_LOAD = 1.0

LONGEST_FRAME_MILLISECONDS = 16
LONGEST_STALL_MILLISECONDS = 100
MOST_MEMORY_MIB = 300
MOST_DISK_MIB = 250
LONGEST_ADDING_SECONDS = 60
LONGEST_START_SECONDS = 2
LONGEST_CANCEL_SECONDS = 2


class Heart:
    """Beats in the window's event loop; a beat that comes late is a stall of the window."""

    def __init__(self) -> None:
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(_BEAT_MILLISECONDS)
        self._timer.timeout.connect(self._beat)
        self._process = psutil.Process()
        self._last = self._last_busy = 0.0
        self._beats = 0
        self.late_milliseconds: list[float] = []
        self.busy_milliseconds: list[float] = []
        self.most_memory_mib = 0.0

    def start(self) -> None:
        self.late_milliseconds.clear()
        self.busy_milliseconds.clear()
        self._last, self._last_busy = time.perf_counter(), time.thread_time()
        self._timer.start()

    def _beat(self) -> None:
        now = time.perf_counter()
        self.late_milliseconds.append((now - self._last) * 1000 - _BEAT_MILLISECONDS)
        self._last = now
        busy = time.thread_time()
        self.busy_milliseconds.append((busy - self._last_busy) * 1000)
        self._last_busy = busy
        self._beats += 1
        if self._beats % 25 == 0:
            memory = self._process.memory_info().rss / _MEBIBYTE
            self.most_memory_mib = max(self.most_memory_mib, memory)


class Bench:
    """The window and the loop around it, with a clock for each phase."""

    def __init__(self, window: MainWindow, outcome: Outcome) -> None:
        self.window = window
        self._outcome = outcome
        self.heart = Heart()

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """Note the worst beats of what happens inside, by the clock and by the thread's own work.

        The second leaves out how busy the machine is with others.
        """
        self.heart.start()
        started = time.perf_counter()
        yield
        outcome, heart = self._outcome, self.heart
        for kind, values in (("late", heart.late_milliseconds), ("busy", heart.busy_milliseconds)):
            ordered = sorted(values) or [0.0]
            p99 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]
            outcome.at_most(f"most ms {kind}, {name}", round(ordered[-1], 1))
            outcome.at_most(f"most ms {kind} p99, {name}", round(p99, 1))
        outcome.at_most(f"most s, {name}", round(time.perf_counter() - started, 2))

    def wait_until(self, holds: Callable[[], object]) -> None:
        ends_by = time.monotonic() + _PATIENCE_SECONDS
        while not holds():
            assert time.monotonic() < ends_by, "the window never got there"
            self.turn(0.005)

    def turn(self, seconds: float) -> None:
        """Let the window's loop run."""
        loop = QEventLoop()
        QTimer.singleShot(round(seconds * 1000), loop, loop.quit)
        loop.exec()


PROFILE = Profile("load", "Load", endpoint_url="http://127.0.0.1:9", allow_http=True)
"""Where nobody answers: its connection is held, and nothing is sent."""


def fill(home: Path, rows: int, state: TransferState = TransferState.QUEUED) -> None:
    """A queue of so many files in a batch, as if they had been dropped earlier."""
    journal = open_transfers(home, keep_queue=True)
    there = Destination("photos", "2024/")
    batch = journal.add_batch(Batch("load", there, PROFILE))
    options = UploadOptions()
    for first in range(0, rows, 5000):
        journal.add_transfers(
            [
                Transfer(
                    batch.id,
                    f"/home/ada/photos/2024/{n // 1000:04}/IMG_{n:07}.jpg",
                    Destination("photos", f"2024/{n // 1000:04}/IMG_{n:07}.jpg"),
                    4_000_000,
                    options=options,
                    state=state,
                )
                for n in range(first, min(first + 5000, rows))
            ]
        )
    journal.close()


def run_window_load(folder: Path, rows: int, seed: int) -> Outcome:
    """In this process, whose window it must be; with a folder of as many files in memory."""
    outcome = Outcome(done=rows)
    outcome.at_most("most load of the machine", os.getloadavg()[0])
    home = folder / "home"
    home.mkdir(mode=0o700)
    fill(home, rows)
    application = QApplication.instance() or QApplication([])
    assert application is not None
    collect_rarely()
    prefer_the_window()
    with _opened(home, outcome) as bench:
        _look_around(bench, random.Random(seed))
        _cancel_all(bench, rows, outcome)
    other = folder / "other"
    other.mkdir(mode=0o700)
    with _many_files(rows) as place, _opened(other, outcome, "empty") as bench:
        _add(bench, place, rows, outcome)
        queue = other / "transfers.sqlite"
        sizes = [each.stat().st_size for each in other.glob(queue.name + "*")]
        outcome.at_most("most MiB of disk", round(sum(sizes) / _MEBIBYTE, 1))
    _check(outcome)
    return outcome


@contextmanager
def _opened(home: Path, outcome: Outcome, what: str = "full") -> Iterator[Bench]:
    started = time.perf_counter()
    window = open_window(home=home)
    window.resize(_USUAL_SIZE)
    bench = Bench(window, outcome)
    with bench.phase(f"open {what}"):
        bench.turn(0.05)
        outcome.at_most(f"most s until shown, {what}", round(time.perf_counter() - started, 2))
        bench.wait_until(lambda: window.counters is not None and window.counters.is_known)
        bench.wait_until(lambda: window.session.background.is_idle)
        bench.turn(0.3)
    keep_what_is_loaded()  # as the program does after its first seconds
    yield bench
    outcome.at_most("most MiB of memory", round(bench.heart.most_memory_mib, 1))
    is_closed: list[bool] = []
    window.closed.connect(lambda: is_closed.append(True))
    window.leave()
    bench.wait_until(lambda: is_closed)


def _look_around(bench: Bench, chance: random.Random) -> None:
    panel = bench.window.transfers
    bar, model = panel.view.verticalScrollBar(), panel.view.model()
    bench.wait_until(lambda: model.rowCount() > 0)
    with bench.phase("scroll"):
        for _ in range(200):
            bar.setValue(int(bar.maximum() * chance.random()))
            bench.turn(_FRAME_SECONDS)
        bar.setValue(0)
        for _ in range(200):
            bar.setValue(bar.value() + 60)
            bench.turn(_FRAME_SECONDS)
    with bench.phase("filter"):
        for place in (4, 0, 2, 0):
            panel.pill_buttons.button(place).click()
            bench.turn(1)
        bench.wait_until(lambda: model.rowCount() > 0)
    with bench.phase("select all"):
        panel.view.selectAll()
        bench.turn(0.5)
        panel.view.clearSelection()
        bench.turn(0.5)


def _cancel_all(bench: Bench, rows: int, outcome: Outcome) -> None:
    workspace = bench.window.session.workspace
    assert workspace is not None
    with bench.phase("cancel all"):
        started = time.perf_counter()
        thread = threading.Thread(target=workspace.queue.cancel_all)
        thread.start()
        # From here on nothing of them starts, and no kill takes it back.
        noted = "SELECT 1 FROM cancel"
        bench.wait_until(lambda: workspace.transfers._read(noted) or not thread.is_alive())
        outcome.at_most("most s until the cancel held", round(time.perf_counter() - started, 2))
        bench.wait_until(lambda: not thread.is_alive())
        outcome.at_most("most s until all were cancelled", round(time.perf_counter() - started, 2))
        bench.turn(0.5)
    cancelled = workspace.transfers.counts()[TransferState.CANCELLED].files
    outcome.expect(cancelled == rows, f"{cancelled} of {rows} were cancelled")


@contextmanager
def _many_files(count: int) -> Iterator[Path]:
    """A thousand a folder, empty, in memory where that can be."""
    memory = Path("/dev/shm")
    place = Path(tempfile.mkdtemp(dir=memory if memory.is_dir() else None))
    try:
        for number in range(count):
            if number % 1000 == 0:
                folder = f"{place}/{number // 1000:04}"
                os.mkdir(folder)  # noqa: PTH102 - a million files
            os.close(os.open(f"{folder}/{number:07}.jpg", os.O_CREAT | os.O_WRONLY))
        yield place
    finally:
        shutil.rmtree(place)


def _add(bench: Bench, place: Path, rows: int, outcome: Outcome) -> None:
    """While ten uploads tell how far they are, a thousand times a second."""
    window = bench.window
    workspace, commands = window.session.workspace, window.commands
    assert workspace is not None
    assert commands is not None
    ending = threading.Event()
    thread = threading.Thread(target=_tell_progress, args=(window, ending))
    thread.start()
    with bench.phase("add"):
        started = time.perf_counter()
        commands.add([str(place)], Destination("photos", ""), UploadOptions(), PROFILE)
        model = window.transfers.view.model()
        bench.wait_until(lambda: not commands.is_reading)
        outcome.at_most("most s until added", round(time.perf_counter() - started, 2))
        bench.wait_until(lambda: model.rowCount() >= rows)
    ending.set()
    thread.join()
    added = sum(count.files for count in workspace.transfers.counts().values())
    outcome.expect(added == rows + _RUNNING_UPLOADS, f"{added} rows of {rows} files")


def _tell_progress(window: MainWindow, ending: threading.Event) -> None:
    """As the engine does; their rows are in the queue, but nothing is sent."""
    publish, workspace = window.session.signals.publish, window.session.workspace
    assert workspace is not None
    batch = workspace.transfers.add_batch(Batch("running", Destination("b", ""), PROFILE))
    row = Transfer(batch.id, "/x", Destination("b", "x"), 10**9, state=TransferState.RUNNING)
    for transfer_id in workspace.transfers.add_transfers([row] * _RUNNING_UPLOADS):
        running = workspace.transfers.transfer(transfer_id)
        assert running is not None
        publish(TransferChanged(running))
        publish(PartsConfirmed(transfer_id, 100, frozenset()))
    number = 0
    while not ending.wait(0.01):
        for transfer_id in range(1, _RUNNING_UPLOADS + 1):
            number += 1
            publish(PartProgress(transfer_id, number % 100 + 1, number % 10**7, 10**7))


def _check(outcome: Outcome) -> None:
    """By the clock where the machine had nothing else to do; by the thread's own work always."""
    facts = outcome.facts
    kinds = ["busy", "late"] if facts["most load of the machine"] < _QUIET_LOAD else ["busy"]
    for phase in ("scroll", "filter", "select all", "cancel all", "add"):
        for kind in kinds:
            worst, p99 = facts[f"most ms {kind}, {phase}"], facts[f"most ms {kind} p99, {phase}"]
            outcome.expect(
                worst <= LONGEST_STALL_MILLISECONDS, f"{phase}: {worst} ms {kind} at once"
            )
            outcome.expect(
                p99 <= LONGEST_FRAME_MILLISECONDS,
                f"{phase}: p99 of {p99} ms {kind}",
            )
    limits = {
        "most MiB of memory": MOST_MEMORY_MIB,
        "most MiB of disk": MOST_DISK_MIB,
        "most s until added": LONGEST_ADDING_SECONDS,
        "most s until shown, full": LONGEST_START_SECONDS,
        "most s until the cancel held": LONGEST_CANCEL_SECONDS,
    }
    for fact, limit in limits.items():
        outcome.expect(facts[fact] <= limit, f"{fact}: {facts[fact]}, wanted {limit}")
