from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import QEvent, QItemSelectionModel, QObject, QPoint, Qt
from PySide6.QtGui import QColor, QGuiApplication, QRegion
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from s3gui.core.acl import CannedAcl
from s3gui.core.errors import AccessDenied, AclRefused, AlreadyExists, Failure, NoSuchBucket
from s3gui.core.events import ConnectionHeld, ConnectionReleased
from s3gui.core.transfer import ConflictRule, Transfer, TransferState, UploadOptions, WaitingFor
from s3gui.gui.transfer_columns import Column
from tests.gui.panel_world import PanelWorld
from tests.gui.queue_rows import PLACE

DENIED = AccessDenied().failure()
NO_ACLS = AclRefused().failure()


@pytest.fixture
def world(background, theme, qtbot):
    world = PanelWorld(background, theme)
    qtbot.addWidget(world.panel)
    yield world
    background.close()
    world.journal.close()


def press(button) -> None:
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def asked(world, qtbot, *call: object) -> None:
    qtbot.waitUntil(lambda: call in world.queue.calls)
    assert threading.get_ident() not in world.queue.threads


def test_pills_count_what_there_is(world, qtbot):
    ids = world.rows.add(5)
    world.rows.change(ids[0], TransferState.COMPLETED)
    world.rows.change(ids[1], TransferState.FAILED, failure=DENIED)
    world.rows.change(ids[2], TransferState.RUNNING)
    world.rows.change(ids[3], TransferState.PAUSED)
    expected = ["All 5", "Active 1", "Waiting 2", "Done 1", "Failed 1"]
    qtbot.waitUntil(lambda: world.pills() == expected)


def test_a_pill_filters_the_table(world, qtbot):
    ids = world.rows.add(3)
    world.rows.change(ids[1], TransferState.FAILED, failure=DENIED)
    qtbot.waitUntil(lambda: len(world.names()) == 3)
    press(world.panel.pill_buttons.button(4))
    qtbot.waitUntil(lambda: world.names() == ["001.nef"])
    press(world.panel.pill_buttons.button(1))
    qtbot.waitUntil(lambda: world.names() == [])
    assert not world.panel.view.isVisible()


def test_a_click_on_a_batch_shows_it_alone_and_another_click_all(world, qtbot):
    world.rows.add(2)
    world.rows.add(3, world.rows.batch("Card 2"))
    bar = world.panel.batches
    qtbot.waitUntil(lambda: [each.batch.name for each in bar.buttons] == ["Card 2", "Card 1"])
    qtbot.waitUntil(lambda: "0 of 3 files" in bar.buttons[0].accessibleName())
    press(bar.buttons[0])
    qtbot.waitUntil(lambda: world.model.rowCount() == 3)
    press(bar.buttons[0])
    qtbot.waitUntil(lambda: world.model.rowCount() == 5)


def test_the_tab_key_reaches_the_batches_between_the_buttons_above_and_the_table(world, qtbot):
    world.rows.add(2)
    world.rows.add(3, world.rows.batch("Card 2"))
    panel = world.panel
    qtbot.waitUntil(lambda: len(panel.batches.buttons) == 2)
    stops = [panel.retry_failed]
    while stops[-1] is not panel.view:
        stops.append(stops[-1].nextInFocusChain())
    batches = [each for each in stops if each in panel.batches.buttons]
    assert batches == panel.batches.buttons


def test_a_batch_is_done_when_the_rest_of_it_was_skipped(world, qtbot):
    sent, skipped = world.rows.add(2, size=4)
    world.rows.change(sent, TransferState.COMPLETED, sent_bytes=4)
    world.rows.change(skipped, TransferState.SKIPPED)
    bar = world.panel.batches
    qtbot.waitUntil(lambda: bool(bar.buttons))
    told = "2 of 2 files · 8 of 8 B · 1 skipped"
    qtbot.waitUntil(lambda: bar.buttons[0].accessibleName().endswith(told))
    full = QColor(world.panel.batches._theme.palette.ok)
    image = bar.buttons[0].grab().toImage()
    at_the_end = image.pixelColor(image.width() - 14, image.height() - 8)
    assert at_the_end == full


def test_one_file_alone_needs_no_batch_bar(world, qtbot):
    world.rows.add(1)
    qtbot.waitUntil(lambda: world.pills()[0] == "All 1")
    assert not world.panel.batches.isVisible()


def test_a_batchs_menu_acts_on_all_of_it_that_the_action_fits(world, qtbot):
    ids = world.rows.add(3)
    world.rows.change(ids[0], TransferState.COMPLETED)
    bar = world.panel.batches
    qtbot.waitUntil(lambda: bar.isVisible() and "1 of 3" in bar.buttons[0].accessibleName())
    actions = {each.text(): each for each in bar.buttons[0].build_menu().actions()}
    assert not actions["Resume"].isEnabled()
    actions["Pause"].trigger()
    asked(world, qtbot, "pause", ids[1:])


