from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QComboBox,
    QLabel,
    QLineEdit,
)

from s3gui.core.acl import CannedAcl
from s3gui.core.errors import InputError
from s3gui.core.settings import Appearance, OnClosing, Settings
from s3gui.core.transfer import Destination, Transfer, TransferState
from s3gui.engine.ports import Count
from s3gui.gui import session as sessions
from s3gui.gui.close_dialog import CloseDialog
from s3gui.gui.connections import ConnectionState
from s3gui.gui.counters import Summary
from s3gui.gui.event_feed import Changes
from s3gui.gui.main_window import MainWindow
from s3gui.gui.palette import DARK
from s3gui.gui.session import Session
from s3gui.gui.settings_dialog import SettingsDialog
from s3gui.gui.theme import Theme
from tests.fakes.object_store import FakeObjectStore
from tests.gui.fake_states import fill
from tests.gui.fakes import FakeQueue
from tests.gui.queue_rows import PROFILE


@pytest.fixture
def home(tmp_path):
    return tmp_path / "home"


@pytest.fixture
def window(qapp, qtbot, home) -> Iterator[MainWindow]:
    theme = Theme()
    theme.apply(qapp, Appearance.LIGHT)
    session = Session(home)
    window = MainWindow(theme, session)
    window.show()
    session.open()
    qtbot.waitUntil(lambda: window.connections is not None)
    yield window
    if not window._is_closed:
        with qtbot.waitSignal(window.closed):
            window.leave()
    window.deleteLater()
    qapp.setStyleSheet("")


@pytest.fixture
def queue(window) -> FakeQueue:
    """Remembers what the window asks for instead of doing it."""
    queue = FakeQueue()
    window.commands._queue = queue
    return queue


@pytest.fixture
def in_bucket(window, qtbot):
    """A connection is open, and a bucket chosen."""
    store = FakeObjectStore()
    store.buckets["photos"] = next(iter(store.buckets.values()))
    window.connections.profile = PROFILE
    window.connections.store = store
    window.connections.opened.emit(store, PROFILE)
    window.connections._be(ConnectionState.CONNECTED)
    window.place_card.go(Destination("photos", "raw/"))
    assert window.destination == Destination("photos", "raw/")
    return store


def added(queue: FakeQueue) -> list[tuple[object, object]]:
    return [(call[1], call[2]) for call in queue.calls if call[0] == "add"]


def test_a_first_start_welcomes(window, qtbot):
    qtbot.waitUntil(window.welcome.isVisible)
    assert window.top_bar.connection.accessibleName().startswith("Connection: No connection")


def test_a_drop_anywhere_goes_to_the_destination(window, queue, in_bucket, drag_files, qtbot):
    assert drag_files(window, "/a", "/b").drop(QPoint(20, 20))
    qtbot.waitUntil(lambda: added(queue) == [(["/a", "/b"], Destination("photos", "raw/"))])


def test_while_files_are_held_the_drop_area_says_where_they_go(window, in_bucket, drag_files):
    drag = drag_files(window, "/a")
    drag.over(QPoint(20, 20))
    assert "s3://photos/raw/" in window.place_card.objects.drop_area.text
    drag.leave()


def test_files_can_be_pasted(window, queue, in_bucket, qtbot):
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile("/ä b")])
    QGuiApplication.clipboard().setMimeData(mime)
    window.paste()
    qtbot.waitUntil(lambda: added(queue) == [(["/ä b"], Destination("photos", "raw/"))])


def test_what_was_stored_here_is_listed_at_once_and_then_now_and_then(window, in_bucket, qtbot):
    listed = window.place_card.objects.model
    qtbot.waitUntil(lambda: window.place_card.objects.pages.is_known)
    for name in ("one.nef", "two.nef"):
        place = Destination("photos", f"raw/{name}")
        in_bucket.put_foreign(place, b"1")
        stored = Transfer(1, f"/{name}", place, 1, state=TransferState.COMPLETED)
        window.place_card.apply(Changes(changed={1: stored}))
        if name == "one.nef":
            qtbot.waitUntil(lambda: listed.rowCount() == 1, timeout=1_000)
    assert listed.rowCount() == 1
    window.place_card._refresh.setInterval(0)  # as if its time had come
    qtbot.waitUntil(lambda: listed.rowCount() == 2)


