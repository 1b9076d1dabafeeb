"""Staying awake on Windows and macOS. Written by their documentation: not run on either."""

from __future__ import annotations

import ctypes
import os
from typing import Any

from PySide6.QtCore import QObject, QProcess

from s3gui.gui.child_environment import process_environment

_CONTINUOUS = 0x8000_0000
_SYSTEM_REQUIRED = 0x0000_0001


class WindowsAwake:
    """SetThreadExecutionState; it counts for the thread that calls it, which is the window's."""

    def __init__(self, kernel: Any = None) -> None:
        self._kernel = kernel if kernel is not None else ctypes.WinDLL("kernel32")  # type: ignore[attr-defined,unused-ignore]

    def hold(self) -> None:
        self._kernel.SetThreadExecutionState(ctypes.c_uint(_CONTINUOUS | _SYSTEM_REQUIRED))

    def release(self) -> None:
        self._kernel.SetThreadExecutionState(ctypes.c_uint(_CONTINUOUS))


class MacAwake:
    """macOS' own `caffeinate`, which watches this program and ends with it, however it ends."""

    def __init__(self, parent: QObject | None = None, program: str = "/usr/bin/caffeinate") -> None:
        self._process = QProcess(parent)
        self._process.setProgram(program)
        self._process.setArguments(["-i", "-w", str(os.getpid())])
        self._process.setProcessEnvironment(process_environment(os.environ))

    def hold(self) -> None:
        if self._process.state() is QProcess.ProcessState.NotRunning:
            self._process.start()

    def release(self) -> None:
        if self._process.state() is not QProcess.ProcessState.NotRunning:
            self._process.kill()
