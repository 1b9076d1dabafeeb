"""Nothing that the window does keeps the GUI thread busy for longer than a few frames."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication

from s3gui.core.errors import AccessDenied
from s3gui.core.events import PartProgress, PartsConfirmed, TransferChanged
from s3gui.core.settings import Appearance
from s3gui.core.transfer import TransferState
from s3gui.engine.order import TransferOrder
from s3gui.gui.main_window import MainWindow
from s3gui.gui.session import Session
from s3gui.gui.theme import Theme
from tests.fakes.object_store import FakeObjectStore
from tests.gui.queue_rows import PLACE, PROFILE, QueueRows

LONGEST_MILLISECONDS = 50
ROWS = 20_000


class Beats:
    """How much of the processor's time passes between two turns of the event loop.

    Not the time on the wall: the machine that runs the tests may be busy with others.
    """

    def __init__(self) -> None:
        self.longest = 0.0
        self._last = time.thread_time()
        self._timer = QTimer()
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._beat)
        self._timer.start()

    def _beat(self) -> None:
        now = time.thread_time()
        self.longest = max(self.longest, now - self._last)
        self._last = time.thread_time()

    def stop(self) -> None:
        self._timer.stop()


@pytest.fixture
def window(qapp, qtbot, tmp_path) -> Iterator[MainWindow]:
    theme = Theme()
    theme.apply(qapp, Appearance.LIGHT)
    session = Session(tmp_path / "home")
    window = MainWindow(theme, session)
    window.show()
    session.open()
    qtbot.waitUntil(lambda: window.connections is not None)
    store = FakeObjectStore()
    store.add_bucket(PLACE.bucket)
    window.connections.profile, window.connections.store = PROFILE, store
    window.connections.opened.emit(store, PROFILE)
    window.place_card.go(PLACE)
    qtbot.waitUntil(lambda: window.counters.is_known)
    yield window
    with qtbot.waitSignal(window.closed):
        window.leave()
    window.deleteLater()
    qapp.setStyleSheet("")


@pytest.fixture
def rows(window) -> QueueRows:
    return QueueRows(window.session.workspace.transfers, window.session.signals.publish)


@contextmanager
def no_long_slot(qtbot) -> Iterator[None]:
    qtbot.wait(50)  # let what was shown before be painted
    beats = Beats()
    yield
    qtbot.wait(400)
    beats.stop()
    assert 1_000 * beats.longest < LONGEST_MILLISECONDS


def pill(window: MainWindow) -> str:
    return window.transfers.pill_buttons.button(0).text().replace("\u202f", "")


def test_a_large_drop_is_added_without_a_pause(window, rows, qtbot):
    with no_long_slot(qtbot):
        # As the queue does it: in a worker.
        window.session.background.run(
            lambda: [rows.add(500) for _chunk in range(ROWS // 500)], lambda _ids: None
        )
        qtbot.waitUntil(lambda: pill(window) == f"All {ROWS}", timeout=30_000)


def test_ten_thousand_reports_of_progress_are_taken_without_a_pause(window, rows, qtbot):
    ids = rows.add(8, size=10_000_000)
    for each in ids:
        rows.change(each, TransferState.RUNNING)
        rows.publish(PartsConfirmed(each, 100, frozenset()))
    window.transfers.view.selectRow(0)
    window.toggle_inspector()
    with no_long_slot(qtbot):
        for number in range(10_000):
            rows.publish(PartProgress(ids[number % 8], number % 100 + 1, number, 100_000))
            if number % 100 == 0:
                QApplication.processEvents()


def test_many_failures_are_told_without_a_pause(window, rows, qtbot):
    ids = rows.add(2_000)
    failure = AccessDenied().failure()
    qtbot.waitUntil(lambda: pill(window) == "All 2000", timeout=30_000)
    with no_long_slot(qtbot):
        for number, each in enumerate(ids):
            row = rows.journal.transfer(each)
            rows.publish(TransferChanged(row))
            if number % 50 == 0:
                rows.change(each, TransferState.FAILED, failure=failure)
                QApplication.processEvents()
        qtbot.waitUntil(window.transfers.banner.isVisible, timeout=30_000)


def test_sorting_searching_and_scrolling_make_no_pause(window, rows, qtbot):
    rows.add(ROWS)
    model = window.transfers.view.model()
    qtbot.waitUntil(lambda: model.rowCount() == ROWS, timeout=30_000)
    with no_long_slot(qtbot):
        window.transfers._set_filter(order=TransferOrder.NAME, is_reversed=True)
        qtbot.waitUntil(lambda: model.filter.order is TransferOrder.NAME)
        qtbot.wait(300)
        window.transfers.view.scrollToBottom()
        window.transfers.search.open()
        qtbot.keyClicks(window.transfers.search.field, "19")
        qtbot.waitUntil(lambda: model.rowCount() < ROWS, timeout=30_000)
        qtbot.keyClick(window.transfers.search.field, Qt.Key.Key_Escape)
        qtbot.waitUntil(lambda: model.rowCount() == ROWS, timeout=30_000)


def test_a_folder_is_looked_through_without_a_pause(window, qtbot, tmp_path):
    folder = tmp_path / "card"
    folder.mkdir()
    for number in range(3_000):
        (folder / f"{number:04}.nef").write_bytes(b"x")
    window.adding.files_without_review = 100
    with no_long_slot(qtbot):
        window.add([str(folder)])
        qtbot.waitUntil(lambda: bool(window.reviews.sheets), timeout=30_000)
        sheet = window.reviews.sheets[0]
        qtbot.waitUntil(sheet.busy.isHidden, timeout=30_000)
    assert sheet.heading.text().startswith("Upload 3\u202f000 files")
