from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from s3gui.gui import app
from s3gui.gui.app import open_window
from tests.support.programs import running, wait_until

_WINDOW = "from s3gui.gui.app import main; raise SystemExit(main([]))"
_PROMPT = """
from s3gui.gui.app import open_window
from tests.support.programs import running, wait_until
window = open_window()
assert window.isVisible()
print("returned")
"""


@pytest.fixture
def environment(tmp_path) -> dict[str, str]:
    chosen = {"QT_QPA_PLATFORM": "offscreen", "S3GUI_HOME": str(tmp_path / "home")}
    return os.environ | chosen


def complaints(text: str) -> list[str]:
    """What a program said, but for the offscreen platform's remark that it is none."""
    return [line for line in text.splitlines() if "This plugin does not support" not in line]


def test_the_window_opens_at_once_and_is_kept_until_it_is_closed(qapp, qtbot, tmp_path):
    window = open_window(home=tmp_path)
    assert window.isVisible()
    assert window.connections is None  # nothing that takes time was done yet
    assert window in app._open_windows
    qtbot.waitUntil(lambda: window.connections is not None)
    with qtbot.waitSignal(window.closed):
        window.leave()
    assert window not in app._open_windows
    qapp.setStyleSheet("")


def test_a_window_closed_before_it_is_ready_closes_cleanly(qapp, qtbot, tmp_path):
    window = open_window(home=tmp_path)
    with qtbot.waitSignal(window.closed):
        window.leave()
    qapp.setStyleSheet("")
    again = open_window(home=tmp_path)
    qtbot.waitUntil(lambda: again.connections is not None)
    with qtbot.waitSignal(again.closed):
        again.leave()
    qapp.setStyleSheet("")


@pytest.mark.row("P-02")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_and_a_polite_kill_close_the_window_cleanly(environment, tmp_path, number):
    log = tmp_path / "log"
    with running([sys.executable, "-c", _WINDOW], log, environment=environment) as program:
        wait_until((tmp_path / "home" / "transfers.sqlite").exists, program, log)
        program.send_signal(number)
        assert program.wait(timeout=30) == 0
    assert complaints(log.read_text()) == []


def test_a_python_that_ends_with_an_open_window_ends_cleanly(environment):
    ended = subprocess.run(
        [sys.executable, "-c", _PROMPT],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (ended.returncode, ended.stdout, complaints(ended.stderr)) == (0, "returned\n", [])
