"""The whole job without a mouse: from the practice server to a verified object and its link."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from s3gui.core.transfer import Destination
from tests.e2e.conftest import Desk

CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


class Keyboard:
    """Presses keys in whatever has the focus, as the desktop does."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @property
    def target(self) -> QWidget:
        window = QApplication.activeWindow() or self._desk.window
        return window.focusWidget() or window

    def press(self, key: Qt.Key, modifiers=Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(self.target, key, modifiers)

    def type(self, text: str) -> None:
        QTest.keyClicks(self.target, text)

    def tab_to(self, name: str) -> None:
        """Press Tab until a control of this name has the focus."""
        seen: list[str] = []
        while self.target.accessibleName() != name:
            seen.append(self.target.accessibleName())
            assert len(seen) < 100, f"Tab never came to {name!r}, but to {seen}"
            self.press(Qt.Key.Key_Tab)


@pytest.fixture
def desk(open_desk) -> Desk:
    desk = open_desk()
    activate(desk)
    return desk


def activate(desk: Desk) -> None:
    """What a window manager does, also after a dialog was closed; offscreen there is none."""
    desk.window.activateWindow()
    desk.wait_until(desk.window.isActiveWindow)


def copy_files(*paths) -> None:
    """As a file manager does it on Ctrl+C."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    QGuiApplication.clipboard().setMimeData(mime)


def test_the_whole_job_can_be_done_without_a_mouse(desk, make_file):
    keys = Keyboard(desk)
    window = desk.window

    # A bucket of one's own.
    keys.tab_to("New bucket")
    keys.press(Qt.Key.Key_Space)
    desk.wait_until(lambda: isinstance(QApplication.activeWindow(), QDialog))
    keys.type("keyboard-2026")
    keys.press(Qt.Key.Key_Return)
    desk.wait_until(lambda: window.destination == Destination("keyboard-2026"))
    activate(desk)

    # A place in it, typed.
    keys.press(Qt.Key.Key_L, CONTROL)
    keys.type("s3://keyboard-2026/notes/")
    keys.press(Qt.Key.Key_Return)
    desk.wait_until(lambda: window.destination == Destination("keyboard-2026", "notes/"))

    # Files, pasted.
    first, second = make_file("a.txt", 3_000), make_file("b.bin", 9_000_000)
    copy_files(first, second)
    keys.press(Qt.Key.Key_V, CONTROL)
    desk.wait_until_verified(2)
    with desk.client() as client:
        for path in (first, second):
            body = client.get_object(Bucket="keyboard-2026", Key=f"notes/{path.name}")["Body"]
            assert body.read() == path.read_bytes()

    # The same file again: the sheet asks, and Return goes on with what it suggests.
    copy_files(first)
    keys.press(Qt.Key.Key_V, CONTROL)
    desk.wait_until(lambda: bool(window.reviews.sheets))
    keys.press(Qt.Key.Key_Return)
    desk.wait_until(lambda: len(desk.states()) == 3 and desk.states()[2].is_ended)

    # What is known of a transfer, and the address of its object.
    keys.tab_to("Transfers")
    keys.press(Qt.Key.Key_Home)
    keys.press(Qt.Key.Key_Space)
    desk.wait_until(window.inspector.isVisible)
    desk.wait_until(lambda: window.inspector.name.text() == "a.txt")
    keys.press(Qt.Key.Key_I, CONTROL)
    assert not window.inspector.isVisible()

    # Found again by a part of its name, and taken out of the list.
    keys.press(Qt.Key.Key_F, CONTROL | SHIFT)
    keys.type("b.bin")
    model = window.transfers.view.model()
    desk.wait_until(lambda: model.rowCount() == 1)
    keys.tab_to("Transfers")
    keys.press(Qt.Key.Key_A, CONTROL)
    keys.press(Qt.Key.Key_Delete)
    desk.wait_until(lambda: len(desk.rows) == 2)


def test_a_favourite_is_made_and_gone_to_by_keys(desk):
    keys = Keyboard(desk)
    keys.press(Qt.Key.Key_D, CONTROL)
    desk.wait_until(lambda: desk.window.buckets.model.index(0).data() == "practice")
    keys.tab_to("Buckets")
    keys.press(Qt.Key.Key_Home)
    keys.press(Qt.Key.Key_Return)
    assert desk.window.destination == Destination("practice")
