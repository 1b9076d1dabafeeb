"""What runs beside the window, on a real X server with a real tray and a message bus of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest

pytest.importorskip("jeepney", reason="other systems have no D-Bus")

from s3gui.adapters.settings_file import SettingsFile
from s3gui.core.settings import OnClosing, Settings
from tests.support import fake_desktop
from tests.support.programs import need_programs, running, wait_until

pytestmark = pytest.mark.x11

NOTIFICATIONS = "org.freedesktop.Notifications"
POWER = "org.freedesktop.PowerManagement"
SCRIPT = {
    "names": [NOTIFICATIONS, POWER],
    "answers": {
        "GetCapabilities": ["as", [["actions", "body-markup"]]],
        "Notify": ["u", [41]],
        "CloseNotification": ["", []],
        "Inhibit": ["u", [8]],
        "UnInhibit": ["", []],
    },
}


def told(log: Path, name: str) -> list[list[object]]:
    """What the services were asked, or heard, by that name."""
    lines = [json.loads(line) for line in log.read_text().splitlines() if line.endswith(("]", '"'))]
    return [line[1] for line in lines if line[0] == name]


def is_shown(environment: dict[str, str]) -> bool:
    command = ["xdotool", "search", "--onlyvisible", "--name", "^s3gui$"]
    found = subprocess.run(command, env=environment, capture_output=True, check=False, timeout=20)
    return bool(found.stdout.strip())


def windows_in_tray(environment: dict[str, str]) -> int:
    """Whose size is that of an icon: the tray docks a window of the program's."""
    command = ["xwininfo", "-root", "-tree"]
    tree = subprocess.run(
        command, env=environment, capture_output=True, text=True, check=True, timeout=20
    ).stdout
    lines = tree.partition('("panel" "trayer")')[2].splitlines()[1:]
    return sum("s3gui" in line for line in lines[:12])


@pytest.fixture
def in_tray() -> Callable[[dict[str, str]], bool]:
    need_programs({"trayer": "trayer", "xwininfo": "x11-utils"})
    return lambda environment: windows_in_tray(environment) > 0


def test_closed_to_the_tray_it_uploads_notifies_and_comes_back(
    screen, bus_address, home, make_file, tmp_path, in_tray
):
    settings = SettingsFile(home / "settings.json")
    settings.save(Settings(on_closing=OnClosing.TRAY, most_bytes_per_second=2_000_000))
    first, second = make_file("first.bin", 7_000_000), make_file("<b>&amp; second.bin", 1_000_000)
    log, tray_log, desktop_log = (tmp_path / name for name in ("log", "tray", "desktop"))
    environment = screen.environment | {
        "S3GUI_HOME": str(home),
        "DBUS_SESSION_BUS_ADDRESS": bus_address,
    }
    desktop = [sys.executable, fake_desktop.__file__, bus_address, json.dumps(SCRIPT)]
    program = [sys.executable, "-m", "s3gui", "--practice"]
    tray = ["trayer", "--edge", "top", "--align", "right"]
    with running(desktop, desktop_log) as services, ExitStack() as stack:
        # The program looks for them when it starts to send: a service may not come later here.
        wait_until(lambda: '"ready"' in desktop_log.read_text(), services, desktop_log)
        stack.enter_context(running(tray, tray_log, environment=environment))
        window = stack.enter_context(running(program, log, environment=environment))
        wait_until(lambda: settings.load().last_profile_id == "practice", window, log)
        assert screen.drop([first, second], "s3gui")
        wait_until(lambda: told(desktop_log, "Inhibit"), window, log)
        close = ["xdotool", "search", "--onlyvisible", "--name", "^s3gui$", "windowactivate"]
        subprocess.run(close, env=environment, check=True, timeout=20, stdout=subprocess.DEVNULL)
        subprocess.run(["xdotool", "key", "alt+F4"], env=environment, check=True, timeout=20)
        wait_until(lambda: not is_shown(environment), window, log)
        wait_until(lambda: in_tray(environment), window, log)
        wait_until(lambda: told(desktop_log, "Notify"), window, log, timeout_seconds=60)
        assert told(desktop_log, "Notify")[0][3] == "2 files uploaded and verified"
        wait_until(lambda: told(desktop_log, "UnInhibit"), window, log)
        updates = told(desktop_log, "Update")
        assert updates[0][0] == "application://s3gui.desktop"
        assert updates[-1][1]["progress-visible"] == ["b", False]
        subprocess.run(program[:3], env=environment, check=True, timeout=60)  # a second start
        wait_until(lambda: is_shown(environment), window, log)
        os.kill(window.pid, signal.SIGTERM)
        assert window.wait(20) == 0
    assert log.read_text() == ""
