"""The real window, uploading.

Its arguments: STARTED ENDPOINT_URL CA_FILE [SOURCE PREFIX].

STARTED is when its process was started (monotonic seconds). Prints as JSON how soon the window
was painted, and by how much a timer of one frame came late while the upload ran.
"""

from __future__ import annotations

import json
import resource
import sys
import threading
import time
from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, Signal

from s3gui.collecting import keep_what_is_loaded
from s3gui.core.profile import Profile
from s3gui.core.transfer import Destination, UploadOptions
from s3gui.gui.app import open_window, prefer_the_window
from s3gui.gui.main_window import MainWindow
from tests.benchmarks.service import BUCKET

_FRAME_SECONDS = 0.016
_BEFORE_A_DROP_MILLISECONDS = 2_000
"""Nobody drops files sooner after the window has come, and until then it loads what that takes."""


class _FirstPaint(QObject):
    painted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.at: float | None = None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if self.at is None and event.type() == QEvent.Type.Paint:
            self.at = time.monotonic()
            QTimer.singleShot(0, self.painted.emit)
            application = QCoreApplication.instance()
            assert application is not None
            application.removeEventFilter(self)  # the program has none that hears of everything
        return False


class _Upload(QObject):
    """One batch, from the open window's own queue, and the event loop's delays meanwhile."""

    ended = Signal()

    def __init__(self, window: MainWindow, what: Sequence[str]) -> None:
        super().__init__()
        self._window = window
        self._what = what
        self.delays: list[float] = []
        self.seconds = 0.0
        self._expected_at = 0.0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)

    def start(self) -> None:
        keep_what_is_loaded()  # as the program does in its first seconds
        self._expected_at = time.monotonic() + _FRAME_SECONDS
        self._timer.start(round(_FRAME_SECONDS * 1000))
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        workspace = self._window.session.workspace
        assert workspace is not None
        endpoint_url, ca_file, source, prefix = self._what
        profile = Profile(
            id="benchmark",
            name="benchmark",
            endpoint_url=endpoint_url,
            aws_profile="",
            ca_file=ca_file or None,
        )
        started = time.monotonic()
        workspace.queue.start()
        workspace.queue.add([source], Destination(BUCKET, prefix), UploadOptions(), profile)
        workspace.queue.wait_until_idle()
        self.seconds = time.monotonic() - started
        self.states = {
            state.value: count.files for state, count in workspace.queue.counts().items()
        }
        self.ended.emit()

    def _tick(self) -> None:
        now = time.monotonic()
        self.delays.append(max(0.0, now - self._expected_at))
        self._expected_at = now + _FRAME_SECONDS


def main() -> None:
    started_at = float(sys.argv[1])
    prefer_the_window()
    window = open_window()
    application = QCoreApplication.instance()
    assert application is not None
    first_paint = _FirstPaint()
    application.installEventFilter(first_paint)
    result: dict[str, object] = {}
    upload = _Upload(window, sys.argv[2:]) if len(sys.argv) > 4 else None

    def leave() -> None:
        assert first_paint.at is not None
        result["visible_seconds"] = first_paint.at - started_at
        result["peak_memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        if upload is not None:
            result["upload_seconds"] = upload.seconds
            result["states"] = upload.states
            result["delays"] = upload.delays
        window.closed.connect(application.quit)
        window.leave()

    def begin() -> None:
        if window.connections is None:
            QTimer.singleShot(20, begin)
        elif upload is not None:
            upload.ended.connect(leave)
            QTimer.singleShot(_BEFORE_A_DROP_MILLISECONDS, upload.start)
        else:
            leave()

    first_paint.painted.connect(begin)
    application.exec()
    sys.stdout.write(json.dumps(result) + "\n")
