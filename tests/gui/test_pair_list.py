from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from s3gui.gui.pair_list import PairList

TAB = Qt.FocusPolicy.TabFocus


@pytest.fixture
def pairs(qtbot):
    pairs = PairList("Metadata")
    qtbot.addWidget(pairs)
    pairs.show()
    return pairs


def test_there_is_always_a_row_to_type_into_and_empty_rows_do_not_count(pairs, qtbot):
    assert pairs.pairs() == []
    qtbot.keyClicks(pairs._rows[0][0], "author")
    qtbot.keyClicks(pairs._rows[0][1], "me")
    pairs.add_button.click()
    assert pairs.pairs() == [("author", "me")]


def test_a_value_without_a_name_is_not_lost_in_silence(pairs, qtbot):
    qtbot.keyClicks(pairs._rows[0][1], "me")
    assert pairs.pairs() == [("", "me")]


def test_rows_are_removed_one_by_one_and_keep_their_order(pairs):
    pairs.set_pairs([("a", "1"), ("b", "2"), ("c", "3")])
    pairs._rows[1][2].click()
    assert pairs.pairs() == [("a", "1"), ("c", "3")]
    assert [row[0].accessibleName() for row in pairs._rows] == ["Name 1", "Name 2", "Name 3"]


def test_a_new_row_is_ready_for_typing_and_in_sight(pairs, qtbot):
    pairs.set_pairs([(str(number), "") for number in range(40)])
    pairs.add_button.click()
    name = pairs._rows[-1][0]
    qtbot.waitUntil(lambda: not name.visibleRegion().isEmpty())


def test_the_keys_go_from_row_to_row_and_to_nothing_unseen_between(pairs):
    stops = [each for each in pairs.findChildren(QWidget) if each.focusPolicy() & TAB]
    assert set(stops) == {*pairs._rows[0], pairs.add_button}