def test_a_batch_can_be_sent_first_or_last(world, qtbot):
    ids = world.rows.add(3)
    world.rows.change(ids[0], TransferState.COMPLETED)
    bar = world.panel.batches
    qtbot.waitUntil(lambda: bar.isVisible() and "1 of 3" in bar.buttons[0].accessibleName())
    for name, call in (("Send first", "send_first"), ("Send last", "send_last")):
        actions = {each.text(): each for each in bar.buttons[0].build_menu().actions()}
        actions[name].trigger()
        asked(world, qtbot, call, ids[1:])
    for each in ids[1:]:
        world.rows.change(each, TransferState.COMPLETED)
    qtbot.waitUntil(lambda: "3 of 3" in bar.buttons[0].accessibleName())
    actions = {each.text(): each for each in bar.buttons[0].build_menu().actions()}
    assert not actions["Send first"].isEnabled()


def test_all_can_be_paused_and_go_on(world, qtbot):
    ids = world.rows.add(2)
    qtbot.waitUntil(world.panel.pause_all.isEnabled)
    press(world.panel.pause_all)
    asked(world, qtbot, "pause_all")
    world.rows.change_many(ids, TransferState.PAUSED)
    qtbot.waitUntil(lambda: world.panel.pause_all.text() == "Resume all")
    press(world.panel.pause_all)
    asked(world, qtbot, "resume_all")


def test_what_failed_can_be_retried_together(world, qtbot):
    assert not world.panel.retry_failed.isEnabled()
    world.rows.change(world.rows.add(1)[0], TransferState.FAILED, failure=DENIED)
    qtbot.waitUntil(world.panel.retry_failed.isEnabled)
    press(world.panel.retry_failed)
    asked(world, qtbot, "retry_failed")


def test_equal_causes_are_one_banner_with_a_retry(world, qtbot):
    ids = world.rows.add(3)
    for each in ids[:2]:
        world.rows.change(each, TransferState.FAILED, failure=DENIED)
    banner = world.panel.banner
    qtbot.waitUntil(banner.isVisible)
    assert banner.text.text().startswith("2 files: Access denied.")
    assert banner.fix.text() == "Retry"
    press(banner.fix)
    asked(world, qtbot, "retry", ids[:2])
    assert not banner.isVisible()


@pytest.mark.parametrize("was_closed", [False, True])
def test_files_that_fail_again_for_another_cause_have_a_banner_that_says_so(
    world, qtbot, was_closed
):
    ids = world.rows.add(2)
    for each in ids:
        world.rows.change(each, TransferState.FAILED, failure=DENIED)
    banner = world.panel.banner
    qtbot.waitUntil(banner.isVisible)
    if was_closed:
        press(banner.close_button)
    for each in ids:  # so quickly that the counts are never seen without them
        world.rows.change(each, TransferState.FAILED, failure=NoSuchBucket().failure())
    qtbot.waitUntil(lambda: banner.text.text().startswith("2 files: The bucket does not exist."))


def test_one_failed_file_needs_no_banner(world, qtbot):
    world.rows.change(world.rows.add(2)[0], TransferState.FAILED, failure=DENIED)
    qtbot.waitUntil(lambda: world.pills()[-1] == "Failed 1")
    assert not world.panel.banner.isVisible()


def test_a_closed_banner_comes_back_only_for_other_files(world, qtbot):
    ids = world.rows.add(3)
    for each in ids[:2]:
        world.rows.change(each, TransferState.FAILED, failure=DENIED)
    banner = world.panel.banner
    qtbot.waitUntil(banner.isVisible)
    press(banner.close_button)
    world.counters.refresh()
    with qtbot.waitSignal(world.counters.changed):
        pass
    assert not banner.isVisible()
    world.rows.change(ids[2], TransferState.FAILED, failure=DENIED)
    qtbot.waitUntil(banner.isVisible)


def test_a_bucket_that_refuses_acls_is_asked_again_without_one(world, qtbot):
    batch = world.rows.batch()
    transfer_id = world.journal.add_transfers(
        [Transfer(batch.id, "/a", PLACE, 9, UploadOptions(acl=CannedAcl.PUBLIC_READ))]
    )[0]
    world.rows.change(transfer_id, TransferState.FAILED, failure=NO_ACLS)
    banner = world.panel.banner
    qtbot.waitUntil(banner.isVisible)
    assert banner.fix.text() == "Send without ACL"
    press(banner.fix)
    asked(world, qtbot, "retry", [transfer_id])
    assert world.journal.transfer(transfer_id).options.acl is CannedAcl.PRIVATE


