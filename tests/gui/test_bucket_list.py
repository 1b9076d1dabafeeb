from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication

from s3gui.core.errors import AccessDenied, Unreachable
from s3gui.core.transfer import Destination
from s3gui.engine.ports import Bucket, BucketRules
from s3gui.gui.bucket_list import BucketList
from s3gui.gui.bucket_model import BucketModel
from s3gui.gui.new_bucket_dialog import NewBucketDialog
from s3gui.gui.open_bucket_dialog import OpenBucketDialog
from tests.fakes.object_store import FakeObjectStore


@pytest.fixture
def buckets(background, theme, qtbot):
    buckets = BucketList(background, theme)
    qtbot.addWidget(buckets)
    buckets.resize(230, 500)
    buckets.show()
    return buckets


def shown(buckets: BucketList) -> list[str]:
    model = buckets.list.model()
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def advice(buckets: BucketList) -> str:
    assert buckets.placeholder.isVisible()
    return f"{buckets.placeholder.sentence.text()} {buckets.placeholder.advice.text()}"


def middle_of(buckets: BucketList, name: str):
    return buckets.list.visualRect(buckets.model.index_of(name)).center()


def test_the_buckets_are_listed_by_name_with_their_number(buckets, store, profile, qtbot):
    for name in ("website", "backups", "photos"):
        store.add_bucket(name)
    buckets.set_connection(store, profile)
    assert "Loading" in advice(buckets)
    qtbot.waitUntil(lambda: shown(buckets) == ["backups", "photos", "website"])
    assert buckets.count_label.text() == "3"
    assert buckets.list.isVisible()


def offers_buttons(buckets: BucketList) -> list[bool]:
    return [button.isEnabled() for button in (buckets.new_button, buckets.open_button)]


def test_no_connection_says_so_and_offers_nothing(buckets, store, profile):
    assert "No connection" in advice(buckets)
    assert offers_buttons(buckets) == [False, False]
    buckets.set_connection(store, profile)
    assert offers_buttons(buckets) == [True, True]
    buckets.set_connection(None, None)
    assert offers_buttons(buckets) == [False, False]


def test_a_service_without_buckets_says_so(buckets, store, profile, qtbot):
    buckets.set_connection(store, profile)
    qtbot.waitUntil(lambda: "No buckets yet" in advice(buckets))


def test_an_error_is_one_sentence_and_can_be_retried(buckets, store, profile, qtbot):
    store.add_bucket("photos")
    store.fail("list_buckets", Unreachable())
    buckets.set_connection(store, profile)
    qtbot.waitUntil(lambda: "cannot be reached" in advice(buckets))
    buckets.filter.setText("x")
    assert "cannot be reached" in advice(buckets)
    buckets.filter.clear()
    buckets.placeholder.retry.click()
    qtbot.waitUntil(lambda: shown(buckets) == ["photos"])


def test_a_refresh_that_fails_keeps_the_buckets_and_says_why(buckets, store, profile, qtbot):
    store.add_bucket("photos")
    buckets.set_connection(store, profile)
    qtbot.waitUntil(lambda: shown(buckets) == ["photos"])
    store.fail("list_buckets", Unreachable())
    buckets.refresh()
    qtbot.waitUntil(buckets.note.isVisible)
    assert "cannot be reached" in buckets.note.text()
    assert buckets.list.isVisible()
    buckets.refresh()
    qtbot.waitUntil(lambda: not buckets.note.isVisible())


def test_a_surprise_in_the_listing_is_shown_as_an_error_too(buckets, store, profile, qtbot):
    store.fail("list_buckets", ZeroDivisionError())
    buckets.set_connection(store, profile)
    qtbot.waitUntil(lambda: "unexpected" in advice(buckets))


def test_a_key_that_may_not_list_gets_a_hint_and_no_error(buckets, store, profile, qtbot):
    store.fail("list_buckets", AccessDenied())
    buckets.set_connection(store, profile)
    qtbot.waitUntil(lambda: "may not list buckets" in advice(buckets))
    assert not buckets.placeholder.retry.isVisible()


def test_a_bucket_that_was_opened_by_name_survives_a_refused_listing(
    buckets, store, profile, qtbot
):
    store.fail("list_buckets", AccessDenied(), times=2)
    buckets.set_connection(store, profile)
    qtbot.waitUntil(lambda: "may not list buckets" in advice(buckets))
    buckets.select("hidden")
    buckets.refresh()
    qtbot.waitUntil(lambda: store.count("list_buckets") == 2)
    qtbot.waitUntil(lambda: buckets.list.isVisible() and shown(buckets) == ["hidden"])


def test_an_answer_of_a_former_connection_is_ignored(buckets, store, profile, qtbot):
    slow, may_answer = FakeObjectStore(), threading.Event()
    slow.before["list_buckets"] = lambda _: may_answer.wait(10)
    buckets.set_connection(slow, profile)
    qtbot.waitUntil(lambda: slow.count("list_buckets") == 1)
    store.add_bucket("photos")
    buckets.set_connection(store, profile)
    qtbot.waitUntil(lambda: shown(buckets) == ["photos"])
    may_answer.set()
    qtbot.waitUntil(lambda: buckets._background.is_idle)
    QApplication.processEvents()  # whatever was answered is taken
    assert shown(buckets) == ["photos"]


