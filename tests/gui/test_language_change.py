from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QCoreApplication, QLocale, QTimer, QTranslator

from s3gui.adapters.settings_file import SettingsFile
from s3gui.assets import resource
from s3gui.core.profile import Credentials, Profile, Secret
from s3gui.core.settings import Appearance, Settings
from s3gui.core.transfer import Destination, UploadOptions
from s3gui.gui import app
from s3gui.gui.connections import ConnectionState
from s3gui.gui.main_window import MainWindow
from s3gui.gui.session import Session
from s3gui.gui.settings_dialog import SettingsDialog
from s3gui.gui.theme import Theme
from s3gui.gui.window_arguments import WindowArguments
from s3gui.gui.window_look import LikeBefore
from s3gui.i18n import spoken_language, use_language
from tests.fakes.object_store import FakeObjectStore

PROFILE = Profile("profile", "Photos", region="us-east-1", access_key_id="AKIDEXAMPLE")
PLACE = Destination("photos", "raw/")


@pytest.fixture(autouse=True)
def _english_again(qapp):
    yield
    for translator in qapp.findChildren(QTranslator):
        QCoreApplication.removeTranslator(translator)
        translator.setParent(None)
    QLocale.setDefault(QLocale.system())
    use_language(resource("locale"), ["en"])
    qapp.setStyleSheet("")


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("S3GUI_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def opened(qapp, qtbot, home) -> Iterator[Callable[[], MainWindow]]:
    windows: list[MainWindow] = []

    def opened() -> MainWindow:
        theme = Theme()
        theme.apply(qapp, Appearance.LIGHT)
        window = MainWindow(theme, Session(home))
        windows.append(window)
        window.language.is_possible = True
        window.session.open()
        qtbot.waitUntil(lambda: window.connections is not None)
        return window

    yield opened
    for window in windows:
        if not window._is_closed:
            with qtbot.waitSignal(window.closed):
                window.leave()
        window.deleteLater()


def connect(window: MainWindow) -> None:
    store = FakeObjectStore()
    store.add_bucket("photos")
    window.connections.profile, window.connections.store = PROFILE, store
    window.connections.opened.emit(store, PROFILE)
    window.connections._be(ConnectionState.CONNECTED)


def choose(window: MainWindow, language: str) -> None:
    """In the settings, which are closed then."""
    window.dialogs.settings()
    dialog = window.findChild(SettingsDialog)
    box = dialog.appearance.language
    box.setCurrentIndex(box.findData(language))
    dialog.accept_button.click()


def test_the_window_comes_again_in_the_language_that_was_chosen(qapp, home, monkeypatch):
    """Through the whole program: the second window is closed by hand."""
    seen: dict[str, tuple[str, int]] = {}

    def look() -> None:
        window = next(iter(app._open_windows), None)
        language = spoken_language()
        if window is None or window.connections is None or language in seen:
            return
        if language == "en":
            window.resize(window.width(), 707)
        seen[language] = (window.top_bar.add_files.text(), window.height())
        if language == "en":
            choose(window, "de")
        else:
            window.close()

    monkeypatch.setattr(app, "prefer_the_window", lambda: None)
    monkeypatch.setattr(app, "collect_everything", gc.collect)  # what tests left out stays out
    timer = QTimer()
    timer.timeout.connect(look)
    timer.start(20)
    QTimer.singleShot(60_000, timer, QCoreApplication.quit)
    assert app._run(WindowArguments()) == 0
    timer.stop()

    assert seen == {"en": ("&Add files…", 707), "de": ("&Dateien hinzufügen…", 707)}
    assert SettingsFile(home / "settings.json").load().language == "de"
    assert app._open_windows == set()


def test_the_next_window_shows_what_the_last_one_did(opened, qtbot, tmp_path):
    window = opened()
    window.add([str(tmp_path / "waits for a place")])
    connect(window)
    window.place_card.go(PLACE)
    window.place_card.destination_bar.set_options(UploadOptions(storage_class="GLACIER"))
    window.transfers.pill_buttons.button(3).click()
    with qtbot.waitSignal(window.closed):
        choose(window, "de")

    after = opened()
    LikeBefore(after, window.language.next_look)._attach(after.session.workspace)
    assert after.incoming.waiting == [str(tmp_path / "waits for a place")]
    connect(after)
    assert after.place_card.place == PLACE
    assert after.place_card.destination_bar.options().storage_class == "GLACIER"
    assert after.transfers.pill_buttons.checkedId() == 3
    connect(after)
    assert after.place_card.place is None  # only the first time


def test_the_same_language_by_another_name_changes_nothing(opened):
    window = opened()
    choose(window, "en")
    assert window.language.next_look is None
    assert window.banner.isHidden()


def test_what_is_being_sent_is_not_interrupted_unasked(opened, qtbot, monkeypatch):
    window = opened()
    monkeypatch.setattr(window, "is_busy", lambda: True)
    choose(window, "de")
    assert window.banner.text.text().startswith("Deutsch is spoken from the next start on.")
    assert not window._is_leaving
    with qtbot.waitSignal(window.closed):
        window.banner.fix.click()
    assert window.language.next_look is not None


def test_where_something_would_be_lost_it_counts_from_the_next_start(opened):
    window = opened()

    def expect_no_change() -> None:
        choose(window, "de")
        assert "from the next start" in window.banner.text.text()
        assert window.banner.fix.isHidden()
        window.banner.dismiss()

    window.language.is_possible = False  # a notebook holds the window
    expect_no_change()
    window.language.is_possible = True
    window.adding._runs.add(object())  # a drop is being looked through
    expect_no_change()
    window.adding._runs.clear()
    window.connections.profiles = [PROFILE]
    credentials = Credentials("AKIDEXAMPLE", Secret("a-secret-only-for-now"))
    window.session.workspace.credentials.keep_for_session(PROFILE, credentials)
    expect_no_change()
    assert not window._is_leaving


def test_settings_are_saved_before_the_window_goes(opened, qtbot, monkeypatch, home):
    window = opened()
    is_idle = iter([False, False, True])
    background = type(window.session.background)
    monkeypatch.setattr(background, "is_idle", property(lambda _self: next(is_idle)))
    with qtbot.waitSignal(window.closed):
        choose(window, "de")
    assert next(is_idle, None) is None
    assert SettingsFile(home / "settings.json").load() == replace(Settings(), language="de")