def hold(profile_id: str, waiting_for: WaitingFor, message: str) -> ConnectionHeld:
    failure = Failure("unreachable", message, "Check the line.", retryable=True)
    return ConnectionHeld(profile_id, waiting_for, failure)


def test_a_held_connection_says_once_why_and_goes_on_when_told(world, qtbot):
    banner = world.panel.held
    world.feed.receive(hold("home", WaitingFor.NETWORK, "The service cannot be reached."))
    qtbot.waitUntil(banner.isVisible)
    assert banner.text.text() == "The service cannot be reached. Check the line."
    assert banner.fix.text() == "Try now"
    press(banner.fix)
    asked(world, qtbot, "release", "home")
    world.feed.receive(ConnectionReleased("home"))
    qtbot.waitUntil(lambda: not banner.isVisible())


def test_of_two_held_connections_the_other_is_shown_when_one_goes_on(world, qtbot):
    banner = world.panel.held
    world.feed.receive(hold("home", WaitingFor.NETWORK, "Home is away."))
    world.feed.receive(hold("work", WaitingFor.CREDENTIALS, "The sign-in ended."))
    qtbot.waitUntil(lambda: banner.text.text().startswith("The sign-in ended."))
    assert banner.fix.text() == "Go on"
    world.feed.receive(ConnectionReleased("work"))
    qtbot.waitUntil(lambda: banner.text.text().startswith("Home is away."))
    assert banner.isVisible()


def select(world, qtbot, *rows: int) -> list[int]:
    ids = [world.model.ids(row, row)[0] for row in rows]
    world.panel.view.select_ids(ids)
    qtbot.waitUntil(lambda: world.panel.view.selected_ids() == ids)
    return ids


def test_ctrl_p_pauses_what_is_selected_then_lets_it_go_on(world, qtbot):
    world.rows.add(3)
    qtbot.waitUntil(lambda: len(world.names()) == 3 and world.names()[0] == "000.nef")
    chosen = select(world, qtbot, 0, 2)
    world.panel._pause_chosen()
    asked(world, qtbot, "pause", chosen)
    world.rows.change_many(chosen, TransferState.PAUSED)
    qtbot.waitUntil(lambda: world.model.index(2, Column.STATUS).data() == "Paused")
    world.panel._pause_chosen()
    asked(world, qtbot, "resume", chosen)


def test_del_cancels_what_runs_and_takes_out_what_has_ended(world, qtbot):
    ids = world.rows.add(2)
    world.rows.change(ids[1], TransferState.COMPLETED)
    qtbot.waitUntil(lambda: len(world.names()) == 2 and world.names()[0] == "000.nef")
    select(world, qtbot, 0)
    QTest.keyClick(world.panel.view, Qt.Key.Key_Delete)
    asked(world, qtbot, "cancel", ids[:1])
    select(world, qtbot, 1)
    QTest.keyClick(world.panel.view, Qt.Key.Key_Delete)
    asked(world, qtbot, "remove", ids[1:])


def test_a_rows_own_buttons_act_on_that_row(world, qtbot):
    ids = world.rows.add(2)
    world.rows.change(ids[1], TransferState.FAILED, failure=DENIED)
    view = world.panel.view
    qtbot.waitUntil(lambda: world.model.index(1, Column.STATUS).data() == "Access denied")
    qtbot.waitUntil(lambda: world.names()[0] == "000.nef" and view.isVisible())
    for row, expected in ((0, "pause"), (1, "retry")):
        cell = view.visualRect(world.model.index(row, Column.ACTIONS))
        first_button = QPoint(cell.right() - 4 - 56 + 14, cell.center().y())
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=first_button)
        asked(world, qtbot, expected, [ids[row]])


def test_the_menu_offers_what_fits_the_selection(world, qtbot):
    ids = world.rows.add(1)
    world.rows.change(ids[0], TransferState.FAILED, failure=DENIED)
    qtbot.waitUntil(lambda: world.model.index(0, Column.STATUS).data() == "Access denied")
    select(world, qtbot, 0)
    menu = world.panel.view.build_menu()
    offered = {each.text() for each in menu.actions() if each.text() and each.isEnabled()}
    assert offered == {"Retry", "Remove from the list", "Copy s3 address", "Select all"}
    next(each for each in menu.actions() if each.text() == "Copy s3 address").trigger()
    assert QGuiApplication.clipboard().text() == "s3://photos/raw/000.nef"


