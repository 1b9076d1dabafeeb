from __future__ import annotations

import threading
import time

import pytest
from PySide6.QtCore import QModelIndex, Qt

from s3gui.bootstrap import memory_journal
from s3gui.core.transfer import TransferState
from s3gui.gui.bridge import EngineSignals
from s3gui.gui.event_feed import EventFeed
from s3gui.gui.live import LiveTransfers
from s3gui.gui.transfer_columns import ROW_ROLE, Column
from s3gui.gui.transfer_model import Filter, TransferModel
from tests.gui.queue_rows import QueueRows

ACTIVE = Filter(frozenset({TransferState.RUNNING}))


class World:
    """A model, fed with what happens to the rows of a journal in memory."""

    def __init__(self, background) -> None:
        self.journal = memory_journal()
        self.live = LiveTransfers(time.monotonic)
        self.signals = EngineSignals()
        self.feed = EventFeed(self.signals, self.live)
        self.rows = QueueRows(self.journal, self.feed.receive)
        self.model = TransferModel(self.journal, background, self.live)
        self.feed.flushed.connect(self.model.apply)
        self.model.reload()

    def names(self) -> list[str]:
        return [self.text(row, Column.FILE) for row in range(self.model.rowCount())]

    def text(self, row: int, column: Column) -> str:
        return self.model.index(row, column).data()

    def drawn(self) -> list[str]:
        """The table as text: one line a row."""
        return [
            f"{self.text(row, Column.FILE)} {self.text(row, Column.STATUS)}"
            for row in range(self.model.rowCount())
        ]


@pytest.fixture
def world(background, qtbot):
    world = World(background)
    yield world
    background.close()
    world.journal.close()


def test_rows_are_empty_until_they_were_read_and_then_say_everything(world, qtbot):
    world.rows.add(3)
    qtbot.waitUntil(lambda: world.model.rowCount() == 3)
    assert world.text(0, Column.STATUS) in {None, "Waiting"}
    qtbot.waitUntil(lambda: world.names() == ["000.nef", "001.nef", "002.nef"])
    index = world.model.index(1, Column.SIZE)
    assert index.data() == "100 B"
    assert "100 bytes" in index.data(Qt.ItemDataRole.ToolTipRole)
    assert world.model.index(1, Column.FILE).data(ROW_ROLE).transfer.size == 100


def test_a_row_follows_its_transfer(world, qtbot):
    ids = world.rows.add(2)
    world.rows.change(ids[1], TransferState.COMPLETED, sent_bytes=100)
    qtbot.waitUntil(lambda: world.drawn() == ["000.nef Waiting", "001.nef Verified ✓"])
    assert world.text(1, Column.PROGRESS) == "100%"


def test_many_rows_changed_at_once_are_read_anew(world, qtbot):
    ids = world.rows.add(3)
    qtbot.waitUntil(lambda: world.names()[-1:] == ["002.nef"])
    world.rows.change_many(ids[:2], TransferState.PAUSED)
    expected = ["000.nef Paused", "001.nef Paused", "002.nef Waiting"]
    qtbot.waitUntil(lambda: world.drawn() == expected)


def test_removed_rows_go(world, qtbot):
    ids = world.rows.add(3)
    qtbot.waitUntil(lambda: world.model.rowCount() == 3)
    world.rows.remove([ids[1]])
    qtbot.waitUntil(lambda: world.names() == ["000.nef", "002.nef"])


def test_a_filter_takes_rows_in_and_lets_them_go_in_the_order_of_age(world, qtbot):
    ids = world.rows.add(4)
    world.model.set_filter(ACTIVE)
    qtbot.waitUntil(lambda: world.model.rowCount() == 0)
    for each in (ids[2], ids[0], ids[3]):
        world.rows.change(each, TransferState.RUNNING)
    qtbot.waitUntil(lambda: world.names() == ["000.nef", "002.nef", "003.nef"])
    world.rows.change(ids[2], TransferState.FINISHING)
    qtbot.waitUntil(lambda: world.names() == ["000.nef", "003.nef"])


def test_what_happens_while_the_list_is_read_is_not_lost(world, qtbot):
    ids = world.rows.add(2)
    qtbot.waitUntil(lambda: world.model.rowCount() == 2)
    world.model.set_filter(ACTIVE)
    world.rows.change(ids[1], TransferState.RUNNING)
    world.feed.flush()
    qtbot.waitUntil(lambda: world.names() == ["001.nef"])


