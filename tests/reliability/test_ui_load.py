"""Rows U: the window under load, in small; `python -m tests.stress G7` measures it in full.

How long a frame takes is judged by the work of the window's own thread, so that a machine that is
busy with other things changes nothing.
"""

import json
import math
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s3gui.adapters.transfer_codec import TRANSFER_COLUMNS
from s3gui.adapters.transfer_db import TransferDb
from s3gui.core.errors import Failure
from s3gui.core.events import PartCompleted, PartFailed, PartProgress, PartsConfirmed
from s3gui.core.transfer import Batch, Destination, Transfer, TransferState
from s3gui.engine.stop import Stop
from s3gui.gui.background import Background
from s3gui.gui.bridge import EngineSignals
from s3gui.gui.counters import Counters
from s3gui.gui.event_feed import EventFeed
from s3gui.gui.live import LiveTransfers
from s3gui.gui.queue_commands import QueueCommands
from s3gui.gui.transfer_text import left_text, percent
from tests.gui.queue_rows import PLACE, PROFILE, QueueRows
from tests.stress.figure import a_seed
from tests.stress.soak import run_soak

ROWS = 20_000
TOP = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def load():
    """What the window did with so many rows, in a process of its own; measured once."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.stress", "G7", "--count", str(ROWS)],
        cwd=TOP,
        capture_output=True,
        check=False,
        text=True,
        timeout=280,
    )
    [result] = json.loads(done.stdout)
    assert result["done"] == ROWS, done.stderr
    return result


@pytest.mark.row("U-01")
@pytest.mark.timeout(300)
@pytest.mark.parametrize("phase", ["scroll", "filter", "select all", "cancel all"])
def test_the_window_never_works_long_at_once_with_many_rows(load, phase):
    assert load["facts"][f"most ms busy, {phase}"] <= 100
    assert load["facts"][f"most ms busy p99, {phase}"] <= 30


@pytest.mark.row("U-01")
@pytest.mark.timeout(300)
def test_many_rows_cost_little_memory_and_disk_and_are_all_cancelled(load):
    assert load["facts"]["most MiB of memory"] <= 300
    assert load["facts"]["most MiB of disk"] <= ROWS / 1000
    assert not [each for each in load["failures"] if "were cancelled" in each and "of" in each[:9]]


@pytest.mark.row("U-03")
@pytest.mark.timeout(300)
def test_a_folder_is_added_during_ten_uploads_and_the_window_goes_on_drawing(load):
    assert load["facts"]["most ms busy, add"] <= 100
    assert load["facts"]["most ms busy p99, add"] <= 50
    assert not [each for each in load["failures"] if "rows of" in each]


@pytest.mark.row("U-03")
def test_a_scan_that_is_cancelled_keeps_what_it_found_and_looks_no_further(qapp, qtbot, tmp_path):
    journal = TransferDb(":memory:")
    stopped: list[Stop] = []

    def add(paths, destination, options, profile, *, stop, **_):
        stopped.append(stop)
        assert stop.wait(30)
        stop.check()

    background = Background()
    commands = QueueCommands(SimpleNamespace(add=add), journal, background)
    commands.add([str(tmp_path)], PLACE, None, PROFILE)
    assert commands.is_reading
    commands.stop_reading()
    qtbot.waitUntil(lambda: not commands.is_reading)
    assert background.close()
    journal.close()


@pytest.mark.row("U-02")
def test_ten_thousand_reports_a_second_are_drawn_at_most_twenty_times(qapp, qtbot):
    live = LiveTransfers(time.monotonic)
    signals = EngineSignals()
    feed = EventFeed(signals, live)
    rows = QueueRows(TransferDb(":memory:"), signals.publish)
    ids = rows.add(10)
    for transfer_id in ids:
        rows.change(transfer_id, TransferState.RUNNING)
        signals.publish(PartsConfirmed(transfer_id, 100, frozenset()))
    flushes = []
    feed.flushed.connect(lambda changes: flushes.append((time.monotonic(), changes)))
    started = time.monotonic()
    for number in range(10_000):
        signals.publish(PartProgress(ids[number % 10], number % 100 + 1, number, 10_000))

    def has_heard_all():
        parts = live.get(ids[9])
        assert parts is not None
        assert parts.in_flight.get(100) == (9999, 10_000)

    qtbot.waitUntil(has_heard_all, timeout=30_000)
    qtbot.wait(300)
    seconds = time.monotonic() - started
    told = [changes for _, changes in flushes if changes.progressed]
    assert told
    assert set().union(*(changes.progressed for changes in told)) == set(ids)
    assert len(flushes) <= 20 * seconds + 2


@pytest.mark.row("U-04")
def test_a_hundred_thousand_failures_are_grouped_by_their_causes_and_hardly_read(
    qapp, qtbot, monkeypatch
):
    journal = TransferDb(":memory:")
    batch = journal.add_batch(Batch("b", PLACE, PROFILE))
    rows = [
        Transfer(
            batch.id,
            "/x",
            Destination("photos", "x"),
            1,
            state=TransferState.FAILED,
            failure=Failure(code, f"{code} happened"),
        )
        for code in ("denied", "denied", "gone", "changed")
    ]
    journal.add_transfers(rows)
    columns = ", ".join(TRANSFER_COLUMNS)
    for _ in range(15):
        again = f"INSERT INTO transfer ({columns}) SELECT {columns} FROM transfer"
        journal._writer.execute(again)
    read: list[int] = []
    transfers = journal.transfers
    monkeypatch.setattr(journal, "transfers", lambda ids: read.extend(ids) or transfers(ids))
    background = Background()
    counters = Counters(journal, background)
    with qtbot.waitSignal(counters.changed, timeout=60_000):
        counters.refresh()
    groups = {group.failure.code: len(group.ids) for group in counters.summary.failures}
    assert groups == {"denied": 2**16, "gone": 2**15, "changed": 2**15}
    assert len(read) == 3
    assert background.close()
    journal.close()


EVENTS = st.lists(
    st.one_of(
        st.builds(PartsConfirmed, st.just(1), st.just(4), st.frozensets(st.integers(1, 4))),
        st.builds(PartProgress, st.just(1), st.integers(0, 4), st.integers(0, 25), st.just(25)),
        st.builds(PartCompleted, st.just(1), st.integers(0, 4), st.just(25)),
        st.builds(PartFailed, st.just(1), st.integers(0, 4), st.just("no"), st.booleans()),
        st.floats(0, 5, allow_subnormal=False),
        st.sampled_from([state for state in TransferState if state.is_active]),
    ),
    max_size=40,
)


@pytest.mark.row("U-05")
@given(EVENTS)
def test_progress_is_never_whole_before_it_is_verified_and_time_left_is_always_a_time(events):
    now = [0.0]
    live = LiveTransfers(lambda: now[0])
    row = Transfer(1, "/x", Destination("b", "k"), 100, id=1, part_size=25)
    row = _in_state(row, TransferState.RUNNING)
    live.changed(row)
    for event in events:
        if isinstance(event, float):
            now[0] += event
            live.measure()
        elif isinstance(event, TransferState):
            row = _in_state(row, event)
            live.changed(row)
        else:
            live.apply(event)
        parts = live.get(1)
        share = percent(row, parts)
        assert share is None or 0 <= share <= 99
        left = parts.seconds_left
        assert left is None or (left >= 0 and math.isfinite(left))
        assert "-" not in left_text(row, parts)
        assert "inf" not in left_text(row, parts)
    done = _in_state(row, TransferState.COMPLETED)
    live.changed(done)
    assert percent(done, live.get(1)) == 100


def _in_state(row, state):
    return Transfer(
        row.batch_id, row.source, row.destination, row.size, id=1, part_size=25, state=state
    )


@pytest.mark.row("U-06")
@pytest.mark.timeout(280)
def test_a_soak_in_small_leaves_neither_handles_nor_threads_nor_memory_behind(tmp_path):
    outcome = run_soak(tmp_path, 600, a_seed())
    assert outcome.failures == []
