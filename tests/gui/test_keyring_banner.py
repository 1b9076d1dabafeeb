"""What the window does where the keyring hangs (C-01)."""

import time

import pytest
from PySide6.QtCore import QTimer

from s3gui.adapters.credentials import CredentialKeeper
from s3gui.adapters.credentials_patience import Patience
from s3gui.gui.connections import ConnectionState
from s3gui.gui.main_window import MainWindow
from s3gui.gui.profile_dialog import ProfileDialog
from s3gui.gui.session import Session
from s3gui.gui.theme import Theme
from tests.support import canary
from tests.support.keyrings import HangingKeyring, saved_profile


@pytest.fixture
def hanging():
    with HangingKeyring.while_it_hangs() as keyring:
        yield keyring


@pytest.fixture
def window(qapp, qtbot, tmp_path, hanging):
    """The window over a keyring that hangs."""
    session = Session(tmp_path / "home")
    window = MainWindow(Theme(), session)
    window.show()
    session.open()
    qtbot.waitUntil(lambda: window.connections is not None)
    patience = Patience(session.keyring_waits.emit, notice_seconds=0.1, patience_seconds=0.5)
    session.workspace.credentials = CredentialKeeper(lambda: hanging, patience)
    yield window
    if not window._is_closed:
        with qtbot.waitSignal(window.closed):
            window.leave()
    window.deleteLater()


@pytest.mark.row("C-01")
def test_a_hanging_keyring_leaves_the_window_alive_and_the_secret_in_memory(
    window, practice_service, tmp_path, qtbot
):
    home = tmp_path / "home"
    profile = saved_profile(home, practice_service)
    banner, connections = window.keyring, window.connections
    turns: list[float] = []
    clock = QTimer(window, interval=10)
    clock.timeout.connect(lambda: turns.append(time.monotonic()))
    clock.start()

    connections.saved(profile)
    qtbot.waitUntil(lambda: "takes its time" in banner.text.text())
    before = len(turns)
    qtbot.waitUntil(lambda: connections.state is ConnectionState.FAILED)
    assert len(turns) - before >= 5  # the window went on while the keyring was waited for
    assert "does not answer" in banner.text.text()

    banner.fix.click()
    dialog = window.findChild(ProfileDialog)
    qtbot.waitUntil(lambda: not dialog.fields.keep.isEnabled())
    dialog.fields.secret_edit.setText(practice_service.secret_access_key)
    dialog.accept_button.click()
    qtbot.waitUntil(lambda: connections.state is ConnectionState.CONNECTED)
    assert "in no keyring" in banner.text.text()
    assert banner.isVisible()
    assert list(canary.hits_in_files(home, [practice_service.secret_access_key])) == []


@pytest.mark.row("C-01")
def test_a_window_over_a_hanging_keyring_closes_at_once(
    window, hanging, practice_service, tmp_path, qtbot
):
    window.connections.saved(saved_profile(tmp_path / "home", practice_service))
    qtbot.waitUntil(hanging.is_asked.is_set)
    with qtbot.waitSignal(window.closed, timeout=3_000):
        window.close()
