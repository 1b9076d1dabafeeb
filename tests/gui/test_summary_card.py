from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from s3gui.core.transfer import Destination
from s3gui.gui.summary_card import SummaryCard
from s3gui.gui.work_round import RoundSummary
from tests.fakes.object_store import FakeObjectStore

FINE = RoundSummary(48, 2_310_000_000, 2_310_000_000, 71.0)
BAD = RoundSummary(2, 100, 100, 9.0, failed=1)


@pytest.fixture
def card(theme, qtbot):
    window = QWidget()
    column = QVBoxLayout(window)
    card = SummaryCard(theme)
    other = QPushButton("Other")
    column.addWidget(card)
    column.addWidget(other)
    qtbot.addWidget(window)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    other.setFocus()
    yield card
    window.close()


def looked(card: SummaryCard, seconds: int) -> None:
    for _second in range(seconds):
        card.count_look()


def test_it_says_what_the_work_came_to(card):
    card.show_round(FINE)
    assert card.isVisible()
    assert card.title.text() == "48 files uploaded and verified"
    assert card.facts.text() == "2.3 GB  ·  in 1 min  ·  32.5 MB/s on average"
    assert not card.failures_button.isVisible()


def test_after_half_a_minute_in_sight_it_goes_and_can_be_called_back(card):
    card.show_round(FINE)
    looked(card, 29)
    assert card.isVisible()
    looked(card, 1)
    assert not card.isVisible()
    card.open()
    assert card.isVisible()
    looked(card, 29)
    assert card.isVisible()


def test_it_makes_room_for_a_review_and_comes_back(card):
    card.show_round(FINE)
    card.give_way(True)
    assert not card.isVisible()
    card.show_round(BAD)
    assert not card.isVisible()
    card.give_way(True)
    card.give_way(False)
    assert card.isVisible()
    card.close_button.click()
    card.give_way(True)
    card.give_way(False)
    assert not card.isVisible()


def test_it_does_not_go_before_it_was_seen(card, monkeypatch):
    """Neither in the tray nor behind another program's window."""
    card.show_round(FINE)
    monkeypatch.setattr(card, "isActiveWindow", lambda: False)
    looked(card, 100)
    monkeypatch.undo()
    monkeypatch.setattr(card, "isVisible", lambda: False)
    looked(card, 100)
    monkeypatch.undo()
    assert card.isVisible()
    looked(card, 30)
    assert not card.isVisible()


def test_it_does_not_go_from_under_who_uses_it(card):
    card.show_round(FINE)
    card.receipt_button.setFocus()
    looked(card, 100)
    assert card.isVisible()


def test_with_failures_it_stays_until_it_is_closed(card, qtbot):
    card.show_round(BAD)
    looked(card, 1000)
    assert card.isVisible()
    with qtbot.waitSignal(card.failures_wanted):
        qtbot.mouseClick(card.failures_button, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(card.shown_or_hidden):
        card.close_button.click()
    assert card.isHidden()


def test_failures_that_are_tried_again_take_it_along(card, qtbot):
    card.show_round(BAD)
    card.heed_failed(12)
    card.heed_failed(12)
    assert card.isVisible()
    with qtbot.waitSignal(card.shown_or_hidden):
        card.heed_failed(11)
    assert card.isHidden()
    card.open()  # asked for: it stays
    card.heed_failed(11)
    assert card.isVisible()


def test_older_failures_that_are_tried_again_leave_a_summary_without_any(card):
    card.show_round(FINE)
    card.heed_failed(12)
    card.heed_failed(0)
    assert card.isVisible()


def test_one_quick_file_makes_no_fuss_but_is_kept(card, qtbot):
    with qtbot.waitSignal(card.shown_or_hidden):
        card.show_round(RoundSummary(1, 100, 100, 0.3))
    assert not card.isVisible()
    card.open()
    assert card.title.text() == "1 file uploaded and verified"


def test_links_of_nothing_cannot_be_copied(card):
    card.show_round(RoundSummary(failed=3))
    assert not card.links_button.isEnabled()
    assert card.title.text() == "Nothing was uploaded"


def test_each_kind_of_link_is_asked_for(card, qtbot):
    card.show_round(FINE)
    uris, urls, presigned = card.links_menu.actions()
    made = []
    card.links_wanted.connect(made.append)
    for action in (uris, urls, presigned.menu().actions()[1]):
        action.trigger()
    store, place = FakeObjectStore(), Destination("bucket", "a.bin")
    assert made[0] is None
    assert made[1](store, place) == store.url(place)
    assert made[2](store, place) == store.presigned_url(place, 86400)
