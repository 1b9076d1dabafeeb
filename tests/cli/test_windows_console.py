"""On Linux, with a stand-in for what Windows calls kernel32."""

from collections.abc import Callable
from ctypes import c_void_p
from typing import Any

import pytest

from s3gui.cli.windows_console import WindowsConsole

_HANDLE = 0x1_0000_0054
_STANDARD_ERROR = 0xFFFF_FFF4


class Function:
    """As ctypes has them: what it returns is told to the function itself."""

    def __init__(self, does: Callable[[Any], Any]) -> None:
        self._does = does
        self.restype: Any = None

    def __call__(self, *arguments: Any) -> Any:
        assert self.restype is c_void_p  # else a handle of 64 bits is cut to 32
        return self._does(*arguments)


class Kernel:
    """`mode` is None where standard error is no console; `most` are the bits that it takes."""

    def __init__(self, mode: int | None, most: int = 0xFF) -> None:
        self.mode = mode
        self.most = most
        self.GetStdHandle = Function(lambda number: {_STANDARD_ERROR: _HANDLE}.get(number.value))

    def GetConsoleMode(self, handle, mode) -> bool:
        assert handle.value == _HANDLE
        if self.mode is None:
            return False
        mode._obj.value = self.mode
        return True

    def SetConsoleMode(self, handle, mode) -> bool:
        assert handle.value == _HANDLE
        if mode.value | self.most != self.most:
            return False
        self.mode = mode.value
        return True


def test_sequences_are_switched_on_and_back() -> None:
    kernel = Kernel(mode=0b11)
    console = WindowsConsole(kernel)
    assert console.switch_on()
    assert kernel.mode == 0b111
    console.switch_back()
    assert kernel.mode == 0b11


def test_a_console_that_understands_them_already_is_left_alone() -> None:
    kernel = Kernel(mode=0b111)
    console = WindowsConsole(kernel)
    assert console.switch_on()
    kernel.mode = 0b1111  # changed by somebody else in the meantime
    console.switch_back()
    assert kernel.mode == 0b1111


@pytest.mark.parametrize("kernel", [Kernel(mode=None), Kernel(mode=0b11, most=0b11)])
def test_what_is_no_console_and_one_of_old_understand_none(kernel: Kernel) -> None:
    before = kernel.mode
    console = WindowsConsole(kernel)
    assert not console.switch_on()
    console.switch_back()
    assert kernel.mode == before


def test_anywhere_else_there_is_nothing_to_switch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    console = WindowsConsole()
    assert console.switch_on()
    console.switch_back()
