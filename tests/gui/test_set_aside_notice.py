from __future__ import annotations

import pytest

from s3gui.core.settings import Appearance
from s3gui.gui.main_window import MainWindow
from s3gui.gui.session import Session
from s3gui.gui.theme import Theme


@pytest.fixture
def opened(qapp, qtbot, tmp_path):
    """Opens a window on a home with one broken file, and returns what its banner says."""
    windows = []

    def open_with(name: str) -> str:
        (tmp_path / "home").mkdir(mode=0o700)
        (tmp_path / "home" / name).write_text("broken")
        theme = Theme()
        theme.apply(qapp, Appearance.LIGHT)
        window = MainWindow(theme, Session(tmp_path / "home"))
        windows.append(window)
        window.show()
        window.session.open()
        qtbot.waitUntil(window.banner.isVisible)
        return window.banner.text.text()

    yield open_with
    for window in windows:
        with qtbot.waitSignal(window.closed):
            window.leave()
        window.deleteLater()
    qapp.setStyleSheet("")


@pytest.mark.row("D-04")
def test_a_queue_that_cannot_be_read_is_told_with_the_place_where_it_is_kept(opened, tmp_path):
    text = opened("transfers.sqlite")
    (kept,) = (tmp_path / "home").glob("transfers-damaged-*.sqlite")
    assert f"kept as “{kept}”" in text
    assert "add it again" in text


@pytest.mark.row("D-04")
def test_a_queue_that_is_gone_is_told(opened, tmp_path):
    text = opened("transfers.mark")
    assert f"“{tmp_path / 'home' / 'transfers.sqlite'}” is gone, and a new one was begun" in text
    assert "Leftover uploads…" in text


@pytest.mark.row("B-05")
def test_settings_that_cannot_be_read_are_told_with_the_place_where_they_are_kept(opened):
    assert "profiles.json.set-aside-" in opened("profiles.json")
