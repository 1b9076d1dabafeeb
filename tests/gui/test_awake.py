from __future__ import annotations

import os
import sys

import pytest

pytest.importorskip("jeepney", reason="other systems have no D-Bus")

from s3gui.gui.awake import BusAwake, awake_for
from s3gui.gui.awake_elsewhere import MacAwake, WindowsAwake
from s3gui.gui.bus import Bus
from tests.support.fake_desktop import FakeDesktop

GNOME = "org.gnome.SessionManager"
POWER = "org.freedesktop.PowerManagement"
PORTAL = "org.freedesktop.portal.Desktop"
LOGIN = "org.freedesktop.login1"
REQUEST = "/org/freedesktop/portal/desktop/request/1_5/t"
ANSWERS = {
    GNOME: {"Inhibit": ("u", (7,)), "Uninhibit": ("", ())},
    POWER: {"Inhibit": ("u", (8,)), "UnInhibit": ("", ())},
    PORTAL: {"Inhibit": ("o", (REQUEST,)), "Close": ("", ())},
}
RELEASES = {
    GNOME: ("Uninhibit", (7,)),
    POWER: ("UnInhibit", (8,)),
    PORTAL: ("Close", ()),
}


@pytest.fixture
def start(bus_address):
    """Put a service on the bus."""
    started: list[FakeDesktop] = []

    def start(name: str, answers=None) -> FakeDesktop:
        started.append(FakeDesktop(bus_address, (name,), answers or ANSWERS[name]))
        started[-1].start()
        return started[-1]

    yield start
    for each in started:
        each.stop()


@pytest.fixture
def awake(bus_address, qapp):
    """Both buses are the one of the tests."""
    buses = Bus(bus_address), Bus(bus_address)
    yield BusAwake(*buses)
    for bus in buses:
        bus.close()


@pytest.mark.parametrize("name", [GNOME, POWER, PORTAL])
def test_it_is_held_and_let_go_by_whoever_is_there(name, awake, start, qtbot):
    service = start(name)
    with qtbot.waitSignal(awake.changed):
        awake.hold()
        awake.hold()
    assert awake.held_by == name
    assert service.methods() == ["Inhibit"]
    awake.release()
    awake.release()
    assert awake.held_by == ""
    qtbot.waitUntil(lambda: len(service.calls) == 2)
    assert service.calls[-1] == RELEASES[name]


def test_gnome_is_asked_for_no_suspend_and_nothing_else(awake, start, qtbot):
    gnome = start(GNOME)
    with qtbot.waitSignal(awake.changed):
        awake.hold()
    assert gnome.calls == [("Inhibit", ("s3gui", 0, "Files are being uploaded", 4))]


def test_one_that_refuses_is_passed_over(awake, start, qtbot):
    gnome, portal = start(GNOME, {"Other": ("", ())}), start(PORTAL)
    with qtbot.waitSignal(awake.changed):
        awake.hold()
    assert awake.held_by == PORTAL
    assert gnome.methods() == ["Inhibit"]
    assert portal.calls == [("Inhibit", ("", 4, {"reason": ("s", "Files are being uploaded")}))]


def test_systemd_holds_it_by_an_open_file_where_the_desktop_does_not(awake, start, qtbot):
    reading, writing = os.pipe()
    login = start(LOGIN, {"Inhibit": ("h", (writing,))})
    with qtbot.waitSignal(awake.changed):
        awake.hold()
    assert awake.held_by == LOGIN
    assert login.calls == [("Inhibit", ("idle", "s3gui", "Files are being uploaded", "block"))]
    os.close(writing)
    os.set_blocking(reading, False)
    with pytest.raises(BlockingIOError):
        os.read(reading, 1)  # the other end is still open
    awake.release()

    def is_closed() -> bool:
        try:
            return os.read(reading, 1) == b""
        except BlockingIOError:
            return False

    qtbot.waitUntil(is_closed)
    os.close(reading)


def test_what_is_let_go_before_the_answer_came_is_let_go_after_it(awake, start, qtbot):
    service = start(POWER)
    awake.hold()
    awake.release()
    qtbot.waitUntil(lambda: service.methods() == ["Inhibit", "UnInhibit"])
    assert awake.held_by == ""


def test_it_can_be_held_again(awake, start, qtbot):
    service = start(POWER)
    for _turn in range(2):
        with qtbot.waitSignal(awake.changed):
            awake.hold()
        awake.release()
    qtbot.waitUntil(lambda: service.methods() == ["Inhibit", "UnInhibit"] * 2)


def test_where_nobody_does_it_nothing_happens(awake, qtbot):
    awake.hold()
    waited: list[int] = []
    awake._system.run(lambda _line: 1, waited.append, lambda: waited.append(0))
    qtbot.waitUntil(lambda: bool(waited))
    awake._system.run(lambda _line: 2, waited.append, lambda: waited.append(0))
    qtbot.waitUntil(lambda: len(waited) == 2)
    assert awake.held_by == ""
    awake.release()


class FakeKernel:
    def __init__(self) -> None:
        self.states: list[int] = []

    def SetThreadExecutionState(self, state) -> None:
        self.states.append(state.value)


def test_windows_is_told_that_the_system_is_required_and_no_longer():
    kernel = FakeKernel()
    awake = WindowsAwake(kernel)
    awake.hold()
    awake.release()
    assert kernel.states == [0x8000_0001, 0x8000_0000]


@pytest.mark.skipif(sys.platform == "win32", reason="macOS has a shell")
def test_macos_own_program_runs_as_long_as_it_is_held(tmp_path, qapp, qtbot):
    program = tmp_path / "caffeinate"
    program.write_text(f'#!/bin/sh\necho "$*" > {tmp_path}/arguments\nexec sleep 60\n')
    program.chmod(0o700)
    awake = MacAwake(program=str(program))
    awake.hold()
    awake.hold()
    qtbot.waitUntil((tmp_path / "arguments").exists)
    qtbot.waitUntil(lambda: (tmp_path / "arguments").read_text() == f"-i -w {os.getpid()}\n")
    awake.release()
    awake._process.waitForFinished(5000)
    assert awake._process.state() is awake._process.ProcessState.NotRunning


@pytest.mark.skipif(sys.platform != "linux", reason="others have roads of their own")
def test_this_system_has_the_road_over_the_bus(qapp):
    assert isinstance(awake_for(Bus(None), Bus(None), qapp), BusAwake)
