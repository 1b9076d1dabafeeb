from __future__ import annotations

import pytest
from PySide6.QtCore import QObject, Signal

from s3gui.core.schedule import Schedule
from s3gui.core.settings import Settings
from s3gui.gui.limit_button import LimitButton, SpeedLimit

BY_HOURS = Settings(
    most_bytes_per_second=2_000_000, limit_has_hours=True, limit_begins=480, limit_ends=1_080
)


class Wall:
    """A clock on the wall."""

    minute = 600

    def __call__(self) -> int:
        return self.minute


class FakeSession(QObject):
    settings_changed = Signal(object)
    opened = Signal(object)

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.settings = settings

    def change_settings(self, settings: Settings) -> None:
        self.settings = settings
        self.settings_changed.emit(settings)


@pytest.fixture
def wall():
    return Wall()


@pytest.fixture
def button(qtbot, wall):
    button = LimitButton(minute=wall)
    qtbot.addWidget(button)
    return button


def titles(button: LimitButton) -> list[str]:
    button.menu().aboutToShow.emit()
    return [action.text() for action in button.menu().actions() if action.text()]


def choose(button: LimitButton, title: str) -> None:
    button.menu().aboutToShow.emit()
    next(each for each in button.menu().actions() if each.text() == title).trigger()


def test_it_says_what_holds(button):
    assert button.text() == "No speed limit"
    button.follow(Schedule(2_500_000, 2_500_000))
    assert button.text() == "Limit 2.5 MB/s"
    assert button.accessibleName() == "Speed limit: 2.5 MB/s"


def test_by_hours_it_also_says_until_when_and_what_comes_then(button, wall):
    button.follow(BY_HOURS.schedule)
    assert button.text() == "Limit 2.0 MB/s"
    assert button.toolTip() == "Until 18:00; then: No limit"
    wall.minute = 1_080
    button.look()
    assert button.text() == "No speed limit"
    assert button.toolTip() == "Until 08:00; then: 2.0 MB/s"


def test_the_menu_offers_usual_limits_and_the_one_that_holds(button):
    button.follow(Schedule(2_500_000, 2_500_000))
    found = titles(button)
    assert found[0] == "No limit"
    assert "2.5 MB/s" in found
    assert found[-1] == "Another limit, or hours…"
    checked = [action.text() for action in button.menu().actions() if action.isChecked()]
    assert checked == ["2.5 MB/s"]


def test_a_limit_from_the_menu_is_that_of_the_hours_it_is_now(button, wall):
    session = FakeSession(BY_HOURS)
    limit = SpeedLimit(session, button, lambda: None, wall)
    session.opened.emit(None)
    choose(button, "10.0 MB/s")
    assert session.settings.most_bytes_per_second == 10_000_000
    wall.minute = 1_200
    choose(button, "50.0 MB/s")
    assert session.settings.schedule == Schedule(10_000_000, 50_000_000, 480, 1_080)
    assert button.text() == "Limit 50.0 MB/s"
    assert limit is not None


def test_a_menu_that_is_opened_often_grows_by_nothing(button):
    titles(button)
    before = len(button.menu().children())
    titles(button)
    assert len(button.menu().children()) == before
    assert [each.isChecked() for each in button.menu().actions()].count(True) == 1


def test_other_limits_are_a_matter_of_the_settings(button, wall):
    opened: list[bool] = []
    limit = SpeedLimit(FakeSession(Settings()), button, lambda: opened.append(True), wall)
    choose(button, "Another limit, or hours…")
    assert opened == [True]
    assert limit is not None
