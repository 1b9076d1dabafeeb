"""The parts beside the window, joined: what the queue tells reaches each of them."""

from __future__ import annotations

import json

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from s3gui.core.settings import Appearance, Settings
from s3gui.core.transfer import TransferState as State
from s3gui.gui.main_window import MainWindow
from s3gui.gui.notices import Notice
from s3gui.gui.session import Session
from s3gui.gui.theme import Theme
from tests.gui.queue_rows import QueueRows


class FakeAwake:
    def __init__(self) -> None:
        self.is_held = False

    def hold(self) -> None:
        self.is_held = True

    def release(self) -> None:
        self.is_held = False


@pytest.fixture
def window(qapp, qtbot, tmp_path):
    theme = Theme()
    theme.apply(qapp, Appearance.LIGHT)
    session = Session(tmp_path / "home")
    window = MainWindow(theme, session)
    window._is_queue_started = True  # the queue itself is to send nothing of this
    window.beside.awake = FakeAwake()
    window.beside.watch._rest.setInterval(1)
    window.beside.watch._calm.setInterval(1)
    window.show()
    session.open()
    qtbot.waitUntil(lambda: window.counters is not None and window.counters.is_known)
    yield window
    if not window._is_closed:
        with qtbot.waitSignal(window.closed):
            window.leave()
    window.deleteLater()
    qapp.setStyleSheet("")


@pytest.fixture
def rows(window) -> QueueRows:
    return QueueRows(window.session.workspace.transfers, window.session.signals.publish)


@pytest.fixture
def notices(window, monkeypatch) -> list[Notice]:
    """Nobody looks at the window."""
    shown: list[Notice] = []
    monkeypatch.setattr(window.beside.telling, "_show", shown.append)
    monkeypatch.setattr(QApplication, "activeWindow", lambda: None)
    return shown


def uploaded(rows: QueueRows, qtbot, window, count: int = 3) -> None:
    ids = rows.add(count)
    for number in ids:
        rows.change(number, State.RUNNING)
    qtbot.waitUntil(lambda: window.beside._is_sending)
    with qtbot.waitSignal(window.beside.watch.ended):
        for number in ids:
            rows.change(number, State.COMPLETED, sent_bytes=100)


def test_the_end_shows_a_card_and_notifies_who_is_elsewhere(window, rows, notices, qtbot):
    uploaded(rows, qtbot, window)
    assert window.beside.card.isVisible()
    assert window.beside.card.title.text() == "3 files uploaded and verified"
    assert [notice.title for notice in notices] == ["3 files uploaded and verified"]


def test_who_looks_or_wants_none_gets_no_notification(window, rows, notices, qtbot, monkeypatch):
    window.session.settings = Settings(notifies=False)
    uploaded(rows, qtbot, window)
    window.session.settings = Settings()
    monkeypatch.setattr(QApplication, "activeWindow", lambda: window)
    uploaded(rows, qtbot, window)
    assert notices == []


def test_the_computer_is_kept_awake_only_while_something_is_sent(window, rows, qtbot):
    awake = window.beside.awake
    (number,) = rows.add(1)
    assert not awake.is_held
    rows.change(number, State.RUNNING)
    qtbot.waitUntil(lambda: awake.is_held)
    rows.change(number, State.PAUSED)
    qtbot.waitUntil(lambda: not awake.is_held)


def test_the_setting_counts_at_once(window, rows, qtbot):
    awake = window.beside.awake
    (number,) = rows.add(1)
    rows.change(number, State.RUNNING)
    qtbot.waitUntil(lambda: awake.is_held)
    window.session.change_settings(Settings(keeps_awake=False))
    assert not awake.is_held
    window.session.change_settings(Settings(keeps_awake=True))
    assert awake.is_held


def test_the_summary_can_be_called_back_from_the_bottom(window, rows, qtbot):
    uploaded(rows, qtbot, window)
    assert not window.status.summary.isVisible()
    window.beside.card.close_button.click()
    assert window.status.summary.isVisible()
    window.status.summary.click()
    assert window.beside.card.isVisible()
    assert not window.status.summary.isVisible()


