"""A drag from another process onto the program's window, on a real X server."""

from __future__ import annotations

import os
import signal
import sqlite3
import sys
from contextlib import closing

import pytest

from s3gui.adapters.practice_process import PracticeProcess
from s3gui.adapters.settings_file import SettingsFile
from tests.e2e.conftest import assert_stored, s3_client
from tests.support.programs import running, wait_until

pytestmark = pytest.mark.x11


def states(home) -> list[str]:
    with closing(sqlite3.connect(f"file:{home}/transfers.sqlite?mode=ro", uri=True)) as database:
        return [row[0] for row in database.execute("SELECT state FROM transfer")]


def test_files_dragged_from_another_process_end_verified(screen, home, make_file, tmp_path):
    paths = [make_file("zażółć.bin", 20_000_000), make_file("a folder/inside.txt", 77)]
    log = tmp_path / "log"
    command = [sys.executable, "-m", "s3gui", "--practice"]
    environment = screen.environment | {"S3GUI_HOME": str(home)}
    with running(command, log, environment=environment) as program:
        settings = SettingsFile(home / "settings.json")
        wait_until(lambda: settings.load().last_profile_id == "practice", program, log)
        assert screen.drop([paths[0], paths[1].parent], "s3gui")
        wait_until(lambda: states(home) == ["completed"] * 2, program, log)
        os.kill(program.pid, signal.SIGTERM)
        assert program.wait(20) == 0
    assert log.read_text() == ""
    with (
        PracticeProcess(home / "practice") as server,
        s3_client(
            server.endpoint_url,
            server.credentials.access_key_id,
            server.credentials.secret_access_key.reveal(),
            server.region,
        ) as client,
    ):
        assert_stored(client, [("zażółć.bin", paths[0]), ("a folder/inside.txt", paths[1])])
