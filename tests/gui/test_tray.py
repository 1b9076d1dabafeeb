from __future__ import annotations

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QSystemTrayIcon, QWidget

from s3gui.gui.notices import Notice, NoticeKind
from s3gui.gui.palette import DARK
from s3gui.gui.tray import Tray
from s3gui.gui.tray_picture import tray_icon


@pytest.fixture
def tray(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    tray = Tray(window)
    tray.window = window
    return tray


def colors_on_ring(icon, size: int = 64) -> list[QColor]:
    """At the right, below, left and just right of the top, in the middle of the ring."""
    image = icon.pixmap(size, size).toImage()
    edge, middle = round(size / 18), size // 2
    places = [(size - edge - 1, middle), (middle, size - edge - 1), (edge, middle)]
    return [image.pixelColor(*place) for place in [*places, (middle + 4, edge)]]


def is_accent(color: QColor) -> bool:
    wanted = QColor(DARK.accent)
    return color.alpha() > 240 and abs(color.red() - wanted.red()) < 16 > abs(
        color.blue() - wanted.blue()
    )


@pytest.mark.parametrize(
    ("share", "filled"),
    [
        (0.0, [False, False, False, False]),
        (0.1, [False, False, False, True]),
        (0.4, [True, False, False, True]),
        (0.6, [True, True, False, True]),
        (1.0, [True, True, True, True]),
    ],
)
def test_the_ring_fills_from_the_top_to_the_right(qapp, share, filled):
    assert [is_accent(color) for color in colors_on_ring(tray_icon(share))] == filled


def test_without_work_there_is_no_ring(qapp):
    assert not any(is_accent(color) for color in colors_on_ring(tray_icon(None))[:1])
    assert tray_icon(None).pixmap(64, 64).toImage() != tray_icon(0.0).pixmap(64, 64).toImage()


def test_the_picture_is_painted_only_when_it_is_seen_and_differs(tray, monkeypatch):
    painted: list[object] = []
    tray.show_progress(0.2, "unseen", is_moving=True)
    monkeypatch.setattr(tray.icon, "isVisible", lambda: True)
    monkeypatch.setattr(tray.icon, "setIcon", painted.append)
    tray.show_progress(0.412, "3 uploading", is_moving=True)
    tray.show_progress(0.413, "3 uploading · 6 min left", is_moving=True)
    assert len(painted) == 1
    assert tray.icon.toolTip() == "3 uploading · 6 min left"
    tray.show_progress(0.42, "", is_moving=True)
    tray.show_progress(0.42, "", is_moving=False)
    assert len(painted) == 3


def test_the_menu_says_what_it_would_do(tray, qtbot):
    tray.show_commands("Resume all", can_pause=True, is_busy=True)
    assert tray.pause_action.text() == "Resume all"
    assert tray.quit_action.text() == "Pause and quit"
    with qtbot.waitSignal(tray.pause_or_resume_wanted):
        tray.pause_action.trigger()
    tray.show_commands("Pause all", can_pause=False, is_busy=False)
    assert not tray.pause_action.isEnabled()
    assert tray.quit_action.text() == "Quit"
    with qtbot.waitSignal(tray.quit_wanted):
        tray.quit_action.trigger()


@pytest.mark.parametrize("reason", ["Trigger", "DoubleClick"])
def test_a_click_wants_the_window(tray, qtbot, reason):
    with qtbot.waitSignal(tray.show_wanted):
        tray.icon.activated.emit(QSystemTrayIcon.ActivationReason[reason])


def test_a_click_for_the_menu_does_not(tray, qtbot):
    with qtbot.assertNotEmitted(tray.show_wanted):
        tray.icon.activated.emit(QSystemTrayIcon.ActivationReason.Context)


def test_without_a_tray_nothing_appears_and_nothing_is_said(tray):
    assert not tray.is_available
    tray.appear()
    tray.show_notice(Notice(NoticeKind.DONE, "Done", ""))
    assert not tray.icon.isVisible()


@pytest.mark.qt_log_ignore("systemTrayWindowChanged", extend=True)
def test_in_a_tray_it_appears_and_shows_notices(tray, monkeypatch):
    said: list[tuple[object, ...]] = []
    monkeypatch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", lambda: True)
    monkeypatch.setattr(tray.icon, "showMessage", lambda *words: said.append(words))
    tray.appear()
    assert tray.icon.isVisible()
    tray.show_notice(Notice(NoticeKind.PROBLEM, "3 files failed", "Why"))
    assert said[0][:2] == ("3 files failed", "Why")
    assert said[0][2] is QSystemTrayIcon.MessageIcon.Warning
    tray.disappear()
    assert not tray.icon.isVisible()
