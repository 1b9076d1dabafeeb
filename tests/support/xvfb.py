"""A real X11 screen that nobody sees: Xvfb with openbox as its window manager."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support import xdnd_drop
from tests.support.programs import need_programs, running, wait_until

_PACKAGES = {"Xvfb": "xvfb", "openbox": "openbox", "xdotool": "xdotool", "xprop": "x11-utils"}


@dataclass(frozen=True)
class Screen:
    """`environment` is a whole environment for a child process whose window shall appear here."""

    environment: dict[str, str]

    def drop(self, files: Sequence[Path], window_title: str) -> bool:
        """Drags `files` onto a window out of another process; whether they were accepted.

        Raises subprocess.CalledProcessError when there is no such window or the drag never ends.
        """
        drag = subprocess.run(
            [sys.executable, xdnd_drop.__file__, window_title, *map(str, files)],
            env=self.environment,
            check=False,
            timeout=60,
        )
        if drag.returncode not in {xdnd_drop.ACCEPTED, xdnd_drop.REFUSED}:
            drag.check_returncode()
        return drag.returncode == xdnd_drop.ACCEPTED


@contextmanager
def screen_running(size: str = "1280x800x24") -> Iterator[Screen]:
    with ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="s3gui-screen-"))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)

        # Xvfb chooses a free display itself and writes its number once it answers.
        read_end, write_end = os.pipe()
        number = stack.enter_context(os.fdopen(read_end))
        try:
            stack.enter_context(
                running(
                    [
                        *("Xvfb", "-displayfd", str(write_end), "-screen", "0", size),
                        *("-nolisten", "tcp", "-noreset"),
                    ],
                    folder / "xvfb.log",
                    pass_fds=[write_end],
                )
            )
        finally:
            os.close(write_end)
        display = number.readline().strip()
        if not display:
            raise RuntimeError(f"Xvfb did not start:\n{(folder / 'xvfb.log').read_text()}")

        environment = dict(os.environ, DISPLAY=f":{display}", QT_QPA_PLATFORM="xcb")
        openbox_log = folder / "openbox.log"
        openbox = stack.enter_context(running(["openbox"], openbox_log, environment=environment))
        wait_until(lambda: _window_manager_answers(environment), openbox, openbox_log)
        yield Screen(environment)


def _window_manager_answers(environment: dict[str, str]) -> bool:
    answer = subprocess.run(
        ["xprop", "-root", "_NET_SUPPORTING_WM_CHECK"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=10,
    )
    return "0x" in answer.stdout


@pytest.fixture
def screen() -> Iterator[Screen]:
    need_programs(_PACKAGES)
    with screen_running() as screen:
        yield screen
