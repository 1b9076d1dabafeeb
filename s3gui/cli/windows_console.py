"""A Windows console moves its cursor by sequences of characters only when it was told to.

Written by Microsoft's documentation (GetConsoleMode, SetConsoleMode): not run on Windows.
"""

from __future__ import annotations

import sys
from typing import Any

_STANDARD_ERROR = -12
_PROCESSED_OUTPUT = 0x0001
_VIRTUAL_TERMINAL = 0x0004


class WindowsConsole:
    """The console behind standard error; anywhere but on Windows there is nothing to switch."""

    def __init__(self, kernel: Any = None) -> None:
        self._kernel = kernel
        self._mode_before: int | None = None

    def switch_on(self) -> bool:
        """Returns whether sequences are understood from now on."""
        if self._kernel is None and sys.platform != "win32":
            return True
        import ctypes

        if self._kernel is None:
            self._kernel = ctypes.WinDLL("kernel32")  # type: ignore[attr-defined,unused-ignore]
        mode = ctypes.c_uint32()
        if not self._kernel.GetConsoleMode(self._handle(), ctypes.byref(mode)):
            return False
        wanted = mode.value | _PROCESSED_OUTPUT | _VIRTUAL_TERMINAL
        if wanted == mode.value:
            return True
        self._mode_before = mode.value
        return bool(self._kernel.SetConsoleMode(self._handle(), ctypes.c_uint32(wanted)))

    def switch_back(self) -> None:
        if self._mode_before is not None:
            import ctypes

            self._kernel.SetConsoleMode(self._handle(), ctypes.c_uint32(self._mode_before))
            self._mode_before = None

    def _handle(self) -> Any:
        import ctypes

        self._kernel.GetStdHandle.restype = ctypes.c_void_p
        return ctypes.c_void_p(self._kernel.GetStdHandle(ctypes.c_uint32(_STANDARD_ERROR)))
