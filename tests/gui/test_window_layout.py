from __future__ import annotations

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget

from s3gui.gui.window_layout import WindowLayout


class Part(QWidget):
    """Asks for some width."""

    def __init__(self, least: int, wanted: int) -> None:
        super().__init__()
        self._sizes = QSize(least, 40), QSize(wanted, 40)

    def minimumSizeHint(self) -> QSize:
        return self._sizes[0]

    def sizeHint(self) -> QSize:
        return self._sizes[1]


@pytest.fixture
def layout(qtbot):
    beside = Part(200, 300)
    beside.hide()
    layout = WindowLayout(
        above=(Part(100, 100),),
        left=Part(150, 230),
        middle=(Part(450, 500), Part(400, 500)),
        beside=beside,
        below=Part(100, 100),
    )
    qtbot.addWidget(layout)
    layout.resize(1200, 600)
    layout.show()
    return layout


def test_a_narrow_window_does_without_the_left_part_until_there_is_room(layout):
    shown = []
    layout.left_shown.connect(shown.append)
    assert layout._left.isVisible()
    assert layout.minimumSizeHint().width() < 150 + 450
    layout.resize(600, 600)
    assert not layout._left.isVisible()
    layout.resize(1200, 600)
    assert layout._left.isVisible()
    assert shown == [False, True]


def test_whoever_insists_on_the_left_part_has_it_in_a_wider_window(layout):
    layout.resize(600, 600)
    layout.want_left(True)
    assert layout._left.isVisible()
    assert layout.minimumSizeHint().width() > 150 + 450
    layout.resize(1200, 600)
    layout.resize(600, 600)  # it had room meanwhile: nobody insists any more
    assert not layout._left.isVisible()


def test_what_a_person_put_away_stays_away(layout):
    layout.want_left(False)
    assert not layout._left.isVisible()
    layout.resize(1600, 600)
    assert not layout._left.isVisible()


def test_the_part_on_the_right_takes_the_room_of_the_left_one(layout, qtbot):
    layout.resize(900, 600)
    assert layout._left.isVisible()
    layout.show_beside()
    assert not layout._left.isVisible()
    layout._beside.hide()
    qtbot.waitUntil(layout._left.isVisible)