def test_new_rows_reach_a_filter_that_takes_them(world, qtbot):
    world.model.set_filter(Filter(frozenset({TransferState.QUEUED})))
    batch = world.rows.batch()
    world.rows.add(2, batch)
    world.feed.flush()
    world.rows.add(1, batch)
    qtbot.waitUntil(lambda: world.model.rowCount() == 3)


def test_a_batch_can_be_looked_at_alone(world, qtbot):
    world.rows.add(2)
    other = world.rows.batch("Card 2")
    ids = world.rows.add(3, other)
    world.model.set_filter(Filter(batch_id=other.id))
    qtbot.waitUntil(lambda: list(world.model.ids(0, 9)) == ids)
    world.rows.add(1)
    world.rows.add(1, other)
    qtbot.waitUntil(lambda: world.model.rowCount() == 4)


def test_two_drops_at_once_may_be_told_in_any_order(world, qtbot):
    told: list[object] = []
    late = QueueRows(world.journal, told.append)
    first = late.add(2)
    second = world.rows.add(2)
    world.feed.flush()
    for event in told:
        world.feed.receive(event)
    qtbot.waitUntil(lambda: list(world.model.ids(0, 9)) == sorted(first + second))


def test_the_last_filter_chosen_wins_however_quickly_they_change(world, qtbot):
    ids = world.rows.add(3)
    world.rows.change(ids[0], TransferState.RUNNING)
    qtbot.waitUntil(lambda: world.model.rowCount() == 3)
    for chosen in (ACTIVE, Filter(), ACTIVE, Filter(), ACTIVE):
        world.model.set_filter(chosen)
    qtbot.waitUntil(lambda: world.names() == ["000.nef"])


def test_the_gui_thread_never_reads_the_queue(world, qtbot):
    readers: set[int] = set()

    class Watched:
        def __getattr__(self, name):
            readers.add(threading.get_ident())
            return getattr(world.journal, name)

    world.model._transfers = world.model._rows._transfers = Watched()
    ids = world.rows.add(300)
    world.rows.change_many(ids, TransferState.PAUSED)
    world.model.set_filter(Filter(frozenset({TransferState.PAUSED})))
    qtbot.waitUntil(lambda: world.model.rowCount() == 300 and world.names()[0] == "000.nef")
    qtbot.waitUntil(lambda: "…" not in world.names())
    assert readers
    assert threading.get_ident() not in readers


def test_a_row_far_down_costs_as_much_as_the_first(world, qtbot):
    """The ids are all there, the rows are not: a window of them is read and kept."""
    batch = world.rows.batch()
    for _ in range(20):
        world.rows.add(500, batch)
    qtbot.waitUntil(lambda: world.model.rowCount() == 10_000)
    for row in range(0, 10_000, 100):
        world.model.row(row)
    qtbot.waitUntil(lambda: world.text(9_900, Column.FILE) == "400.nef")
    assert len(world.model._rows._kept) < 1_000


def test_a_tooltip_shows_foreign_text_as_it_is(world, qtbot):
    row = world.rows.add(1)[0]
    qtbot.waitUntil(lambda: world.names() == ["000.nef"])
    transfer = world.journal.transfer(row)
    from dataclasses import replace

    from s3gui.core.events import TransferChanged

    world.feed.receive(TransferChanged(replace(transfer, source="/a/<b>bold</b>\nnew")))
    world.feed.flush()
    hint = world.model.index(0, Column.FILE).data(Qt.ItemDataRole.ToolTipRole)
    assert "&lt;b&gt;bold&lt;/b&gt;\\u000anew" in hint


def test_the_model_keeps_qts_rules(world, qtmodeltester, qtbot):
    world.rows.add(3)
    qtbot.waitUntil(lambda: world.names()[:1] == ["000.nef"])
    qtmodeltester.check(world.model, force_py=True)
    assert world.model.rowCount(world.model.index(0, 0)) == 0
    assert world.model.columnCount(QModelIndex()) == len(Column)


def test_many_rows_that_change_do_not_have_others_painted(world, qtbot):
    ids = world.rows.add(300)
    qtbot.waitUntil(lambda: world.model.rowCount() == 300)
    painted: list[tuple[int, int]] = []
    for each in ids[100:200]:
        world.rows.change(each, TransferState.RUNNING)
    with qtbot.waitSignal(world.feed.flushed):
        world.model.dataChanged.connect(lambda top, end: painted.append((top.row(), end.row())))
    assert (100, 199) in painted
    assert all(100 <= top <= bottom < 200 for top, bottom in painted)