def test_a_bucket_that_does_not_exist_is_said_to_and_not_kept_in_the_list(window, in_bucket, qtbot):
    rows = window.buckets.model
    window.place_card.go(Destination("photso"))
    assert rows.index_of("photso").isValid()
    qtbot.waitUntil(window.place_card.objects.placeholder.isVisible)
    qtbot.waitUntil(lambda: not rows.index_of("photso").isValid())
    assert window.destination == Destination("photso")
    assert rows.index_of("photos").isValid()


def test_a_bucket_that_is_taken_off_the_list_is_left(window, in_bucket):
    window.buckets.bucket_forgotten.emit("another")
    assert window.destination == Destination("photos", "raw/")
    window.buckets.bucket_forgotten.emit("photos")
    assert window.destination is None


def test_pasting_something_else_says_what_to_do(window, queue, in_bucket):
    QGuiApplication.clipboard().setText("hello")
    window.paste()
    assert "clipboard holds no files" in window.banner.text.text()


def test_files_without_a_bucket_wait_for_one(window, queue, qtbot):
    window.add(["/a", "/b"])
    assert window.banner.text.text() == "2 items wait. Choose a bucket for them."
    window.connections.profile = PROFILE
    window.connections.store = FakeObjectStore()
    window.connections.opened.emit(window.connections.store, PROFILE)
    window.place_card.go(Destination("photos"))
    assert window.banner.text.text() == "2 items wait. Upload to s3://photos/?"
    window.banner.fix.click()
    qtbot.waitUntil(lambda: added(queue) == [(["/a", "/b"], Destination("photos"))])
    assert not window.banner.isVisible()


def test_what_waits_for_a_bucket_is_joined_by_what_comes_after_it(window, queue, qtbot):
    window.add(["/a", "/b"])
    window.add(["/b", "/c"])
    assert window.banner.text.text() == "3 items wait. Choose a bucket for them."
    window.banner.dismiss()
    window.add(["/d"])
    assert window.banner.text.text() == "1 item waits. Choose a bucket for it."


def test_what_came_before_the_queue_was_open_still_waits_afterwards(qapp, qtbot, home):
    session = Session(home)
    window = MainWindow(Theme(), session)
    window.show()
    window.add(["/a"])
    window.show_error(InputError("Something else."))
    session.open()
    qtbot.waitUntil(lambda: window.connections is not None)
    assert window.banner.text.text() == "1 item waits. Choose a bucket for it."
    with qtbot.waitSignal(window.closed):
        window.leave()
    window.deleteLater()
    qapp.setStyleSheet("")


def test_a_public_choice_for_one_bucket_is_none_for_another(window, queue, in_bucket, qtbot):
    window.place_card.destination_bar.access._choose(CannedAcl.PUBLIC_READ)
    window.add(["/a"])
    window.add(["/b"], Destination("other"))
    qtbot.waitUntil(lambda: len(queue.calls) == 2)
    acls = {call[1][0]: call[3].acl for call in queue.calls}
    assert acls == {"/a": CannedAcl.PUBLIC_READ, "/b": CannedAcl.PRIVATE}


def test_closing_an_idle_window_asks_nothing(window, qtbot):
    with qtbot.waitSignal(window.closed):
        window.close()
    assert not window.isVisible()


def run_something(window) -> None:
    window.counters = SimpleNamespace(
        is_known=True, summary=Summary({TransferState.RUNNING: Count(1, 100, 0)})
    )


def test_closing_while_transfers_run_asks_first(window, qtbot):
    run_something(window)
    window.close()
    question = window.findChild(CloseDialog)
    assert question is not None
    window.close()
    assert len(window.findChildren(CloseDialog)) == 1
    question.cancel_button.click()
    assert window.isVisible()
    qtbot.waitUntil(lambda: window.findChild(CloseDialog) is None)
    window.close()
    with qtbot.waitSignal(window.closed):
        window.findChild(CloseDialog).pause_button.click()