def test_the_filter_finds_a_part_of_the_name_in_any_case(buckets, store, profile, qtbot):
    store.add_bucket("photos-2026")
    store.add_bucket("backups")
    buckets.set_connection(store, profile)
    qtbot.waitUntil(lambda: len(shown(buckets)) == 2)
    qtbot.keyClicks(buckets.filter, "TOS")
    assert shown(buckets) == ["photos-2026"]
    qtbot.keyClicks(buckets.filter, "x")
    assert "No bucket matches" in advice(buckets)


@pytest.mark.parametrize("way", ["click", "enter"])
def test_a_bucket_is_chosen_by_mouse_and_by_keyboard(way, buckets, store, profile, qtbot):
    store.add_bucket("photos")
    buckets.set_connection(store, profile)
    qtbot.waitUntil(lambda: shown(buckets) == ["photos"])
    with qtbot.waitSignal(buckets.bucket_chosen) as chosen:
        if way == "click":
            place = middle_of(buckets, "photos")
            qtbot.mouseClick(buckets.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
        else:
            buckets.list.setFocus()
            qtbot.keyClick(buckets.list, Qt.Key.Key_Down)
            qtbot.keyClick(buckets.list, Qt.Key.Key_Return)
    assert chosen.args == ["photos"]


def test_a_row_takes_dropped_files_and_says_so_while_they_hover(
    buckets, store, profile, qtbot, drag_files
):
    store.add_bucket("backups")
    store.add_bucket("photos")
    buckets.set_connection(store, profile)
    qtbot.waitUntil(lambda: len(shown(buckets)) == 2)
    plain = buckets.list.viewport().grab().toImage()
    place = middle_of(buckets, "photos")
    drag = drag_files(buckets.list.viewport(), "/files/a.bin", "/files/folder")
    assert drag.over(place)
    assert buckets.list.viewport().grab().toImage() != plain
    drag.leave()
    assert buckets.list.viewport().grab().toImage() == plain
    with qtbot.waitSignal(buckets.paths_dropped) as dropped:
        assert drag.drop(place)
    assert dropped.args == [["/files/a.bin", "/files/folder"], Destination("photos")]


def test_the_room_below_the_rows_takes_nothing(buckets, store, profile, qtbot, drag_files):
    store.add_bucket("photos")
    buckets.set_connection(store, profile)
    qtbot.waitUntil(lambda: shown(buckets) == ["photos"])
    below = buckets.list.viewport().rect().bottomLeft()
    drag = drag_files(buckets.list.viewport(), "/files/a.bin")
    with qtbot.assertNotEmitted(buckets.paths_dropped):
        assert not drag.over(below)
        assert not drag.drop(below)


def test_f5_lists_anew(buckets, store, profile, qtbot):
    buckets.set_connection(store, profile)
    qtbot.waitUntil(lambda: "No buckets yet" in advice(buckets))
    store.add_bucket("photos")
    qtbot.keyClick(buckets, Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: shown(buckets) == ["photos"])


def test_a_new_bucket_is_listed_selected_and_chosen(buckets, store, profile, qtbot):
    buckets.set_connection(store, profile)
    buckets.new_button.click()
    dialog = buckets.findChild(NewBucketDialog)
    dialog.name.setText("photos-2026")
    with qtbot.waitSignal(buckets.bucket_chosen) as chosen:
        dialog.accept_button.click()
    assert chosen.args == ["photos-2026"]
    assert buckets.list.currentIndex().data() == "photos-2026"
    qtbot.waitUntil(lambda: store.count("list_buckets") == 2)


def test_a_place_can_be_opened_by_name(buckets, store, profile, qtbot):
    buckets.set_connection(store, profile)
    buckets.open_button.click()
    dialog = buckets.findChild(OpenBucketDialog)
    dialog.name.setText("hidden/november")
    with qtbot.waitSignal(buckets.destination_chosen) as chosen:
        dialog.accept_button.click()
    assert chosen.args == [Destination("hidden", "november/")]
    assert shown(buckets) == ["hidden"]


def offers(buckets: BucketList, name: str) -> dict[str, QAction]:
    menu = buckets.menu(buckets.model.index_of(name))
    return {action.text(): action for action in menu.actions()}


def test_only_a_bucket_that_was_opened_by_name_can_be_taken_off_the_list(buckets, qtbot):
    buckets.model.set_listed([Bucket("photos")])
    buckets.select("photso")
    buckets.select("photos")
    assert "Remove from the list" not in offers(buckets, "photos")
    with qtbot.waitSignal(buckets.bucket_forgotten) as forgotten:
        offers(buckets, "photso")["Remove from the list"].trigger()
    assert forgotten.args == ["photso"]
    assert shown(buckets) == ["photos"]
    buckets.forget("photos")
    assert shown(buckets) == ["photos"]


def test_a_row_tells_its_region_and_whether_acls_are_disabled_in_words(qtmodeltester):
    model = BucketModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.start("us-east-1")
    model.set_listed([Bucket("far", "eu-west-1"), Bucket("near", "us-east-1")])
    model.set_rules("near", BucketRules(acls_enabled=False))
    far, near = model.index(0), model.index(1)
    spoken = Qt.ItemDataRole.AccessibleTextRole
    assert far.data(spoken) == "far, Region eu-west-1"
    assert near.data(spoken).startswith("near, ACLs are disabled")
    assert model.row(near).region == ""


def test_a_name_that_would_hide_is_written_out():
    model = BucketModel()
    model.set_listed([Bucket("evil\u202ebucket")])
    assert model.index(0).data() == "evil\\u202ebucket"


def test_the_dark_palette_is_worn_when_the_theme_changes(buckets, theme):
    theme.changed.emit()
    assert not buckets.new_button.icon().isNull()
