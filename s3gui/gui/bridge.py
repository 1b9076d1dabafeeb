"""Qt's side of the engine: thread pools as executors, events as one queued signal."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any, ParamSpec, TypeVar

from PySide6.QtCore import QObject, QThreadPool, Signal

from s3gui.core.events import Event

P = ParamSpec("P")
T = TypeVar("T")


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
    """The engine's events, in the thread of whoever connects to `happened`."""

    happened = Signal(object)

    def publish(self, event: Event) -> None:
        """Take an event from any thread. The only caller of `emit`, which no tool checks."""
        with contextlib.suppress(RuntimeError):  # the window is gone while a part still ends
            self.happened.emit(event)
