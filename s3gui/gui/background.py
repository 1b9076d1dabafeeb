"""Work that may block (disk, network, keyring), off the GUI thread and back into it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from typing import TypeVar

import shiboken6
from PySide6.QtCore import QObject, QThreadPool, Signal

from s3gui.core.errors import S3guiError
from s3gui.gui.crossing import Crossing

T = TypeVar("T")
_log = logging.getLogger(__name__)
_THREADS = 6


class Background(QObject):
    """Lives in the GUI thread; every `done` and `failed` is called there.

    An error that nobody asked for (`failed` was None) comes out of `unhandled`.
    """

    unhandled = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(_THREADS)
        self._closed = False
        self._answers = Crossing(self._call)

    def run(
        self,
        work: Callable[[], T],
        done: Callable[[T], None],
        failed: Callable[[S3guiError], None] | None = None,
    ) -> None:
        """Call `work` in a thread, then `done` with its result, or `failed`; returns at once.

        Nothing is called when `done` or `failed` is the method of a widget that is gone.
        """
        if self._closed:
            return
        tell_failure = failed or self.unhandled.emit

        def run_and_report() -> None:
            try:
                result = work()
            except S3guiError as error:
                self._report(tell_failure, error)
            except Exception as error:  # noqa: BLE001  whatever it is must reach the user as a sentence
                if self._closed:  # what it needed was closed before it: nobody waits for it
                    return
                _log.exception("Work in the background failed")
                surprise = S3guiError(detail=f"{type(error).__name__}: {error}")
                self._report(tell_failure, surprise)
            else:
                self._report(done, result)

        self._pool.start(run_and_report)

    @property
    def is_idle(self) -> bool:
        """Whether nothing is under way."""
        return self._pool.activeThreadCount() == 0

    def stop(self) -> None:
        """Take nothing more and drop what has not begun; nothing is called any more."""
        self._closed = True
        self._pool.clear()

    def close(self, timeout_seconds: float = 5.0) -> bool:
        """Stop, and wait for what runs; whether it ended in time. From any thread."""
        self.stop()
        return self._pool.waitForDone(round(timeout_seconds * 1000))

    def _report(self, listener: Callable[[T], None], value: T) -> None:
        self._answers.send(partial(_call_unless_gone, listener, value))

    def _call(self, answer: Callable[[], None]) -> None:
        if not self._closed:
            answer()


def _call_unless_gone(listener: Callable[[T], None], value: T) -> None:
    owner = getattr(listener, "__self__", None)
    if isinstance(owner, QObject) and not shiboken6.isValid(owner):
        return
    listener(value)
