from __future__ import annotations

import gc
import warnings

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QWidget

from s3gui.core.profile import Profile
from s3gui.gui.background import Background
from s3gui.gui.theme import Theme
from tests.fakes.object_store import FakeObjectStore
from tests.support.plain_text import problems


def pytest_configure(config: pytest.Config) -> None:
    # The offscreen platform has no window manager, and says so each time one is wanted.
    config.addinivalue_line("qt_log_ignore", "^This plugin does not support ")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call():
    """Whatever a test opened, and whatever names it gave: none may be HTML, none may hide."""
    result = yield  # a test that failed is reported as it is
    if QApplication.instance() is not None:
        assert problems(QApplication.allWidgets()) == []
    return result


@pytest.fixture(scope="session")
def _nothing_old_is_garbage():
    """Modules stay: to look through them after each test would take most of the time."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.fixture(autouse=True)
def _garbage_goes_between_tests(_nothing_old_is_garbage, request):
    """A test's widgets belong to Python alone, and hold each other by their signals.

    Collected at any other moment, they would go while Qt delivers an event to them, or in a
    thread of the pool: both crash. In the program every widget has a parent, which is Qt's.
    """
    gc.disable()
    yield
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    # pytest holds them a moment longer: they would be garbage in a test that knows nothing of Qt.
    request.node.funcargs.clear()
    gc.enable()
    with warnings.catch_warnings():
        # Also of tests that ran here before: their sockets say nothing about this one.
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


@pytest.fixture
def background(qapp):
    background = Background()
    yield background
    assert background.close()


@pytest.fixture
def theme(qapp):
    return Theme()


@pytest.fixture
def store():
    """A service without buckets."""
    store = FakeObjectStore()
    store.buckets.clear()
    return store


@pytest.fixture
def profile():
    return Profile("profile", "Photos", region="us-east-1", access_key_id="AKIDEXAMPLE")


class FileDrag:
    """A drag of files, as the desktop sends it to one widget."""

    def __init__(self, widget: QWidget, *paths: str) -> None:
        self._widget = widget
        self._is_inside = False
        self._mime = QMimeData()
        self._mime.setUrls([QUrl.fromLocalFile(path) for path in paths])

    def over(self, place: QPoint) -> bool:
        """Enter and move; returns whether a drop would be taken there."""
        enter = QDragEnterEvent(place, *self._facts())
        QApplication.sendEvent(self._widget, enter)
        if not enter.isAccepted():
            return False
        self._is_inside = True
        move = QDragMoveEvent(place, *self._facts())
        QApplication.sendEvent(self._widget, move)
        return move.isAccepted()

    def leave(self) -> None:
        """Must come before the widget goes: Qt would send what follows to where it was."""
        if self._is_inside:
            self._is_inside = False
            QApplication.sendEvent(self._widget, QDragLeaveEvent())

    def drop(self, place: QPoint) -> bool:
        """Move there and let go; returns whether the files were taken."""
        if not self.over(place):
            return False
        self._is_inside = False
        event = QDropEvent(place, *self._facts())
        QApplication.sendEvent(self._widget, event)
        return event.isAccepted()

    def _facts(self):
        no_key = Qt.KeyboardModifier.NoModifier
        return Qt.DropAction.CopyAction, self._mime, Qt.MouseButton.LeftButton, no_key


@pytest.fixture
def drag_files(qtbot):
    """Makes a FileDrag over a widget. Ask for it after the widget, so that it ends before."""
    drags: list[FileDrag] = []

    def start(widget: QWidget, *paths: str) -> FileDrag:
        drags.append(FileDrag(widget, *paths))
        return drags[-1]

    yield start
    for drag in drags:
        drag.leave()
