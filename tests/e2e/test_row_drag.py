"""Rows of the table dragged by a mouse, on a real X server."""

from __future__ import annotations

import json
import subprocess
import sys
import time

import pytest

from tests.support import row_drag_child

pytestmark = pytest.mark.x11

_STEP_SECONDS = 0.02
_SECONDS = 60


def test_a_row_dragged_by_a_mouse_goes_before_the_one_it_is_dropped_on(screen):
    with subprocess.Popen(
        [sys.executable, "-m", row_drag_child.__name__],
        env=screen.environment,
        stdout=subprocess.PIPE,
        text=True,
    ) as child:
        try:
            (x, y), (target_x, target_y) = json.loads(child.stdout.readline())

            def mouse(*words: object) -> None:
                command = ["xdotool", *map(str, words)]
                subprocess.run(command, env=screen.environment, check=True, timeout=_SECONDS)
                time.sleep(_STEP_SECONDS)  # a mouse takes its time, and each move is answered

            mouse("mousemove", x, y)
            mouse("mousedown", 1)
            for step in range(1, 21):
                mouse("mousemove", x + (target_x - x) * step // 20, y + (target_y - y) * step // 20)
            for wobble in (3, 0) * 5:
                mouse("mousemove", target_x + wobble, target_y)
            mouse("mouseup", 1)
            moved, before = json.loads(child.stdout.readline())
            assert (moved, before) == ([3], 1)
            assert child.wait(_SECONDS) == 0
        finally:
            child.kill()
