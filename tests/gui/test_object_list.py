from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import QPoint, Qt, QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QMenu

from s3gui.core.acl import CannedAcl
from s3gui.core.errors import AccessDenied, Unreachable
from s3gui.core.transfer import Destination
from s3gui.gui.new_prefix_dialog import NewPrefixDialog
from s3gui.gui.object_list import ObjectList
from s3gui.gui.question import Question
from tests.fakes.object_store import FakeObjectStore

PLACE = Destination("photos", "raw/")


@pytest.fixture
def objects(background, theme, qtbot):
    objects = ObjectList(background, theme)
    qtbot.addWidget(objects)
    objects.resize(700, 300)
    objects.show()
    return objects


@pytest.fixture
def photos(store):
    store.add_bucket("photos")
    return store


def put(store: FakeObjectStore, *keys: str) -> None:
    for key in keys:
        store.put_foreign(Destination("photos", key), b"bytes")


def names(objects: ObjectList) -> list[str]:
    model = objects.table.model()
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def show(objects: ObjectList, store: FakeObjectStore, qtbot, *expected: str) -> None:
    objects.set_place(store, PLACE)
    qtbot.waitUntil(lambda: names(objects) == list(expected))


def middle_of(objects: ObjectList, row: int) -> QPoint:
    return objects.table.visualRect(objects.model.index(row, 0)).center()


def menu_texts(objects: ObjectList) -> list[str]:
    return [action.text().replace("&", "") for action in objects.menu().actions()]


def choose(objects: ObjectList, text: str) -> None:
    menus = [objects.menu()]
    menus += menus[0].findChildren(QMenu)
    actions = [action for menu in menus for action in menu.actions()]
    next(each for each in actions if each.text().replace("&", "") == text).trigger()


def test_what_lies_under_the_prefix_is_listed_prefixes_first(objects, photos, qtbot):
    put(photos, "raw/a.nef", "raw/previews/a.jpg", "other.txt")
    show(objects, photos, qtbot, "previews", "a.nef")
    assert objects.table.isVisible()
    assert objects.drop_area.height() < 80


def test_an_empty_place_is_all_drop_area(objects, photos, qtbot):
    objects.set_place(photos, PLACE)
    assert objects.placeholder.sentence.text() == "Loading…"
    qtbot.waitUntil(lambda: not objects.placeholder.isVisible())
    assert not objects.table.isVisible()
    qtbot.waitUntil(lambda: objects.drop_area.height() == objects.height())


def test_an_empty_place_does_not_flicker_when_it_is_read_anew(objects, photos, qtbot):
    objects.set_place(photos, PLACE)
    qtbot.waitUntil(lambda: not objects.placeholder.isVisible())
    objects.refresh()
    assert objects.pages.is_loading
    assert not objects.placeholder.isVisible()
    assert not objects.drop_area._is_strip


def test_nothing_chosen_takes_no_files(objects, drag_files):
    objects.set_place(None, None)
    assert "Choose a bucket" in objects.drop_area.text
    assert not drag_files(objects.drop_area, "/a").drop(objects.drop_area.rect().center())


def test_an_error_is_shown_in_place_and_can_be_retried(objects, photos, qtbot):
    put(photos, "raw/a.nef")
    photos.fail("list_objects", Unreachable())
    objects.set_place(photos, PLACE)
    qtbot.waitUntil(lambda: "cannot be reached" in objects.placeholder.sentence.text())
    objects.placeholder.retry.click()
    qtbot.waitUntil(lambda: names(objects) == ["a.nef"])


def test_pages_are_read_as_far_as_one_scrolls(objects, qtbot):
    store = FakeObjectStore(page_size=50)
    store.add_bucket("photos")
    put(store, *(f"raw/{number:04}.nef" for number in range(500)))
    objects.set_place(store, PLACE)
    qtbot.waitUntil(lambda: len(names(objects)) == 50)
    assert store.count("list_objects") == 1
    bar = objects.table.verticalScrollBar()
    bar.setValue(bar.maximum())
    qtbot.waitUntil(lambda: len(names(objects)) == 100)
    assert store.count("list_objects") == 2

    def all_read() -> bool:
        bar.setValue(bar.maximum())
        return len(names(objects)) == 500

    qtbot.waitUntil(all_read)
    assert store.count("list_objects") == 10


