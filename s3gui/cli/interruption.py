"""Ctrl-C and its relatives: the first asks to leave off, the second ends at once."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from types import FrameType
from typing import Self

from s3gui.cli.exits import EXIT_INTERRUPTED

_NAMES = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
_SHOW_CURSOR = b"\x1b[?25h\n"


class Interruption:
    """While it is entered, signals do not end the program but are told to `tell`'s callback."""

    def __init__(self) -> None:
        self._on_first: Callable[[], None] | None = None
        self._earlier: dict[int, signal._HANDLER] = {}
        self.is_requested = False

    def tell(self, on_first: Callable[[], None]) -> None:
        """Call `on_first` at the first signal, or now if that has come already.

        It runs inside a signal handler: it must be quick and take no lock.
        """
        self._on_first = on_first
        if self.is_requested:
            on_first()

    def __enter__(self) -> Self:
        if threading.current_thread() is threading.main_thread():
            for number in _signals():
                # A signal that is ignored was made so by nohup or by the shell, for a reason.
                if signal.getsignal(number) is not signal.SIG_IGN:
                    self._earlier[number] = signal.signal(number, self._handle)
        return self

    def __exit__(self, *_how: object) -> None:
        for number, handler in self._earlier.items():
            signal.signal(number, handler)

    def _handle(self, number: int, frame: FrameType | None) -> None:
        del number, frame
        if self.is_requested:
            end_at_once()
        self.is_requested = True
        if self._on_first is not None:
            self._on_first()


def end_at_once() -> None:
    """Without another word; what the queue holds is on the disk already."""
    if os.isatty(2):
        os.write(2, _SHOW_CURSOR)
    os._exit(EXIT_INTERRUPTED)


def _signals() -> list[int]:
    return [getattr(signal, name) for name in _NAMES if hasattr(signal, name)]
