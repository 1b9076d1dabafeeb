from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QObject, Signal

from s3gui.core.errors import S3guiError
from s3gui.core.settings import Settings
from s3gui.gui.login_switch import LoginSwitch


class FakeLogin:
    def __init__(self, *, is_on: bool = False, refuses: bool = False) -> None:
        self.on = is_on
        self.refuses = refuses

    def is_on(self) -> bool:
        return self.on

    def turn(self, *, on: bool) -> None:
        if self.refuses:
            raise S3guiError("refused")
        self.on = on


class FakeSession(QObject):
    opened = Signal(object)
    settings_changed = Signal(object)

    def __init__(self, background, settings: Settings) -> None:
        super().__init__()
        self.background = background
        self.settings = settings

    def change_settings(self, settings: Settings) -> None:
        self.settings = settings
        self.settings_changed.emit(settings)


@pytest.fixture
def session(background):
    return FakeSession(background, Settings())


def open_with(session: FakeSession, login: FakeLogin, qtbot) -> LoginSwitch:
    switch = LoginSwitch(session, session, login)
    session.opened.emit(None)
    qtbot.waitUntil(lambda: switch._is_on is not None)
    return switch


def test_what_is_chosen_is_what_the_system_has(session, qtbot):
    login = FakeLogin()
    open_with(session, login, qtbot)
    session.change_settings(replace(session.settings, starts_at_login=True))
    qtbot.waitUntil(lambda: login.on)
    session.change_settings(replace(session.settings, starts_at_login=False))
    qtbot.waitUntil(lambda: not login.on)


@pytest.mark.parametrize("is_on", [True, False])
def test_what_the_system_has_when_the_program_starts_is_the_setting(session, qtbot, is_on):
    session.settings = Settings(starts_at_login=not is_on)
    login = FakeLogin(is_on=is_on)
    open_with(session, login, qtbot)
    assert session.settings.starts_at_login is is_on
    assert login.on is is_on


def test_other_changes_leave_the_systems_entry_alone(session, qtbot):
    login = FakeLogin(refuses=True)
    open_with(session, login, qtbot)
    with qtbot.assertNotEmitted(session.background.unhandled):
        session.change_settings(replace(session.settings, text_percent=150))


def test_where_it_cannot_be_changed_it_is_said_and_the_setting_tells_the_truth(session, qtbot):
    login = FakeLogin(refuses=True)
    open_with(session, login, qtbot)
    with qtbot.waitSignal(session.background.unhandled):
        session.change_settings(replace(session.settings, starts_at_login=True))
    qtbot.waitUntil(lambda: not session.settings.starts_at_login)