def test_a_page_that_fails_keeps_the_rows_and_can_be_retried(objects, qtbot):
    store = FakeObjectStore(page_size=50)
    store.add_bucket("photos")
    put(store, *(f"raw/{number:04}.nef" for number in range(60)))
    objects.set_place(store, PLACE)
    qtbot.waitUntil(lambda: len(names(objects)) == 50)
    store.fail("list_objects", Unreachable())
    objects.table.verticalScrollBar().setValue(objects.table.verticalScrollBar().maximum())
    qtbot.waitUntil(objects.more_note.isVisible)
    assert len(names(objects)) == 50
    assert store.count("list_objects") == 2
    objects.more_retry.click()
    qtbot.waitUntil(lambda: len(names(objects)) == 60)
    assert not objects.more_note.isVisible()


def test_an_answer_about_a_former_place_is_ignored(objects, photos, qtbot):
    put(photos, "raw/old.nef", "new/new.nef")
    may_answer = threading.Event()
    photos.before["list_objects"] = lambda call: call.key == "raw/" and may_answer.wait(10)
    objects.set_place(photos, PLACE)
    qtbot.waitUntil(lambda: photos.count("list_objects") == 1)
    objects.set_place(photos, Destination("photos", "new/"))
    qtbot.waitUntil(lambda: names(objects) == ["new.nef"])
    may_answer.set()
    qtbot.waitUntil(lambda: objects.pages._background.is_idle)
    QApplication.processEvents()  # whatever was answered is taken
    assert names(objects) == ["new.nef"]


def test_refreshing_keeps_the_rows_until_the_answer_comes(objects, photos, qtbot):
    put(photos, "raw/a.nef")
    show(objects, photos, qtbot, "a.nef")
    put(photos, "raw/b.nef")
    qtbot.keyClick(objects.table, Qt.Key.Key_F5)
    assert names(objects) == ["a.nef"]
    qtbot.waitUntil(lambda: names(objects) == ["a.nef", "b.nef"])


def test_refreshing_keeps_what_is_selected_and_where_one_looked(objects, qtbot):
    store = FakeObjectStore(page_size=50)
    store.add_bucket("photos")
    put(store, *(f"raw/{number:04}.nef" for number in range(140)))
    objects.set_place(store, PLACE)
    qtbot.waitUntil(lambda: len(names(objects)) == 50)
    bar = objects.table.verticalScrollBar()
    bar.setValue(bar.maximum())
    qtbot.waitUntil(lambda: len(names(objects)) == 100)
    objects.table.selectRow(60)
    bar.setValue(50 * objects.table.rowHeight(0))
    looked_at = bar.value()
    put(store, "raw/0030b.nef")
    objects.refresh()
    qtbot.waitUntil(lambda: "0030b.nef" in names(objects))
    assert len(names(objects)) == 100
    assert [each.key for each in objects._selected_objects()] == ["raw/0060.nef"]
    assert objects.table.currentIndex().data() == "0060.nef"
    assert bar.value() == looked_at


def test_a_refresh_that_fails_says_so_and_can_be_retried(objects, photos, qtbot):
    put(photos, "raw/a.nef")
    show(objects, photos, qtbot, "a.nef")
    photos.fail("list_objects", Unreachable())
    objects.refresh()
    qtbot.waitUntil(objects.more_note.isVisible)
    put(photos, "raw/b.nef")
    objects.more_retry.click()
    qtbot.waitUntil(lambda: names(objects) == ["a.nef", "b.nef"])


@pytest.mark.parametrize("way", ["double click", "enter"])
def test_a_prefix_is_entered(way, objects, photos, qtbot):
    put(photos, "raw/previews/a.jpg")
    show(objects, photos, qtbot, "previews")
    with qtbot.waitSignal(objects.prefix_chosen) as chosen:
        if way == "enter":
            objects.table.selectRow(0)
            qtbot.keyClick(objects.table, Qt.Key.Key_Return)
        else:
            viewport, place = objects.table.viewport(), middle_of(objects, 0)
            qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=place)
            qtbot.mouseDClick(viewport, Qt.MouseButton.LeftButton, pos=place)
    assert chosen.args == [Destination("photos", "raw/previews/")]


