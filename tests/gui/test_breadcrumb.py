from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from s3gui.core.transfer import Destination
from s3gui.gui.breadcrumb import Breadcrumb

PLACE = Destination("photos", "november/raw/")


@pytest.fixture
def breadcrumb(qtbot):
    breadcrumb = Breadcrumb()
    qtbot.addWidget(breadcrumb)
    breadcrumb.resize(500, 40)
    breadcrumb.show()
    breadcrumb.set_destination(PLACE)
    return breadcrumb


def steps(breadcrumb: Breadcrumb) -> list[str]:
    return [button.text() for button in breadcrumb.path.buttons if button.isVisible()]


def test_every_step_can_be_clicked(breadcrumb, qtbot):
    assert steps(breadcrumb) == ["photos", "november", "raw"]
    for number, key in enumerate(["", "november/", "november/raw/"]):
        with qtbot.waitSignal(breadcrumb.destination_chosen) as chosen:
            breadcrumb.path.buttons[number].click()
        assert chosen.args == [Destination("photos", key)]


def test_no_bucket_is_said_in_words(breadcrumb):
    breadcrumb.set_destination(None)
    assert steps(breadcrumb) == []
    breadcrumb.edit()
    assert breadcrumb.editor.text() == "s3://"


def test_a_click_on_the_empty_part_lets_one_type(breadcrumb, qtbot):
    assert not breadcrumb.is_editing
    qtbot.mouseClick(
        breadcrumb.path, Qt.MouseButton.LeftButton, pos=breadcrumb.path.rect().center()
    )
    assert breadcrumb.is_editing
    assert breadcrumb.editor.text() == "s3://photos/november/raw/"
    assert breadcrumb.editor.selectedText() == breadcrumb.editor.text()


def test_enter_goes_where_was_typed(breadcrumb, qtbot):
    breadcrumb.edit()
    breadcrumb.editor.setText("s3://backups/2026")
    with qtbot.waitSignal(breadcrumb.destination_chosen) as chosen:
        qtbot.keyClick(breadcrumb.editor, Qt.Key.Key_Return)
    assert chosen.args == [Destination("backups", "2026/")]
    assert not breadcrumb.is_editing


def test_esc_reverts(breadcrumb, qtbot):
    breadcrumb.edit()
    breadcrumb.editor.setText("s3://backups/")
    with qtbot.assertNotEmitted(breadcrumb.destination_chosen):
        qtbot.keyClick(breadcrumb.editor, Qt.Key.Key_Escape)
    assert not breadcrumb.is_editing
    assert steps(breadcrumb) == ["photos", "november", "raw"]


def test_going_elsewhere_reverts(breadcrumb, qtbot):
    other = QLineEdit(breadcrumb)
    other.show()
    with qtbot.waitActive(breadcrumb):
        breadcrumb.activateWindow()
    breadcrumb.edit()
    other.setFocus()
    assert not breadcrumb.is_editing


def test_bad_input_gets_one_sentence_that_goes_when_one_types_on(breadcrumb, qtbot):
    breadcrumb.edit()
    breadcrumb.editor.setText("https://photos")
    with qtbot.assertNotEmitted(breadcrumb.destination_chosen):
        qtbot.keyClick(breadcrumb.editor, Qt.Key.Key_Return)
    assert breadcrumb.is_editing
    assert breadcrumb.note.isVisible()
    assert breadcrumb.note.text().endswith(".")
    qtbot.keyClicks(breadcrumb.editor, "x")
    assert not breadcrumb.note.isVisible()


def test_a_long_way_hides_its_middle_in_a_menu(breadcrumb, qtbot):
    key = "".join(f"a long prefix {number}/" for number in range(12))
    breadcrumb.set_destination(Destination("photos", key))
    qtbot.waitUntil(lambda: len(steps(breadcrumb)) < 12)
    assert steps(breadcrumb)[0] == "photos"
    assert steps(breadcrumb)[-1] == "a long prefix 11"
    last = breadcrumb.path.buttons[-1]
    assert last.geometry().right() <= breadcrumb.path.width()
    hidden = breadcrumb.path.more.menu().actions()
    assert len(hidden) + len(steps(breadcrumb)) == 13
    with qtbot.waitSignal(breadcrumb.destination_chosen) as chosen:
        hidden[0].trigger()
    assert chosen.args == [Destination("photos", "a long prefix 0/")]
    breadcrumb.resize(3000, 40)
    qtbot.waitUntil(lambda: len(steps(breadcrumb)) == 13)
    assert not breadcrumb.path.more.isVisible()


def test_names_too_long_for_the_room_are_shortened(breadcrumb, qtbot):
    breadcrumb.set_destination(Destination("b" * 63, "p" * 400 + "/"))
    breadcrumb.resize(240, 40)
    last = breadcrumb.path.buttons[-1]
    qtbot.waitUntil(lambda: last.geometry().right() <= breadcrumb.path.width())
    assert "…" in last.text()


def test_odd_names_are_shown_as_they_are(breadcrumb):
    breadcrumb.set_destination(Destination("photos", "a&b//evil\u202e/"))
    assert steps(breadcrumb) == ["photos", "a&&b", "/", "evil\\u202e"]
