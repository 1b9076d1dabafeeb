from __future__ import annotations

import logging
import threading

import pytest
from PySide6.QtCore import QObject, QThread

from s3gui.core.errors import AccessDenied, S3guiError
from s3gui.gui.background import Background


@pytest.fixture
def background(qapp):
    background = Background()
    yield background
    assert background.close()


class Listener(QObject):
    def __init__(self) -> None:
        super().__init__()
        self.heard: list[object] = []

    def hear(self, value: object) -> None:
        self.heard.append(value)


def test_work_runs_in_a_thread_and_its_result_comes_back_to_this_one(background, qtbot):
    threads: list[int] = []

    def work() -> int:
        threads.append(threading.get_ident())
        return 42

    def done(result: int) -> None:
        threads.append(threading.get_ident())
        results.append(result)

    results: list[int] = []
    background.run(work, done)
    assert results == []
    qtbot.waitUntil(lambda: results == [42])
    assert threads[0] != threading.get_ident() == threads[1]


def test_an_error_goes_to_who_asked_for_it(background, qtbot):
    errors: list[S3guiError] = []

    def work() -> None:
        raise AccessDenied("No.")

    background.run(work, pytest.fail, errors.append)
    qtbot.waitUntil(lambda: len(errors) == 1)
    assert isinstance(errors[0], AccessDenied)


def test_an_error_nobody_asked_for_is_not_lost(background, qtbot):
    def work() -> None:
        raise AccessDenied("No.")

    with qtbot.waitSignal(background.unhandled) as caught:
        background.run(work, pytest.fail)
    assert caught.args[0].message == "No."


def test_a_surprise_becomes_a_sentence_and_its_traceback_goes_to_the_log(background, qtbot, caplog):
    errors: list[S3guiError] = []
    with caplog.at_level(logging.ERROR):
        background.run(lambda: 1 // 0, pytest.fail, errors.append)
        qtbot.waitUntil(lambda: len(errors) == 1)
    assert errors[0].message == "Something unexpected happened"
    assert "Traceback" not in errors[0].detail
    assert "ZeroDivisionError" in caplog.text


def test_an_answer_for_a_widget_that_is_gone_is_dropped(background, qtbot):
    gone, here = Listener(), Listener()
    go = threading.Event()
    background.run(go.wait, gone.hear)
    deleted = [False]
    gone.destroyed.connect(lambda: deleted.__setitem__(0, True))
    gone.deleteLater()
    qtbot.waitUntil(lambda: deleted[0])
    go.set()
    background.run(lambda: "after", here.hear)
    qtbot.waitUntil(lambda: here.heard == ["after"])
    assert gone.heard == []


def test_closing_waits_for_what_runs_and_delivers_nothing(background, qtbot):
    heard = Listener()
    started, ended = threading.Event(), threading.Event()

    def work() -> None:
        started.set()
        QThread.msleep(20)
        ended.set()

    background.run(work, heard.hear)
    assert started.wait(5)
    assert background.close()
    assert ended.is_set()
    background.run(work, heard.hear)
    qtbot.wait(10)
    assert heard.heard == []


def test_work_that_outlives_its_background_does_no_harm(qapp, qtbot):
    background = Background()
    go = threading.Event()
    background.run(lambda: go.wait(5), pytest.fail)
    assert not background.close(timeout_seconds=0.05)
    go.set()
    assert background.close()
