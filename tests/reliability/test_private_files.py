"""Row C-04: nobody else reads the program's state, whatever the umask says."""

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from s3gui.adapters.private_folder import FolderOpenToOthers
from s3gui.bootstrap import open_workspace
from s3gui.core.profile import Profile
from s3gui.core.settings import Settings
from s3gui.core.transfer import Batch, Destination, Transfer
from tests.support.programs import running, wait_until

pytestmark = [
    pytest.mark.row("C-04"),
    pytest.mark.skipif(os.name != "posix", reason="Windows has no umask"),
]


@pytest.fixture(autouse=True)
def _umask_000():
    before = os.umask(0)
    yield
    os.umask(before)


def modes(folder: Path) -> dict[str, str]:
    """Everything that is not 0700 for folders and 0600 for files."""
    found = {}
    for path in [folder, *folder.rglob("*")]:
        mode = stat.S_IMODE(path.lstat().st_mode)
        if mode != (0o700 if path.is_dir() else 0o600):
            found[str(path.relative_to(folder.parent))] = oct(mode)
    return found


def opened(home: Path):
    return open_workspace(transfers_executor=None, parts_executor=None, publish=print, home=home)


def test_a_first_start_makes_nothing_that_others_may_read(tmp_path):
    home = tmp_path / "made" / "too" / "home"
    with opened(home) as workspace:
        workspace.settings.save(Settings(files_at_once=3))
        workspace.profiles.save(Profile("a", "A"))
        batch = workspace.transfers.add_batch(
            Batch("b", Destination("bucket", ""), Profile("a", "A"))
        )
        workspace.transfers.add_transfers([Transfer(batch.id, "/x", Destination("bucket", "k"))])
        practice = workspace.start_practice()
        workspace.store(practice).create_bucket("another", region=None, acls_enabled=False)
        assert {path.name for path in home.iterdir()} >= {
            "transfers.sqlite",
            "transfers.sqlite-wal",
            "transfers.sqlite-shm",
            "transfers.lock",
            "settings.json",
            "profiles.json",
            "practice",
        }
        assert modes(tmp_path / "made") == {}
    assert modes(tmp_path / "made") == {}


def test_the_window_and_the_command_line_keep_to_it(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.delenv("S3GUI_HOME")
    home, log = tmp_path / "data" / "s3gui", tmp_path / "output"
    with running([sys.executable, "-m", "s3gui", "--practice"], log) as window:
        wait_until((home / "practice" / "credentials.json").exists, window, log)
        window.send_signal(signal.SIGTERM)
        assert window.wait(timeout=30) == 0
    done = subprocess.run(
        [sys.executable, "-m", "s3gui", "resume", "--log-file", str(home / "log")],
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert (home / "log").exists()
    assert modes(tmp_path / "data") == {}


def test_what_was_open_to_others_is_closed_again(tmp_path, monkeypatch):
    """As a backup that was restored, or a folder that was made by hand."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.delenv("S3GUI_HOME")
    home = tmp_path / "s3gui"
    with opened(home):
        pass
    home.chmod(0o777)
    (home / "transfers.sqlite").chmod(0o666)
    with open_workspace(transfers_executor=None, parts_executor=None, publish=print):
        assert modes(home) == {}


def test_a_chosen_folder_keeps_its_mode_and_one_for_everybody_is_refused(tmp_path):
    tmp_path.chmod(0o755)
    with opened(tmp_path):
        assert set(modes(tmp_path).values()) == {"0o755"}
    tmp_path.chmod(0o1777)
    with pytest.raises(FolderOpenToOthers, match=tmp_path.name):
        opened(tmp_path)
