from __future__ import annotations

import os
import socket
import threading

import pytest

pytest.importorskip("jeepney", reason="other systems have no D-Bus")

from s3gui.gui.bus import Bus, BusLine, Peer, session_bus_address, system_bus_address
from tests.support.fake_desktop import FakeDesktop

CLOCK = Peer("io.github.s3gui.Clock", "/clock", "io.github.s3gui.Clock")


@pytest.fixture
def clock(bus_address):
    clock = FakeDesktop(
        bus_address, (CLOCK.service,), {"Time": ("s", ("noon",)), "Echo": ("u", (7,))}
    )
    clock.start()
    yield clock
    clock.stop()


@pytest.fixture
def bus(bus_address, qapp):
    bus = Bus(bus_address)
    yield bus
    bus.close()


def asked(qtbot, bus: Bus, work) -> object:
    """What the work returns; None when it failed."""
    answers: list[object] = []
    bus.run(work, answers.append, lambda: answers.append(None))
    qtbot.waitUntil(lambda: bool(answers))
    return answers[0]


def test_a_service_answers_in_the_window_s_thread(bus, clock, qtbot):
    threads = set()

    def work(line: BusLine) -> str:
        threads.add(threading.get_ident())
        return line.ask(CLOCK, "Time")[0]

    assert asked(qtbot, bus, work) == "noon"
    assert threading.get_ident() not in threads


def test_types_are_sent_as_they_are_named(bus, clock, qtbot):
    assert asked(
        qtbot, bus, lambda line: line.ask(CLOCK, "Echo", "ua{sv}", 7, {"a": ("y", 1)})
    ) == (7,)
    assert clock.calls == [("Echo", (7, {"a": ("y", 1)}))]


def test_a_refusal_and_a_name_that_nobody_has_fail_and_the_line_stays(bus, clock, qtbot):
    nobody = Peer("io.github.s3gui.Nobody", "/", "io.github.s3gui.Nobody")
    assert asked(qtbot, bus, lambda line: line.ask(CLOCK, "Unknown")) is None
    assert asked(qtbot, bus, lambda line: line.ask(nobody, "Time")) is None
    assert asked(qtbot, bus, lambda line: line.ask(CLOCK, "Time")) == ("noon",)


def test_a_signal_is_heard_only_of_whom_it_is_listened_to(bus, clock, bus_address, qtbot):
    other = FakeDesktop(bus_address, ("io.github.s3gui.Other",))
    other.start()
    assert asked(qtbot, bus, lambda line: line.listen(CLOCK) or "listening") == "listening"
    heard: list[object] = []
    bus.heard.connect(lambda name, body: heard.append((name, body)))
    other.say(CLOCK.path, CLOCK.interface, "Struck", "u", 13)
    clock.say(CLOCK.path, CLOCK.interface, "Struck", "u", 12)
    qtbot.waitUntil(lambda: bool(heard))
    assert heard == [("Struck", (12,))]
    other.stop()


def test_without_a_bus_it_fails_and_no_thread_is_begun(qapp, qtbot):
    bus = Bus(None)
    assert asked(qtbot, bus, lambda line: line.ask(CLOCK, "Time")) is None
    assert bus._serving is None


@pytest.mark.parametrize("address", ["unix:path=/nowhere/bus", "tcp:host=localhost", "nonsense"])
def test_a_bus_that_is_not_there_fails_every_time(address, qapp, qtbot):
    bus = Bus(address)
    for _again in range(2):
        assert asked(qtbot, bus, lambda line: line.ask(CLOCK, "Time")) is None
    bus.close()


def test_a_socket_that_never_answers_fails_in_time(tmp_path, qtbot, monkeypatch):
    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind(str(tmp_path / "bus"))
        silent.listen()
        monkeypatch.setattr("s3gui.gui.bus._PATIENCE_SECONDS", 0.2)
        bus = Bus(f"unix:path={tmp_path / 'bus'}")
        assert asked(qtbot, bus, lambda line: line.ask(CLOCK, "Time")) is None
        bus.close()


def test_a_bus_that_lets_in_and_then_says_nothing_fails_in_time(tmp_path, qtbot, monkeypatch):
    monkeypatch.setattr("s3gui.gui.bus._PATIENCE_SECONDS", 0.2)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "bus"))
        listening.listen()
        welcome = threading.Thread(target=let_in, args=(listening,), daemon=True)
        welcome.start()
        bus = Bus(f"unix:path={tmp_path / 'bus'}")
        assert asked(qtbot, bus, lambda line: line.ask(CLOCK, "Time")) is None
        bus.close()
        welcome.join(5)


def let_in(listening: socket.socket) -> None:
    """As a bus does, and nothing more; until the guest leaves."""
    guest, _address = listening.accept()
    with guest:
        while words := guest.recv(1024):
            if b"AUTH EXTERNAL" in words:
                guest.send(b"OK 1234deadbeef\r\n")
            elif b"NEGOTIATE_UNIX_FD" in words:
                guest.send(b"AGREE_UNIX_FD\r\n")


def test_a_line_that_was_lost_is_made_again(bus, clock, qtbot):
    def lose(line: BusLine) -> None:
        line._connection.sock.shutdown(socket.SHUT_RDWR)
        line.ask(CLOCK, "Time")

    assert asked(qtbot, bus, lose) is None
    assert asked(qtbot, bus, lambda line: line.ask(CLOCK, "Time")) == ("noon",)


def test_what_goes_wrong_in_the_work_is_a_failure_too(bus, clock, qtbot):
    assert asked(qtbot, bus, lambda line: line.ask(CLOCK, "Echo")[1]) is None
    assert asked(qtbot, bus, lambda line: line.ask(CLOCK, "Time")) == ("noon",)


def test_after_the_close_nothing_is_called(bus, clock, qtbot):
    called: list[object] = []
    bus.close()
    bus.run(lambda line: line.ask(CLOCK, "Time"), called.append, lambda: called.append(None))
    qtbot.wait(1)
    assert called == []


def test_the_bus_of_the_session_is_found_by_its_address_or_in_its_usual_place(tmp_path):
    given = {"DBUS_SESSION_BUS_ADDRESS": "unix:path=/given"}
    assert session_bus_address(given) == "unix:path=/given"
    assert session_bus_address({"XDG_RUNTIME_DIR": str(tmp_path)}) is None
    with socket.socket(socket.AF_UNIX) as usual:
        usual.bind(str(tmp_path / "bus"))
        here = session_bus_address({"XDG_RUNTIME_DIR": str(tmp_path)})
    assert here == f"unix:path={tmp_path / 'bus'}"


def test_no_test_reaches_the_system_s_bus():
    assert "nowhere" in (system_bus_address(os.environ) or "")
