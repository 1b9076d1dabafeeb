from __future__ import annotations

import sys

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from s3gui.gui.first_paint import FirstPaint, ImportLater


def test_what_waits_for_the_window_is_done_once_and_after_it_was_painted(qtbot):
    done: list[bool] = []
    painted: list[bool] = []

    class Window(QWidget):
        def paintEvent(self, _event) -> None:
            painted.append(True)

    window = Window()
    qtbot.addWidget(window)
    FirstPaint(window, lambda: done.append(bool(painted)))
    window.show()
    assert done == []
    qtbot.waitUntil(lambda: bool(done))
    window.repaint()
    with qtbot.waitSignal(window.windowTitleChanged):
        window.setWindowTitle("later")
    assert done == [True]


def test_a_window_that_nobody_paints_goes_on_all_the_same(qtbot):
    done: list[bool] = []
    window = QWidget()
    qtbot.addWidget(window)
    FirstPaint(window, lambda: done.append(True))
    qtbot.waitUntil(lambda: done == [True])


def test_modules_are_imported_one_at_a_time_between_other_events(qtbot, monkeypatch):
    imported: list[str] = []
    monkeypatch.setattr("importlib.import_module", imported.append)
    parent = QObject()
    ImportLater(["first", "second"], parent)
    assert imported == []
    qtbot.waitUntil(lambda: imported == ["first"])
    qtbot.waitUntil(lambda: imported == ["first", "second"])


def test_every_dialog_that_is_imported_later_is_there():
    from s3gui.gui.window_dialogs import DIALOGS

    for name in DIALOGS:
        __import__(name)
        assert name in sys.modules
