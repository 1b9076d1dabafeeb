from __future__ import annotations

import os
import subprocess
import sys
import threading

import shiboken6
from PySide6.QtCore import QObject

from s3gui.gui.crossing import Crossing


class Receiver(QObject):
    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.taken: list[tuple[object, int]] = []
        self.crossing = Crossing(self.take)

    def take(self, value: object) -> None:
        self.taken.append((value, threading.get_ident()))


def sent_by_a_thread(crossing: Crossing, *values: object) -> None:
    thread = threading.Thread(target=lambda: [crossing.send(value) for value in values])
    thread.start()
    thread.join()


def test_what_a_thread_sends_is_taken_in_this_one_in_its_order(qapp, qtbot):
    receiver = Receiver()
    sent_by_a_thread(receiver.crossing, 1, None, "three")
    qtbot.waitUntil(lambda: len(receiver.taken) == 3)
    assert receiver.taken == [(value, threading.get_ident()) for value in (1, None, "three")]


def test_nothing_is_called_of_a_receiver_that_went_with_its_window(qapp, qtbot):
    window = QObject()
    receiver = Receiver(window)
    sent_by_a_thread(receiver.crossing, "on its way")
    shiboken6.delete(window)
    sent_by_a_thread(receiver.crossing, "too late")
    qtbot.wait(1)
    assert receiver.taken == []


GOING_WINDOWS = """
import sys, threading, time
import shiboken6
from PySide6.QtCore import QCoreApplication, QObject
from s3gui.gui.crossing import Crossing

class Receiver(QObject):
    def __init__(self, parent):
        super().__init__(parent)
        self.crossing = Crossing(self.take)

    def take(self, value):
        pass

application = QCoreApplication([])
sys.setswitchinterval(0.00001)
for _ in range(20):
    window, is_gone = QObject(), threading.Event()
    crossing = Receiver(window).crossing

    def send():
        while not is_gone.is_set():
            crossing.send(1)

    threads = [threading.Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    time.sleep(0.0005)
    shiboken6.delete(window)
    is_gone.set()
    for thread in threads:
        thread.join()
    application.processEvents()
"""


def test_windows_may_go_while_threads_send():
    """A signal of the receiver itself crashes here within a few windows."""
    ended = subprocess.run(
        [sys.executable, "-c", GOING_WINDOWS],
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
