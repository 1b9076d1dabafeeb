from __future__ import annotations

from types import SimpleNamespace

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from s3gui.core.settings import OnClosing, Settings
from s3gui.gui.close_dialog import CloseDialog
from s3gui.gui.leaving import Leaving


class FakeTray:
    def __init__(self) -> None:
        self.is_available = True
        self.has_appeared = False

    def appear(self) -> None:
        self.has_appeared = True


class FakeSession:
    def __init__(self) -> None:
        self.settings = Settings()

    def change_settings(self, settings: Settings) -> None:
        self.settings = settings


@pytest.fixture
def world(qtbot):
    """A window with transfers under way, on a desktop with a tray."""
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    world = SimpleNamespace(
        window=window, session=FakeSession(), tray=FakeTray(), is_busy=True, left=[]
    )
    world.leaving = Leaving(
        window, world.session, world.tray, lambda: world.is_busy, lambda: world.left.append(True)
    )
    return world


def dialog(world) -> CloseDialog | None:
    return world.window.findChild(CloseDialog)


def test_with_nothing_to_do_it_ends_without_a_question(world):
    world.is_busy = False
    world.leaving.close_wanted()
    assert world.left
    assert dialog(world) is None


def test_it_goes_on_in_the_tray(world):
    world.leaving.close_wanted()
    dialog(world).hide_button.click()
    assert world.tray.has_appeared
    assert not world.window.isVisible()
    assert world.left == []
    assert world.session.settings.on_closing is OnClosing.ASK


def test_it_is_paused_and_ends(world):
    world.leaving.close_wanted()
    dialog(world).pause_button.click()
    assert world.left == [True]


@pytest.mark.parametrize("how", ["reject", "close"])
def test_nothing_happens_when_the_question_is_put_away(world, how, qtbot):
    world.leaving.close_wanted()
    dialog(world).remember.setChecked(True)
    getattr(dialog(world), how)()
    qtbot.waitUntil(lambda: dialog(world) is None)
    assert world.window.isVisible()
    assert world.left == []
    assert world.session.settings.on_closing is OnClosing.ASK


@pytest.mark.parametrize(
    ("button", "choice"),
    [("hide_button", OnClosing.TRAY), ("pause_button", OnClosing.PAUSE)],
)
def test_a_choice_that_is_remembered_is_not_asked_for_again(world, button, choice, qtbot):
    world.leaving.close_wanted()
    dialog(world).remember.setChecked(True)
    getattr(dialog(world), button).click()
    assert world.session.settings.on_closing is choice
    qtbot.waitUntil(lambda: dialog(world) is None)
    world.left.clear()
    world.window.show()
    world.leaving.close_wanted()
    assert dialog(world) is None
    assert (world.left == [True]) is (choice is OnClosing.PAUSE)
    assert world.window.isVisible() is (choice is OnClosing.PAUSE)


def test_without_a_tray_that_road_is_grey_and_says_why(world):
    world.tray.is_available = False
    world.leaving.close_wanted()
    question = dialog(world)
    assert not question.hide_button.isEnabled()
    assert "no tray" in question.reason.text()
    assert question.hide_button.accessibleDescription() == question.reason.text()
    assert question.cancel_button.isDefault()


def test_where_the_tray_is_gone_that_was_chosen_it_asks(world):
    world.session.settings = Settings(on_closing=OnClosing.TRAY)
    world.tray.is_available = False
    world.leaving.close_wanted()
    assert dialog(world) is not None
    assert world.window.isVisible()


def test_quitting_is_never_the_tray(world):
    world.session.settings = Settings(on_closing=OnClosing.TRAY)
    world.leaving.quit_wanted()
    assert world.left == [True]


def test_quitting_asks_where_closing_does(world):
    world.leaving.quit_wanted()
    assert dialog(world) is not None
    assert world.left == []


def test_whoever_logs_out_is_asked_nothing(world, monkeypatch):
    monkeypatch.setattr(QGuiApplication, "isSavingSession", lambda _self: True)
    world.leaving.close_wanted()
    assert world.left == [True]
