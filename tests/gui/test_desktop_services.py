from __future__ import annotations

import sys

import pytest

pytest.importorskip("jeepney", reason="other systems have no D-Bus")
if sys.platform != "linux":
    pytest.skip("other systems are not asked", allow_module_level=True)

from PySide6.QtWidgets import QWidget

from s3gui.core.settings import Settings
from s3gui.gui.bus import Bus
from s3gui.gui.desktop_services import DesktopServices, ServiceLook
from s3gui.gui.settings_running import RunningPage
from s3gui.gui.tray import Tray
from tests.support.fake_desktop import FakeDesktop


@pytest.fixture
def look(bus_address, qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    session, system = Bus(bus_address), Bus(bus_address)
    look = ServiceLook(session, system, Tray(window), window)
    yield lambda: found(look, qtbot)
    session.close()
    system.close()


def found(look: ServiceLook, qtbot) -> DesktopServices:
    with qtbot.waitSignal(look.found) as answer:
        look.look()
    return answer.args[0]


@pytest.mark.parametrize(
    ("names", "services"),
    [
        ((), DesktopServices(False, False, False)),
        (("org.freedesktop.Notifications",), DesktopServices(False, True, False)),
        (("org.gnome.SessionManager",), DesktopServices(False, False, True)),
        (("org.freedesktop.login1",), DesktopServices(False, False, True)),
    ],
)
def test_it_finds_who_is_there(look, bus_address, names, services):
    desktop = FakeDesktop(bus_address, names)
    desktop.start()
    assert look() == services
    desktop.stop()


def test_without_a_bus_there_is_nothing(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    look = ServiceLook(Bus(None), Bus(None), Tray(window), window)
    assert found(look, qtbot) == DesktopServices(False, False, False)


def notes(page: RunningPage) -> dict[object, str]:
    return {field.control: field.note.text() for field in page.fields}


def test_the_settings_say_what_this_desktop_lacks(qtbot):
    page = RunningPage(Settings())
    qtbot.addWidget(page)
    usual = notes(page)
    page.show_services(DesktopServices(True, True, True))
    assert notes(page) == usual
    page.show_services(DesktopServices(False, False, False))
    lacking = notes(page)
    assert "no tray" in lacking[page.on_closing]
    assert "no service for notifications" in lacking[page.notifies]
    assert "may fall asleep" in lacking[page.keeps_awake]
    assert lacking[page.starts_at_login] == usual[page.starts_at_login]
