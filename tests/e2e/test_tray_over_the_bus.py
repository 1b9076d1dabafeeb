"""The tray as KDE and GNOME's extension have it: all of it goes over the message bus."""

from __future__ import annotations

import sys

import pytest

pytest.importorskip("jeepney", reason="other systems have no D-Bus")

from jeepney import DBusAddress, new_method_call
from jeepney.io.blocking import open_dbus_connection

from tests.support.fake_desktop import FakeDesktop
from tests.support.programs import running, wait_until

pytestmark = pytest.mark.x11

PROGRAM = """
from PySide6.QtWidgets import QApplication, QWidget
from s3gui.gui.tray import Tray
application = QApplication([])
window = QWidget()
tray = Tray(window)
tray.show_wanted.connect(lambda: print("show", flush=True))
tray.appear()
tray.show_progress(0.4, "3 uploading", is_moving=True)
application.exec()
"""
WATCHER = "org.kde.StatusNotifierWatcher"
ITEM = "org.kde.StatusNotifierItem"


def labels(layout) -> list[str]:
    """Of the menu's entries, as the desktop draws them."""
    _revision, (_id, _properties, children) = layout
    found = [child[1][1].get("label", ("s", "-"))[1] for child in children]
    return [str(label) for label in found]


def test_icon_tooltip_menu_and_click(screen, bus_address, tmp_path):
    watcher = FakeDesktop(
        bus_address,
        (WATCHER,),
        {"Get": ("v", (("b", True),)), "RegisterStatusNotifierItem": ("", ())},
    )
    watcher.start()
    log = tmp_path / "log"
    environment = screen.environment | {"DBUS_SESSION_BUS_ADDRESS": bus_address}
    with (
        running([sys.executable, "-c", PROGRAM], log, environment=environment) as program,
        open_dbus_connection(bus_address) as line,
    ):
        wait_until(lambda: "RegisterStatusNotifierItem" in watcher.methods(), program, log)
        (service,) = watcher.calls[watcher.methods().index("RegisterStatusNotifierItem")][1]

        def ask(path: str, interface: str, method: str, signature: str, *values: object):
            address = DBusAddress(path, bus_name=service, interface=interface)
            call = new_method_call(address, method, signature, values)
            return line.send_and_get_reply(call, timeout=20).body

        def value(name: str):
            interface = "org.freedesktop.DBus.Properties"
            return ask("/StatusNotifierItem", interface, "Get", "ss", ITEM, name)[0][1]

        wait_until(lambda: value("ToolTip")[2] == "3 uploading", program, log)
        assert (64, 64) in {(width, height) for width, height, _pixels in value("IconPixmap")}
        layout = ask(value("Menu"), "com.canonical.dbusmenu", "GetLayout", "iias", 0, -1, ["label"])
        assert labels(layout) == ["Show window", "-", "Pause all", "Add files…", "-", "Quit"]
        ask("/StatusNotifierItem", ITEM, "Activate", "ii", 1, 1)
        wait_until(lambda: log.read_text() == "show\n", program, log)
    watcher.stop()
