from __future__ import annotations

import pytest
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from s3gui.gui.folding_row import FoldingRow


@pytest.fixture
def window(qtbot):
    layouts = QHBoxLayout(), QHBoxLayout()
    for layout in layouts:
        label = QLabel()
        label.setFixedSize(100, 20)
        layout.addWidget(label)
    window = QWidget()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(FoldingRow(*layouts))
    window.resize(300, 50)
    window.show()
    return window


@pytest.fixture
def row(window):
    return window.findChild(FoldingRow)


def test_two_rows_are_one_where_both_have_room(window, row):
    assert not row.is_folded
    window.resize(150, 50)
    assert row.is_folded
    window.resize(300, 50)
    assert not row.is_folded


def test_an_unfolded_row_asks_for_no_more_than_the_wider_of_its_halves(row):
    assert not row.is_folded
    assert row.minimumSizeHint().width() == 100


def test_it_folds_when_what_is_in_it_grows(row, qtbot):
    row.findChildren(QLabel)[0].setFixedSize(220, 20)
    qtbot.waitUntil(lambda: row.is_folded)