def test_backspace_goes_up(objects, photos, qtbot):
    put(photos, "raw/a.nef")
    show(objects, photos, qtbot, "a.nef")
    with qtbot.waitSignal(objects.prefix_chosen) as chosen:
        qtbot.keyClick(objects.table, Qt.Key.Key_Backspace)
    assert chosen.args == [Destination("photos")]
    objects.set_place(photos, Destination("photos"))
    with qtbot.assertNotEmitted(objects.prefix_chosen):
        qtbot.keyClick(objects, Qt.Key.Key_Backspace)


def test_files_dropped_on_a_prefix_go_there_and_elsewhere_to_the_place(
    objects, photos, qtbot, drag_files
):
    put(photos, "raw/previews/a.jpg", "raw/a.nef")
    show(objects, photos, qtbot, "previews", "a.nef")
    drag = drag_files(objects.table.viewport(), "/files/a")
    assert drag.over(middle_of(objects, 0))
    assert objects.drop_area.text == "Upload to  s3://photos/raw/previews/"
    with qtbot.waitSignal(objects.paths_dropped) as dropped:
        drag.drop(middle_of(objects, 0))
    assert dropped.args == [["/files/a"], Destination("photos", "raw/previews/")]
    assert objects.drop_area.text.startswith("Drop files")
    with qtbot.waitSignal(objects.paths_dropped) as dropped:
        drag.drop(middle_of(objects, 1))
    assert dropped.args == [["/files/a"], PLACE]
    with qtbot.waitSignal(objects.paths_dropped) as dropped:
        drag_files(objects.drop_area, "/files/b").drop(objects.drop_area.rect().center())
    assert dropped.args == [["/files/b"], PLACE]