def test_the_receipt_is_of_this_work(window, rows, qtbot, tmp_path):
    path = tmp_path / "receipt.json"
    uploaded(rows, qtbot, window, 1)
    uploaded(rows, qtbot, window, 2)
    window.beside.receipts.save(str(path), window.beside._round_ids)
    qtbot.waitUntil(lambda: "Receipt saved" in window.banner.text.text())
    receipt = json.loads(path.read_text())
    assert len(receipt["files"]) == 2
    window.beside.receipts.save(str(path), window.beside._round_ids)
    qtbot.waitUntil(lambda: "exists already" in window.banner.text.text())


def test_the_addresses_are_copied(window, rows, qtbot):
    uploaded(rows, qtbot, window, 2)
    window.beside.card.links_wanted.emit(None)
    qtbot.waitUntil(lambda: "2 links copied" in window.banner.text.text())
    lines = QGuiApplication.clipboard().text().splitlines()
    assert len(lines) == 2
    assert all(line.startswith("s3://") for line in lines)


def test_a_batch_has_its_addresses_too(window, rows, qtbot):
    uploaded(rows, qtbot, window, 2)
    uploaded(rows, qtbot, window, 1)
    qtbot.waitUntil(lambda: len(window.transfers.batches.buttons) == 2)
    _newest, older = window.transfers.batches.buttons
    menu = older.build_menu()
    *_actions, receipt, links = menu.actions()
    assert receipt.isEnabled()
    links.menu().actions()[0].trigger()
    qtbot.waitUntil(lambda: "2 links copied" in window.banner.text.text())


def test_the_tray_says_what_the_bottom_of_the_window_says(window, rows, qtbot):
    (number,) = rows.add(1)
    rows.change(number, State.RUNNING)
    tray = window.beside.tray
    qtbot.waitUntil(lambda: tray.icon.toolTip().startswith("1 uploading"))
    qtbot.waitUntil(lambda: tray.quit_action.text() == "Pause and quit")
    window.hide()
    tray.show_action.trigger()
    assert window.isVisible()
    rows.change(number, State.COMPLETED, sent_bytes=100)
    qtbot.waitUntil(lambda: tray.quit_action.text() == "Quit")


def test_a_click_on_a_notification_opens_the_window(window):
    window.hide()
    window.beside.notices.clicked.emit()
    assert window.isVisible()


def test_when_the_program_ends_nothing_stays_on_the_desktop(window, rows, notices, qtbot):
    beside = window.beside
    numbers = rows.add(2)
    rows.change(numbers[0], State.RUNNING)
    qtbot.waitUntil(lambda: beside.awake.is_held)
    beside.leave()
    assert not beside.awake.is_held
    seen = beside.tray.icon.toolTip()
    rows.change(numbers[1], State.RUNNING)
    with qtbot.waitSignal(window.counters.changed):
        rows.change(numbers[0], State.COMPLETED, sent_bytes=100)
    assert not beside.awake.is_held
    assert beside.tray.icon.toolTip() == seen
    assert notices == []
    window.status.work_shown.connect(beside._show_work)  # the window leaves once more


def test_a_retry_puts_the_summary_of_the_failures_away(window, rows, qtbot):
    ids = rows.add(2)
    with qtbot.waitSignal(window.beside.watch.ended):
        for number in ids:
            rows.change(number, State.RUNNING)
            rows.change(number, State.FAILED)
    assert window.beside.card.title.text() == "Nothing was uploaded"
    rows.change(ids[0], State.RUNNING)
    qtbot.waitUntil(window.beside.card.isHidden)
    assert window.status.summary.isVisible()


def test_show_failures_shows_them(window, rows, qtbot):
    window.beside.card.failures_wanted.emit()
    assert window.transfers.pill_buttons.checkedButton().text().startswith("Failed")