def test_settings_apply_at_once_and_are_saved(window, qtbot):
    changed = Settings(appearance=Appearance.DARK, parts_at_once=3)
    window.dialogs._change_settings(Settings(), changed)
    assert window.theme.palette is DARK
    saved = window.session.workspace.settings
    qtbot.waitUntil(lambda: saved.load().parts_at_once == 3)


def test_the_settings_dialog_leaves_what_was_chosen_elsewhere_meanwhile(window):
    window.dialogs.settings()
    dialog = window.findChild(SettingsDialog)
    session = window.session
    session.change_settings(replace(session.settings, on_closing=OnClosing.TRAY, finished_days=7))
    assert dialog.running.on_closing.currentData() == OnClosing.TRAY
    dialog.running.notifies.click()
    assert session.settings == replace(
        Settings(on_closing=OnClosing.TRAY, finished_days=7),
        notifies=False,
        last_profile_id=session.settings.last_profile_id,
    )
    dialog.accept()


def test_a_queue_that_another_window_owns_says_so(window, home, qapp, qtbot, monkeypatch):
    monkeypatch.setattr(sessions, "_WAITED_FOR_THE_QUEUE_SECONDS", 0)
    session = Session(home)
    other = MainWindow(Theme(), session)
    other.show()
    session.open()
    qtbot.waitUntil(other.banner.isVisible)
    assert other.banner.fix.text() == "Try again"
    with qtbot.waitSignal(window.closed):
        window.leave()
    other.banner.fix.click()
    qtbot.waitUntil(lambda: other.connections is not None)
    with qtbot.waitSignal(other.closed):
        other.leave()
    other.deleteLater()


def test_every_state_is_drawn_in_light_and_dark(window, qapp, qtbot):
    """What the screenshots show; a painter that fails would fail here."""
    fill(
        window.session.workspace.transfers,
        window.session.signals.publish,
        lambda _seconds: None,
        waiting=20,
    )
    qtbot.waitUntil(lambda: window.transfers.pill_buttons.button(0).text() == "All 31")
    light = window.grab().toImage()
    window.theme.apply(qapp, Appearance.DARK)
    dark = window.grab().toImage()
    assert light.pixelColor(3, 3).lightness() > 200
    assert dark.pixelColor(3, 3).lightness() < 50


def controls(window) -> list:
    kinds = (QAbstractButton, QAbstractItemView, QAbstractSpinBox, QComboBox, QLineEdit)
    found = [each for kind in kinds for each in window.findChildren(kind)]
    return [
        each
        for each in found
        if each.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not each.isHidden()
        and each.window() is window
    ]


def test_every_control_has_a_name(window):
    for control in controls(window):
        said = control.accessibleName() or getattr(control, "text", str)()
        assert said, f"{control} in {control.parent()}"


def test_tab_walks_from_the_top_to_the_bottom(window, in_bucket, qtbot):
    qtbot.waitUntil(window.place_card.isVisible)
    walked = []
    widget = window.top_bar.connection
    while widget not in walked:
        walked.append(widget)
        widget = widget.nextInFocusChain()
    order = [
        walked.index(each)
        for each in (
            window.top_bar.connection,
            window.top_bar.add_folder,
            window.top_bar.add_files,
            window.top_bar.menu_button,
            window.buckets.filter,
            window.buckets.list,
            window.place_card.destination_bar.access,
            window.place_card.objects.table,
            window.transfers.pill_buttons.button(0),
            window.transfers.pause_all,
            window.transfers.view,
        )
    ]
    assert order == sorted(order)


def test_labels_show_foreign_text_as_it_is(window):
    rich = [
        label
        for label in window.findChildren(QLabel)
        if label.textFormat() != Qt.TextFormat.PlainText and label.text()
    ]
    assert rich == []


def test_no_two_actions_share_a_key(window):
    keys = [key.toString() for action in window.findChildren(QAction) for key in action.shortcuts()]
    assert sorted(keys) == sorted(set(keys))
    assert {"Ctrl+O", "Ctrl+Shift+O", "Ctrl+V", "Ctrl+,", "F5"} <= set(keys)


def test_the_bucket_list_can_be_put_away(window):
    action = next(each for each in window.top_bar.menu.actions() if each.text() == "Show buckets")
    action.trigger()
    assert not window.buckets.isVisible()
    action.trigger()
    assert window.buckets.isVisible()
