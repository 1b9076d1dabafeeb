import pytest
from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtWidgets import QWidget

from s3gui.gui import app
from s3gui.gui.first_geometry import fit_into


@pytest.fixture
def window(qtbot) -> QWidget:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(1240, 780)
    window.move(300, 200)
    return window


def test_a_large_screen_leaves_a_window_as_it_is(window):
    fit_into(QRect(0, 0, 1920, 1080), window)
    assert window.geometry() == QRect(300, 200, 1240, 780)


@pytest.mark.parametrize(
    ("room", "size"),
    [
        (QRect(0, 0, 1366, 768), QSize(1240, 728)),
        (QRect(66, 32, 1300, 736), QSize(1240, 696)),
        (QRect(0, 0, 1024, 600), QSize(1008, 560)),
        (QRect(0, 24, 1280, 1000), QSize(1240, 780)),
    ],
)
def test_a_small_screen_shows_a_window_with_its_frame_whole(window, room, size):
    fit_into(room, window)
    assert window.size() == size
    if size.height() < 780:
        assert window.pos() == room.topLeft()


def test_the_program_opens_its_window_with_room_for_it(qapp, qtbot, tmp_path):
    window = app.open_window(home=tmp_path)
    room = window.screen().availableGeometry()
    assert room.contains(window.frameGeometry())
    with qtbot.waitSignal(window.closed):
        window.leave()
    qapp.setStyleSheet("")


def test_a_window_that_comes_again_on_a_smaller_screen_is_whole_there(window, qtbot):
    """Qt sees to it; a window of another language is opened that way."""
    room = window.screen().availableGeometry()
    window.setGeometry(QRect(room.topLeft() + QPoint(2000, 500), room.size() * 2))
    again = QWidget()
    qtbot.addWidget(again)
    again.restoreGeometry(window.saveGeometry())
    assert room.contains(again.frameGeometry())
