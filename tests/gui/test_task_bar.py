from __future__ import annotations

import pytest

pytest.importorskip("jeepney", reason="other systems have no D-Bus")

from s3gui.gui.bus import Bus
from s3gui.gui.task_bar import TaskBar
from tests.support.fake_desktop import FakeDesktop


@pytest.fixture
def dock(bus_address):
    dock = FakeDesktop(bus_address, ())
    dock.start()
    yield dock
    dock.stop()


@pytest.fixture
def seconds():
    return [100.0]


@pytest.fixture
def task_bar(bus_address, qapp, seconds):
    bus = Bus(bus_address)
    yield TaskBar(bus, steady=lambda: seconds[0])
    bus.close()


def test_the_dock_hears_of_the_progress_and_of_its_end(task_bar, dock, seconds, qtbot):
    task_bar.show_share(0.25)
    seconds[0] += 1
    task_bar.show_share(0.5)
    task_bar.show_share(None)
    qtbot.waitUntil(lambda: len(dock.signals) == 3)
    assert {name for name, _values in dock.signals} == {"Update"}
    assert {values[0] for _name, values in dock.signals} == {"application://s3gui.desktop"}
    assert [values[1]["progress"] for _name, values in dock.signals] == [
        *(("d", 0.25), ("d", 0.5), ("d", 0.0))
    ]
    visible = [values[1]["progress-visible"][1] for _name, values in dock.signals]
    assert visible == [True, True, False]


def test_it_is_told_at_most_twice_a_second_and_only_what_differs(task_bar, dock, seconds, qtbot):
    for hundredth in range(40):
        task_bar.show_share(hundredth / 100)
    seconds[0] += 0.6
    task_bar.show_share(0.4)
    task_bar.show_share(0.4001)
    task_bar.show_share(None)
    task_bar.show_share(None)
    qtbot.waitUntil(
        lambda: bool(dock.signals) and not dock.signals[-1][1][1]["progress-visible"][1]
    )
    assert [values[1]["progress"][1] for _name, values in dock.signals] == [0.0, 0.4, 0.0]


def test_without_a_bus_nothing_happens(qapp, qtbot):
    TaskBar(Bus(None)).show_share(0.5)
    qtbot.wait(1)
