"""Qt's side of the engine: thread pools as executors, events as one queued signal."""

from __future__ import annotations

import contextlib
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any, ParamSpec, TypeVar

from PySide6.QtCore import QObject, Qt, QThreadPool, QTimer, Signal

from s3gui.core.events import Event

P = ParamSpec("P")
T = TypeVar("T")

_FRAME_MILLISECONDS = 15
_EVENTS_AT_ONCE = 256


class QtExecutor(Executor):
    """A QThreadPool behind the interface of `concurrent.futures`."""

    def __init__(self, threads: int) -> None:
        self._pool = QThreadPool()
        self._pool.setMaxThreadCount(threads)
        self._lock = threading.Lock()
        self._unfinished: set[Future[Any]] = set()
        self._is_shut_down = False

    def set_threads(self, threads: int) -> None:
        """How many calls run at once from now on; from any thread."""
        self._pool.setMaxThreadCount(threads)

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        future: Future[T] = Future()

        def run() -> None:
            if not future.set_running_or_notify_cancel():
                return
            try:
                result = fn(*args, **kwargs)
            except BaseException as error:  # noqa: BLE001  Stopped is one; the caller wants it
                future.set_exception(error)
            else:
                future.set_result(result)

        with self._lock:
            if self._is_shut_down:
                raise RuntimeError("cannot schedule new futures after shutdown")
            self._unfinished.add(future)
        future.add_done_callback(self._unfinished.discard)
        self._pool.start(run)
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: FBT001, FBT002  the interface's
        with self._lock:
            self._is_shut_down = True
            unfinished = list(self._unfinished)
        if cancel_futures:
            for future in unfinished:
                future.cancel()
        if wait:
            self._pool.waitForDone()


class EngineSignals(QObject):
    """The engine's events, in the thread that this was made in.

    Those of one frame cross together: each crossing costs more than what it carries, and waits
    for whoever has Python's lock.
    """

    happened = Signal(object)
    _came = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._events: deque[Event] = deque()
        self._is_called = False
        self._frame = QTimer(self)
        self._frame.setSingleShot(True)
        self._frame.setInterval(_FRAME_MILLISECONDS)
        self._frame.timeout.connect(self._hand_on)
        self._came.connect(self._frame.start, Qt.ConnectionType.QueuedConnection)

    def publish(self, event: Event) -> None:
        """Take an event from any thread."""
        # In this order, which needs no lock: whoever finds it called was in time.
        self._events.append(event)
        if not self._is_called:
            self._call()

    def _call(self) -> None:
        self._is_called = True
        with contextlib.suppress(RuntimeError):  # the window is gone while a part still ends
            self._came.emit()

    def _hand_on(self) -> None:
        """So many at most: other things happen in the window, too."""
        self._is_called = False
        for _ in range(min(len(self._events), _EVENTS_AT_ONCE)):
            self.happened.emit(self._events.popleft())
        if self._events:
            self._call()
