from __future__ import annotations

from dataclasses import dataclass, field
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from s3gui.core.errors import AccessDenied, CredentialsExpired
from s3gui.core.events import ConnectionHeld
from s3gui.core.profile import Profile
from s3gui.core.transfer import WaitingFor
from s3gui.gui.event_feed import Changes
from s3gui.gui.sign_in import SignIn
from s3gui.gui.sign_in_dialog import SignInDialog

SSO = Profile("aws-work", "Work", aws_profile="work")
COMMAND = ["aws", "sso", "login", "--profile", "work"]


class FakeConnections(QObject):
    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.profiles = [SSO]
        self.profile: Profile | None = SSO
        self.error: Exception | None = None
        self.retries = 0

    def retry(self) -> None:
        self.retries += 1


@dataclass
class FakeWorkspace:
    command: list[str] = field(default_factory=lambda: COMMAND)
    forgotten: list[str] = field(default_factory=list)
    released: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.queue = SimpleNamespace(release=self.released.append)

    def sign_in_command(self, _profile: Profile) -> list[str]:
        return self.command

    def forget_store(self, profile_id: str) -> None:
        self.forgotten.append(profile_id)


class World:
    def __init__(self, background, window: QWidget) -> None:
        self.window = window
        self.workspace = FakeWorkspace()
        self.connections = FakeConnections()
        self.sign_in = SignIn(background, window)
        self.sign_in.attach(self.workspace, self.connections)

    def dialogs(self) -> list[SignInDialog]:
        return self.window.findChildren(SignInDialog)


@pytest.fixture
def world(background, qtbot) -> World:
    window = QWidget()
    qtbot.addWidget(window)
    return World(background, window)


def held(error=None) -> Changes:
    failure = (error or CredentialsExpired()).failure()
    return Changes(held={SSO.id: ConnectionHeld(SSO.id, WaitingFor.CREDENTIALS, failure)})


def test_an_expired_sign_in_opens_one_prompt(world, qtbot):
    world.sign_in.apply(held())
    world.sign_in.apply(held())
    qtbot.waitUntil(lambda: len(world.dialogs()) == 1)
    world.sign_in.apply(held())
    assert len(world.dialogs()) == 1
    assert world.dialogs()[0].command.text() == "aws sso login --profile work"


def test_so_does_a_connection_that_cannot_be_opened_for_it(world, qtbot):
    world.connections.error = CredentialsExpired()
    world.connections.changed.emit()
    qtbot.waitUntil(lambda: len(world.dialogs()) == 1)


def test_other_causes_open_none(world):
    world.sign_in.apply(held(AccessDenied()))
    assert world.dialogs() == []


def test_going_on_takes_new_credentials_and_releases_the_transfers(world, qtbot):
    world.sign_in.apply(held())
    qtbot.waitUntil(lambda: len(world.dialogs()) == 1)
    world.dialogs()[0].accept()
    qtbot.waitUntil(lambda: world.workspace.released == [SSO.id])
    assert world.workspace.forgotten == [SSO.id]
    qtbot.waitUntil(lambda: world.connections.retries == 1)


def test_later_changes_nothing(world, qtbot):
    world.sign_in.apply(held())
    qtbot.waitUntil(lambda: len(world.dialogs()) == 1)
    world.dialogs()[0].reject()
    assert world.workspace.released == []


def test_the_command_can_be_copied(world, qtbot):
    world.sign_in.apply(held())
    qtbot.waitUntil(lambda: len(world.dialogs()) == 1)
    world.dialogs()[0].copy_button.click()
    assert QGuiApplication.clipboard().text() == "aws sso login --profile work"


def test_where_keys_have_to_be_new_the_connection_is_edited(world, qtbot):
    world.workspace.command = []
    world.sign_in.apply(held())
    qtbot.waitUntil(lambda: len(world.dialogs()) == 1)
    with qtbot.waitSignal(world.sign_in.edit_wanted) as wanted:
        world.dialogs()[0].edit_button.click()
    assert wanted.args == [SSO]


def test_the_browser_is_opened_by_the_command_line(qtbot, tmp_path, monkeypatch):
    tool = tmp_path / "aws"
    tool.write_text("#!/bin/sh\nexit 0\n")
    tool.chmod(0o755)
    dialog = SignInDialog(SSO, [str(tool), "sso", "login"])
    qtbot.addWidget(dialog)
    dialog.show()
    with qtbot.waitSignal(dialog.accepted):
        dialog.run_button.click()


def test_a_sign_in_that_does_not_succeed_is_told(qtbot, tmp_path):
    tool = tmp_path / "aws"
    tool.write_text("#!/bin/sh\nexit 3\n")
    tool.chmod(0o755)
    dialog = SignInDialog(SSO, [str(tool), "sso", "login"])
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.run_button.click()
    qtbot.waitUntil(lambda: dialog.message.is_error)
    assert dialog.isVisible()
