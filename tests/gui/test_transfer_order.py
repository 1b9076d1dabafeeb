"""Searching, sorting, and what goes first."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QDragLeaveEvent
from PySide6.QtWidgets import QApplication

from s3gui.core.errors import AccessDenied, AlreadyExists
from s3gui.core.transfer import TransferState, WaitingFor
from s3gui.engine.order import TransferOrder
from s3gui.engine.ranking import Ranking
from s3gui.gui.transfer_actions import Place
from s3gui.gui.transfer_columns import Column
from tests.gui.panel_world import PanelWorld


@pytest.fixture
def world(background, theme, qtbot):
    world = PanelWorld(background, theme)
    qtbot.addWidget(world.panel)
    yield world
    world.journal.close()


def click_heading(world: PanelWorld, column: Column) -> None:
    world.panel.view.horizontalHeader().sectionClicked.emit(column)


def test_a_part_of_a_key_finds_transfers(world, qtbot):
    world.rows.add(12)
    qtbot.waitUntil(lambda: world.model.rowCount() == 12)
    world.panel.search.open()
    qtbot.keyClicks(world.panel.search.field, "01")
    qtbot.waitUntil(lambda: world.names() == ["001.nef", "010.nef", "011.nef"])
    qtbot.keyClick(world.panel.search.field, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: world.model.rowCount() == 12)
    assert world.panel.search.isHidden()


def test_what_comes_during_a_search_is_looked_at_too(world, qtbot):
    world.panel.search.open()
    qtbot.keyClicks(world.panel.search.field, "003")
    qtbot.waitUntil(lambda: world.model.filter.text == "003")
    world.rows.add(5)
    qtbot.waitUntil(lambda: world.names() == ["003.nef"])


def test_a_click_on_a_heading_sorts_and_a_third_one_goes_back(world, qtbot):
    batch = world.rows.batch()
    for size in (200, 300, 100):
        world.rows.add(1, batch, size=size)
    qtbot.waitUntil(lambda: world.model.rowCount() == 3)

    def sizes() -> list[str]:
        return [world.model.index(row, Column.SIZE).data() for row in range(3)]

    click_heading(world, Column.SIZE)
    qtbot.waitUntil(lambda: sizes() == ["100 B", "200 B", "300 B"])
    assert world.model.headerData(Column.SIZE, Qt.Orientation.Horizontal) == "Size ↑"
    click_heading(world, Column.SIZE)
    qtbot.waitUntil(lambda: sizes() == ["300 B", "200 B", "100 B"])
    click_heading(world, Column.SIZE)
    qtbot.waitUntil(lambda: sizes() == ["200 B", "300 B", "100 B"])


def test_another_order_is_shown_from_its_beginning(world, qtbot):
    world.rows.add(200)
    qtbot.waitUntil(lambda: world.model.rowCount() == 200)
    world.panel.view.scrollToBottom()
    click_heading(world, Column.FILE)
    click_heading(world, Column.FILE)
    qtbot.waitUntil(lambda: world.names()[0] == "199.nef")
    assert world.panel.view.verticalScrollBar().value() == 0


def test_sorted_rows_are_sorted_again_when_they_change(world, qtbot):
    ids = world.rows.add(3)
    qtbot.waitUntil(lambda: world.model.rowCount() == 3)
    click_heading(world, Column.STATUS)
    world.rows.change(ids[0], TransferState.FAILED)
    qtbot.waitUntil(lambda: world.names()[-1] == "000.nef")
    assert world.model.row_of(ids[0]) == 2


def test_what_needs_a_person_has_a_pill_of_its_own(world, qtbot):
    ids = world.rows.add(4)
    world.rows.change(ids[0], TransferState.FAILED, failure=AlreadyExists().failure())
    world.rows.change(ids[1], TransferState.FAILED, failure=AccessDenied().failure())
    row = world.rows.change(ids[2], TransferState.WAITING)
    world.journal.save(replace(row, waiting_for=WaitingFor.CREDENTIALS))
    world.rows.change_many([], TransferState.WAITING)
    qtbot.waitUntil(lambda: "Needs you 2" in world.pills())
    world.panel.pill_buttons.button(5).click()
    qtbot.waitUntil(lambda: world.names() == ["000.nef", "002.nef"])


def test_the_pill_goes_when_nothing_needs_a_person(world, qtbot):
    world.rows.add(1)
    qtbot.waitUntil(lambda: world.pills()[0] == "All 1")
    assert not any(text.startswith("Needs you") for text in world.pills())


def test_the_menu_sends_what_is_chosen_first(world, qtbot):
    ids = world.rows.add(3)
    qtbot.waitUntil(lambda: world.model.rowCount() == 3)
    world.panel.view.selectRow(2)
    world.panel.view.place_wanted.emit(Place.FIRST, world.panel.view.selected_ids())
    qtbot.waitUntil(lambda: ("send_first", [ids[2]]) in world.queue.calls)
    assert world.model.filter.order is TransferOrder.QUEUE


def test_rows_dropped_on_another_go_before_it(world, qtbot):
    ids = world.rows.add(4)
    view = world.panel.view
    qtbot.waitUntil(lambda: world.names() == ["000.nef", "001.nef", "002.nef", "003.nef"])
    view.selectRow(3)
    place = view.visualRect(view.model().index(1, 0)).center()
    assert view._drag._target(place) == ids[1]
    view._drag.dropped.emit(view.selected_ids(), ids[1])
    qtbot.waitUntil(lambda: ("send_before", [ids[3]], ids[1]) in world.queue.calls)


def test_a_line_shows_where_dragged_rows_would_go(world, qtbot):
    world.rows.add(3)
    view = world.panel.view
    qtbot.waitUntil(lambda: len(world.names()) == 3 and view.isVisible())
    row = view.visualRect(world.model.index(1, 0))
    line = view._drag.line
    view._drag._show_line(row.center())
    assert line.isVisible()
    assert abs(line.geometry().center().y() - row.top()) <= 1
    painted = view.viewport().grab().toImage().pixelColor(row.center().x(), row.top())
    assert painted == QColor(line._theme.palette.accent)
    view._drag._show_line(QPoint(row.center().x(), view.viewport().height() - 1))
    assert not line.isVisible()
    view._drag._show_line(row.center())
    QApplication.sendEvent(view.viewport(), QDragLeaveEvent())
    assert not line.isVisible()


def test_only_what_waits_can_be_dragged(world, qtbot):
    ids = world.rows.add(2)
    world.rows.change(ids[0], TransferState.RUNNING)
    qtbot.waitUntil(lambda: world.model.rowCount() == 2)
    draggable = Qt.ItemFlag.ItemIsDragEnabled

    def can_be_dragged() -> list[bool]:
        return [bool(world.model.index(row, 0).flags() & draggable) for row in (0, 1)]

    qtbot.waitUntil(lambda: can_be_dragged() == [False, True])


def test_files_dropped_on_the_table_are_left_to_the_window(world, drag_files):
    view = world.panel.view
    assert not drag_files(view.viewport(), "/a").over(view.rect().center())


def test_the_order_of_the_queue_is_what_is_sent_next(world):
    ids = world.rows.add(5)
    ranking = Ranking(world.journal, lambda _ids: None)
    ranking.send_first([ids[3]])
    ranking.send_last([ids[0]])
    ranking.send_before([ids[4]], ids[2])
    wanted = [ids[3], ids[1], ids[4], ids[2], ids[0]]
    assert [each.id for each in world.journal.next_queued(9)] == wanted
    assert world.journal.ids(order=TransferOrder.QUEUE) == wanted
