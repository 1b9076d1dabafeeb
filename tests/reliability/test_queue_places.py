"""Row D-05: places where a queue can, or cannot, be kept."""

import contextlib
import errno
import os
import sqlite3
from pathlib import Path

import pytest

from s3gui.adapters import process_lock, transfer_connections, transfer_file, transfer_place
from s3gui.adapters.transfer_db import QueueUnavailable, TransferDb
from s3gui.bootstrap import open_workspace
from s3gui.engine.mounts import Mounts
from tests.reliability.saved_queue import a_queue

# D-05: a place where no queue can be kept.


@pytest.mark.row("D-05")
@pytest.mark.parametrize("operation", ["open", "mkdir"])
@pytest.mark.parametrize("number", [errno.EROFS, errno.EACCES, errno.ENOSPC])
def test_a_folder_that_takes_no_files_is_refused_with_its_path(
    tmp_path, monkeypatch, number, operation
):
    def refuse(*_args, **_kwargs):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, operation, refuse)
    path = tmp_path / "home" / "transfers.sqlite"
    with pytest.raises(QueueUnavailable) as refused:
        TransferDb.open(path)
    assert str(path) in refused.value.message
    reason = "the disk is full" if number == errno.ENOSPC else os.strerror(number)
    assert reason in refused.value.message
    assert "S3GUI_HOME" in refused.value.advice


@pytest.mark.row("D-05")
@pytest.mark.parametrize("code", [sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_SHMSIZE])
def test_a_full_disk_is_called_one_and_the_queue_on_it_is_not_set_aside(
    tmp_path, monkeypatch, code
):
    """SQLite itself says “disk I/O error” where the memory beside its log finds no room."""

    def refuse(_path):
        error = sqlite3.OperationalError("disk I/O error")
        error.sqlite_errorcode = code
        raise error

    path = tmp_path / "transfers.sqlite"
    a_queue(path)
    monkeypatch.setattr(transfer_connections, "connect", refuse)
    with pytest.raises(QueueUnavailable, match="the disk is full") as refused:
        TransferDb.open(path)
    assert "Free some space" in refused.value.advice
    assert [each for each in tmp_path.iterdir() if "damaged" in each.name] == []


@pytest.mark.row("D-05")
def test_a_sound_queue_in_a_folder_that_cannot_be_written_is_refused_and_not_set_aside(
    tmp_path, monkeypatch
):
    path = tmp_path / "transfers.sqlite"
    a_queue(path)
    monkeypatch.setattr(
        transfer_file, "connect", lambda _: sqlite3.connect("file:/?mode=ro", uri=True).execute("x")
    )
    monkeypatch.setattr(transfer_connections, "connect", transfer_file.connect)
    with pytest.raises(QueueUnavailable) as refused:
        TransferDb.open(path)
    assert str(path) in refused.value.message
    monkeypatch.undo()
    with contextlib.closing(TransferDb.open(path)) as journal:
        assert len(journal.ids()) == 30
    assert [each for each in tmp_path.iterdir() if "damaged" in each.name] == []


@pytest.mark.row("D-05")
def test_a_file_system_without_shared_memory_is_refused_with_its_path(tmp_path, monkeypatch):
    """SQLite answers with another journal mode there, as it does in its own `unix-none`."""
    path = tmp_path / "transfers.sqlite"
    connect = sqlite3.connect
    monkeypatch.setattr(
        sqlite3,
        "connect",
        lambda path, **options: connect(f"file:{path}?vfs=unix-none", uri=True, **options),
    )
    with pytest.raises(QueueUnavailable, match="network folders") as refused:
        TransferDb.open(path)
    assert str(path) in refused.value.message


@pytest.mark.row("D-05")
def test_a_file_system_without_locks_is_refused_and_not_taken_for_another_process(
    tmp_path, monkeypatch
):
    def no_locks(_descriptor):
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(process_lock, "_take", no_locks)
    with pytest.raises(QueueUnavailable, match="ocks"):
        TransferDb.open(tmp_path / "transfers.sqlite")


NFS = "1 0 8:1 / / rw - ext4 /d rw\n2 1 0:5 / {folder} rw - nfs4 host:/home rw\n"


@pytest.mark.row("D-05")
def test_a_queue_on_a_network_disk_works_and_is_told_once(tmp_path, monkeypatch):
    folder = tmp_path.resolve() / "far"
    home = folder / "home"
    far = Mounts(lambda: NFS.format(folder=folder), platform="linux")
    monkeypatch.setattr(transfer_place, "Mounts", lambda: far)

    def warning():
        with open_workspace(
            transfers_executor=None, parts_executor=None, publish=print, home=home
        ) as workspace:
            assert workspace.queue.counts() == {}
            return workspace.queue_warning

    told = warning()
    assert "network disk (nfs4)" in told.message
    assert str(home) in told.message
    assert "S3GUI_HOME" in told.advice
    assert warning() is None
    assert far.network_kind(tmp_path) is None


@pytest.mark.row("D-05")
@pytest.mark.parametrize("name", ["transfers.sqlite", "transfers.lock"])
def test_a_queue_that_may_not_be_read_is_named_and_no_other_is_advised(tmp_path, monkeypatch, name):
    """Told by the system: who runs the tests as root may read everything."""
    with contextlib.closing(TransferDb.open(tmp_path / "transfers.sqlite")):
        pass
    opens = os.open

    def forbidden(path, *arguments, **options):
        if Path(path).name == name:
            raise PermissionError(13, "Permission denied", str(path))
        return opens(path, *arguments, **options)

    monkeypatch.setattr(os, "open", forbidden)
    with pytest.raises(QueueUnavailable, match=f"{name}” may not be read") as told:
        TransferDb.open(tmp_path / "transfers.sqlite")
    assert "another queue" in told.value.advice