def test_addresses_are_copied(objects, photos, qtbot):
    put(photos, "raw/a.nef", "raw/b.nef")
    show(objects, photos, qtbot, "a.nef", "b.nef")
    objects.table.selectRow(0)
    clipboard = QGuiApplication.clipboard()
    with qtbot.waitSignal(objects.said):
        choose(objects, "Copy s3 URI")
    assert clipboard.text() == "s3://photos/raw/a.nef"
    with qtbot.waitSignal(objects.said):
        choose(objects, "Copy URL")
    assert clipboard.text() == "https://photos.example.com/raw/a.nef"
    for title, seconds in (("1 hour", 3600), ("1 day", 86_400), ("7 days", 604_800)):
        with qtbot.waitSignal(objects.said):
            choose(objects, f"Good for {title}")
        assert clipboard.text().endswith(f"X-Amz-Expires={seconds}")
    objects.table.selectAll()
    with qtbot.waitSignal(objects.said):
        qtbot.keyClick(objects.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert clipboard.text() == "s3://photos/raw/a.nef\ns3://photos/raw/b.nef"


def test_deleting_asks_first(objects, photos, qtbot):
    put(photos, "raw/a.nef", "raw/b.nef")
    show(objects, photos, qtbot, "a.nef", "b.nef")
    objects.table.selectRow(0)
    qtbot.keyClick(objects.table, Qt.Key.Key_Delete)
    question = objects.findChild(Question)
    assert "a.nef" in question.windowTitle()
    question.no_button.click()
    assert photos.count("delete") == 0
    qtbot.waitUntil(lambda: objects.findChild(Question) is None)
    choose(objects, "Delete…")
    with qtbot.waitSignal(objects.said) as said:
        objects.findChild(Question).yes_button.click()
    assert said.args == ["1 object deleted"]
    qtbot.waitUntil(lambda: names(objects) == ["b.nef"])


def test_several_objects_are_deleted_after_one_question(objects, photos, qtbot):
    put(photos, "raw/a.nef", "raw/b.nef", "raw/c/d.nef")
    show(objects, photos, qtbot, "c", "a.nef", "b.nef")
    objects.table.selectAll()
    qtbot.keyClick(objects.table, Qt.Key.Key_Delete)
    question = objects.findChild(Question)
    assert "2 objects" in question.windowTitle()
    question.yes_button.click()
    qtbot.waitUntil(lambda: names(objects) == ["c"])


def test_a_refused_delete_is_told_and_the_list_stays_true(objects, photos, qtbot):
    put(photos, "raw/a.nef", "raw/b.nef")
    show(objects, photos, qtbot, "a.nef", "b.nef")
    photos.before["delete"] = lambda call: photos.fail("delete", AccessDenied())
    objects.table.selectAll()
    objects.actions_of_objects.delete(objects._selected_objects())
    with qtbot.waitSignal(objects.error) as error:
        objects.findChild(Question).yes_button.click()
    assert isinstance(error.args[0], AccessDenied)
    qtbot.waitUntil(lambda: names(objects) == ["b.nef"])


def test_a_prefix_cannot_be_deleted_and_its_menu_offers_no_links(objects, photos, qtbot):
    put(photos, "raw/previews/a.jpg")
    show(objects, photos, qtbot, "previews")
    objects.table.selectRow(0)
    assert menu_texts(objects) == ["Open", "Copy s3 URI", "", "New prefix…", "Refresh"]
    qtbot.keyClick(objects.table, Qt.Key.Key_Delete)
    assert objects.findChild(Question) is None


def test_a_new_prefix_is_gone_to(objects, photos, qtbot):
    objects.set_place(photos, PLACE)
    choose(objects, "New prefix…")
    dialog = objects.findChild(NewPrefixDialog)
    dialog.name.setText("day1")
    with qtbot.waitSignal(objects.prefix_chosen) as chosen:
        dialog.accept_button.click()
    assert chosen.args == [Destination("photos", "raw/day1/")]


def test_the_menu_opens_where_it_is_asked_for(objects, photos, qtbot):
    put(photos, "raw/a.nef")
    show(objects, photos, qtbot, "a.nef")
    objects.table.customContextMenuRequested.emit(middle_of(objects, 0))
    menu = objects.findChild(QMenu)
    qtbot.waitUntil(menu.isVisible)
    menu.close()


def test_a_public_object_opens_in_the_browser(objects, photos, qtbot, monkeypatch):
    opened: list[str] = []
    answers = iter([True, False])

    def open_it(url: QUrl) -> bool:
        opened.append(url.toString())
        return next(answers)

    monkeypatch.setattr("s3gui.gui.browser.open_in_browser", open_it)
    photos.put_foreign(Destination("photos", "raw/a.nef"), b"bytes", CannedAcl.PUBLIC_READ)
    show(objects, photos, qtbot, "a.nef")
    objects.table.selectRow(0)
    choose(objects, "Open in the browser")
    url = photos.url(Destination("photos", "raw/a.nef"))
    qtbot.waitUntil(lambda: opened == [url])
    with qtbot.waitSignal(objects.error) as failed:
        choose(objects, "Open in the browser")
    assert "No browser" in failed.args[0].message


def test_what_is_not_public_is_not_opened_and_two_ways_out_are_told(
    objects, photos, qtbot, monkeypatch
):
    monkeypatch.setattr("s3gui.gui.browser.open_in_browser", pytest.fail)
    put(photos, "raw/a.nef")
    show(objects, photos, qtbot, "a.nef")
    objects.table.selectRow(0)
    with qtbot.waitSignal(objects.error) as failed:
        choose(objects, "Open in the browser")
    assert "not public" in failed.args[0].message
    assert "presigned link" in failed.args[0].advice
    assert "public access" in failed.args[0].advice


def test_whether_an_object_is_public_may_not_be_found_out(objects, photos, qtbot, monkeypatch):
    monkeypatch.setattr("s3gui.gui.browser.open_in_browser", pytest.fail)
    put(photos, "raw/a.nef")
    show(objects, photos, qtbot, "a.nef")
    objects.table.selectRow(0)
    photos.fail("is_public", Unreachable())
    with qtbot.waitSignal(objects.error) as failed:
        choose(objects, "Open in the browser")
    assert isinstance(failed.args[0], Unreachable)