def test_all_rows_are_selected_at_the_cost_of_one_range(world, qtbot):
    batch = world.rows.batch()
    for _ in range(10):
        world.rows.add(500, batch)
    qtbot.waitUntil(lambda: world.model.rowCount() == 5_000)
    world.panel.view.selectAll()
    assert len(world.panel.view.selected_ids()) == 5_000
    assert world.panel.view.selectionModel().selection().count() == 1
    # Sharing the selection, the header asks every row of every column on each repaint.
    header = world.panel.view.horizontalHeader()
    assert header.selectionModel() is not world.panel.view.selectionModel()


@pytest.mark.parametrize(("width", "shown"), [(1000, True), (560, False)])
def test_numbers_give_way_to_names_where_there_is_no_room(world, qtbot, width, shown):
    world.rows.add(2)
    view = world.panel.view
    world.panel.resize(width, 500)
    qtbot.waitUntil(lambda: view.isVisible() and view.isColumnHidden(Column.LEFT) is not shown)
    assert view.columnWidth(Column.FILE) > 100
    assert sum(view.columnWidth(column) for column in Column) == view.viewport().width()


def test_a_new_drop_shows_itself(world, qtbot):
    batch = world.rows.batch()
    world.rows.add(200, batch)
    qtbot.waitUntil(lambda: world.model.rowCount() == 200)
    newest = world.rows.add(2, world.rows.batch("Card 2"))
    world.feed.flush()
    row = world.model.row_of(newest[0])
    view = world.panel.view
    qtbot.waitUntil(
        lambda: view.viewport().rect().contains(view.visualRect(world.model.index(row, 0)))
    )


def test_the_selection_outlives_a_change_of_the_filter(world, qtbot):
    ids = world.rows.add(4)
    world.rows.change(ids[2], TransferState.FAILED, failure=DENIED)
    qtbot.waitUntil(lambda: world.model.rowCount() == 4)
    select(world, qtbot, 2)
    press(world.panel.pill_buttons.button(4))
    qtbot.waitUntil(lambda: world.model.rowCount() == 1)
    assert world.panel.view.selected_ids() == [ids[2]]


def test_files_that_exist_already_are_one_banner_with_the_choices(world, qtbot):
    ids = world.rows.add(3)
    for each in ids:
        world.rows.change(each, TransferState.FAILED, failure=AlreadyExists().failure())
    qtbot.waitUntil(lambda: world.panel.banner.text.text().startswith("3 files"))
    assert world.panel.banner.fix.menu() is world.panel.banner.conflict_menu
    titles = [each.text() for each in world.panel.banner.conflict_menu.actions()]
    assert "Stop and ask me" not in titles
    replace_them = world.panel.banner.conflict_menu.actions()[titles.index("Replace the object")]
    replace_them.trigger()
    qtbot.waitUntil(lambda: ("retry", ids) in world.queue.calls)
    rows = world.journal.transfers(ids)
    assert {row.options.on_conflict for row in rows} == {ConflictRule.REPLACE}


def test_home_and_end_lead_to_the_first_row_and_the_last(world, qtbot):
    ids = world.rows.add(30)
    qtbot.waitUntil(lambda: world.model.rowCount() == 30)
    view = world.panel.view
    view.setCurrentIndex(world.model.index(4, 0))
    QTest.keyClick(view, Qt.Key.Key_End)
    assert (view.selected_ids(), view.currentIndex().column()) == ([ids[-1]], 0)
    QTest.keyClick(view, Qt.Key.Key_Home, Qt.KeyboardModifier.ShiftModifier)
    assert view.selected_ids() == ids


class Repaints(QObject):
    """Keeps what of a widget was painted."""

    def __init__(self, widget):
        super().__init__(widget)
        self.region = QRegion()
        widget.installEventFilter(self)

    def eventFilter(self, watched, event):
        if event.type() is QEvent.Type.Paint:
            self.region = self.region.united(event.region())
        return super().eventFilter(watched, event)


def test_the_frame_leaves_the_whole_row_that_it_was_around(world, qtbot):
    world.rows.add(3)
    qtbot.waitUntil(lambda: len(world.names()) == 3 and world.panel.view.isVisible())
    view = world.panel.view
    view.setCurrentIndex(world.model.index(0, 0))
    view.clearSelection()
    painted = Repaints(view.viewport())
    QApplication.processEvents()
    painted.region = QRegion()
    view.selectionModel().setCurrentIndex(
        world.model.index(2, 0), QItemSelectionModel.SelectionFlag.NoUpdate
    )
    end_of_row = view.visualRect(world.model.index(0, Column.STATUS)).center()
    QApplication.processEvents()
    assert painted.region.contains(end_of_row)
