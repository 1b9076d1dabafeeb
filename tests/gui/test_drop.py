from __future__ import annotations

import pytest
from PySide6.QtCore import QMimeData, QPoint, QUrl
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from s3gui.gui.drop import WindowDrops, pasted_paths


@pytest.fixture
def window(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    QVBoxLayout(window).addWidget(QLineEdit())
    return window


def test_files_may_be_dropped_anywhere_on_the_window(window, drag_files, qtbot):
    drops = WindowDrops(window)
    with qtbot.waitSignal(drops.paths_dropped) as caught:
        assert drag_files(window, "/a", "/b c").drop(QPoint(3, 3))
    assert caught.args == [["/a", "/b c"]]


def test_what_is_no_file_is_refused(window, drag_files):
    WindowDrops(window)
    assert not drag_files(window).drop(QPoint(3, 3))


def test_the_window_says_while_files_are_held_over_it(window, drag_files):
    drops = WindowDrops(window)
    held: list[bool] = []
    drops.hovered.connect(held.append)
    drag = drag_files(window, "/a")
    drag.over(QPoint(3, 3))
    drag.leave()
    assert (held[0], held[-1]) == (True, False)


def test_a_field_leaves_files_to_the_window(window):
    WindowDrops(window)
    assert not window.findChild(QLineEdit).acceptDrops()


def mime(*urls: QUrl, text: str = "") -> QMimeData:
    data = QMimeData()
    if urls:
        data.setUrls(list(urls))
    if text:
        data.setText(text)
    return data


def test_files_copied_in_a_file_manager_can_be_pasted():
    assert pasted_paths(mime(QUrl.fromLocalFile("/a/ü b"))) == ["/a/ü b"]


def test_paths_copied_as_text_can_be_pasted():
    assert pasted_paths(mime(text="/a/b\n  /c \n\n")) == ["/a/b", "/c"]


@pytest.mark.parametrize("text", ["hello", "/a\nhello", ""])
def test_other_text_is_not_taken_for_files(text):
    assert pasted_paths(mime(text=text)) == []


def test_a_web_address_is_no_file():
    assert pasted_paths(mime(QUrl("https://example.com/a"))) == []
