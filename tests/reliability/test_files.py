"""Rows F-01 to F-05: files that change, fail, are none, or are links."""

import errno
import os
import socket
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest

from s3gui.core.errors import SourceChanged, SourceNotAFile, SourceUnreadable
from s3gui.core.profile import Profile
from s3gui.core.transfer import TransferState
from s3gui.engine.source import FileSource
from tests.reliability.file_world import HERE, PARTS, SECONDS, World, code
from tests.stress.figure import a_seed
from tests.stress.mutations import MUTATIONS, rewrite_in_place, run_mutations


@pytest.fixture
def world():
    with closing(World()) as world:
        yield world


# F-01, F-02: a source that changes.


@pytest.mark.row("F-01")
@pytest.mark.parametrize("mutation", ["append", "truncate", "rewrite"])
@pytest.mark.parametrize("moment", ["between parts", "before Complete"])
def test_a_source_that_changes_is_named_and_leaves_no_object(world, tmp_path, mutation, moment):
    path = tmp_path / "a.bin"
    path.write_bytes(os.urandom(95))
    changed = []
    save_parts = world.journal.save_parts

    def change_once(_transfer_id, _parts, sent_bytes):
        save_parts(_transfer_id, _parts, sent_bytes)
        if not changed and (moment == "between parts" or sent_bytes == 95):
            changed.append(moment)
            MUTATIONS[mutation](path)

    world.journal.save_parts = change_once
    (row,) = world.send(path).values()
    assert changed
    assert code(row) == SourceChanged.code
    assert world.stored() == {}
    assert world.store.open_uploads() == []
    world.queue.retry([row.id])
    assert world.queue.wait_until_idle(SECONDS)
    assert world.stored() == {"a.bin": path.read_bytes()}


@pytest.mark.row("F-01")
def test_a_rewrite_in_the_same_tick_of_the_file_systems_clock_is_noticed(tmp_path, monkeypatch):
    """Most kernels stamp files with a clock that moves every 4 or 10 ms; the newest do not."""
    tick_ns = 10_000_000
    original = os.fstat

    def coarse(file):
        status = original(file)
        times = {
            name: getattr(status, name) // tick_ns * tick_ns
            for name in ("st_mtime_ns", "st_ctime_ns")
        }
        rest = {name: getattr(status, name) for name in ("st_mode", "st_size", "st_ino", "st_dev")}
        return SimpleNamespace(**times, **rest)

    monkeypatch.setattr(os, "fstat", coarse)
    path = tmp_path / "a.bin"
    for _ in range(30):
        path.write_bytes(b"old bytes")
        with FileSource(path) as source:
            rewrite_in_place(path)
            with pytest.raises(SourceChanged):
                source.check_unchanged()


@pytest.mark.row("F-02")
@pytest.mark.parametrize("mutation", ["replace", "delete"])
def test_a_file_that_is_replaced_or_deleted_is_sent_as_it_was_or_fails_clearly(
    world, tmp_path, mutation
):
    path = tmp_path / "a.bin"
    data = os.urandom(95)
    path.write_bytes(data)
    path.with_suffix(".new").write_bytes(os.urandom(95))

    def change(call):
        if call.number == 3:
            world.store.before.clear()
            MUTATIONS[mutation](path)

    world.store.before["upload_part"] = change
    (row,) = world.send(path).values()
    if row.state is TransferState.COMPLETED:
        assert world.stored() == {"a.bin": data}
    else:
        assert code(row) == SourceChanged.code
        assert world.stored() == {}


@pytest.mark.row("F-01")
@pytest.mark.row("F-02")
def test_sources_changed_at_random_moments_never_give_a_spliced_object(tmp_path):
    """The small form of figure G4: no object mixes two states of its source."""
    outcome = run_mutations(tmp_path, 100, a_seed())
    assert outcome.failures == []
    assert outcome.facts["completed"] > 10
    assert outcome.facts["source-changed"] > 10


# F-03: the disk says no.


def failing_pread(monkeypatch, number, times):
    """The next `times` reads of any file fail."""
    left = [times]

    def failing(original):
        def read(file, what, offset):
            if offset >= 40 and left[0]:
                left[0] -= 1
                raise OSError(number, os.strerror(number))
            return original(file, what, offset)

        return read

    for name in ("pread", "preadv"):
        monkeypatch.setattr(os, name, failing(getattr(os, name)))
    return left


@pytest.mark.row("F-03")
def test_a_disk_that_errs_is_asked_three_times_more(world, tmp_path, monkeypatch):
    path = tmp_path / "a.bin"
    path.write_bytes(os.urandom(45))
    left = failing_pread(monkeypatch, errno.EIO, 3)
    (row,) = world.send(path).values()
    assert left == [0]
    assert row.state is TransferState.COMPLETED
    assert world.stored() == {"a.bin": path.read_bytes()}


@pytest.mark.row("F-03")
def test_a_disk_that_goes_on_erring_fails_its_row_with_the_number_and_no_other(
    world, tmp_path, monkeypatch
):
    bad, good = tmp_path / "bad", tmp_path / "good"
    bad.write_bytes(os.urandom(45))
    good.write_bytes(os.urandom(35))
    left = failing_pread(monkeypatch, errno.EIO, 99)
    rows = world.send(bad, good)
    assert code(rows["bad"]) == SourceUnreadable.code
    assert "EIO" in rows["bad"].failure.detail
    assert left[0] >= 99 - 8
    assert rows["good"].state is TransferState.COMPLETED
    assert world.stored() == {"good": good.read_bytes()}


@pytest.mark.row("F-03")
def test_a_file_that_may_not_be_read_fails_its_row_and_no_other(world, tmp_path, monkeypatch):
    (tmp_path / "run").mkdir()
    for name in ("a", "b", "c"):
        (tmp_path / "run" / name).write_bytes(b"x")
    original = os.open

    def refuse(path, flags, mode=0o777, *, dir_fd=None):
        if Path(path).name == "b":
            raise PermissionError(errno.EACCES, "Permission denied")
        return original(path, flags, mode, dir_fd=dir_fd)

    monkeypatch.setattr(os, "open", refuse)
    monkeypatch.setattr(os, "supports_dir_fd", os.supports_dir_fd | {refuse})
    rows = world.send(tmp_path / "run")
    assert code(rows["run/b"]) == SourceUnreadable.code
    assert "EACCES" in rows["run/b"].failure.detail
    assert set(world.stored()) == {"run/a", "run/c"}


# F-04: what is no file.


@pytest.mark.row("F-04")
def test_pipes_sockets_and_devices_are_refused_and_nothing_hangs(world, tmp_path):
    os.mkfifo(tmp_path / "fifo")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "socket"))
        rows = world.send(tmp_path / "fifo", tmp_path / "socket", "/dev/zero", "/dev/null")
    assert {code(row) for row in rows.values()} == {SourceNotAFile.code}
    for path in (tmp_path / "fifo", "/dev/zero"):
        with pytest.raises(SourceNotAFile):
            FileSource(path)
    assert world.store.calls == []


@pytest.mark.row("F-04")
def test_a_file_that_becomes_a_pipe_after_the_scan_is_refused(world, tmp_path):
    path = tmp_path / "run" / "a"
    path.parent.mkdir()
    path.write_bytes(b"x")
    world.queue.close()
    batch = world.queue.add([path.parent], HERE, PARTS, Profile("p", "P"))
    path.unlink()
    os.mkfifo(path)
    world.queue.start()
    assert world.queue.wait_until_idle(SECONDS)
    (row,) = world.journal.transfers(world.journal.ids(batch_id=batch.id))
    assert code(row) == SourceNotAFile.code


@pytest.mark.row("F-04")
@pytest.mark.parametrize("path", [Path("/proc/self/status"), Path("/proc/mounts")])
def test_what_the_kernel_makes_up_is_not_taken_for_an_empty_file(path):
    if not path.exists():
        pytest.fail("this test needs a system with /proc")
    with pytest.raises(SourceNotAFile, match="has no size"):
        FileSource(path)


# F-05: links.


@pytest.mark.row("F-05")
def test_no_link_leads_out_of_a_folder(world, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret").write_bytes(b"secret")
    run = tmp_path / "run"
    run.mkdir()
    (run / "to-file").symlink_to(outside / "secret")
    (run / "to-folder").symlink_to(outside)
    (run / "to-above").symlink_to("..")
    (run / "loop").symlink_to("loop")
    (run / "dangling").symlink_to("nowhere")
    (run / "file").write_bytes(b"ours")
    rows = world.send(run)
    assert world.stored() == {"run/file": b"ours"}
    links = {key: row for key, row in rows.items() if key != "run/file"}
    assert len(links) == 5
    assert {code(row) for row in links.values()} == {SourceNotAFile.code}


@pytest.mark.row("F-05")
def test_a_link_that_was_named_itself_is_followed_to_its_file_or_folder(world, tmp_path):
    run = tmp_path / "run"
    run.mkdir()
    (run / "file").write_bytes(b"ours")
    (tmp_path / "folder").symlink_to(run)
    (tmp_path / "name").symlink_to(run / "file")
    world.send(tmp_path / "folder", tmp_path / "name")
    assert world.stored() == {"folder/file": b"ours", "name": b"ours"}
    (tmp_path / "circle").symlink_to("circle")
    (row,) = world.send(tmp_path / "circle").values()
    assert code(row) == SourceUnreadable.code


@pytest.mark.row("F-05")
@pytest.mark.parametrize("swapped", ["run/a/b/file", "run/a/b", "run/a"])
def test_what_became_a_link_after_the_scan_is_refused(world, tmp_path, swapped):
    for top in ("run", "outside"):
        (tmp_path / top / "a" / "b").mkdir(parents=True)
        (tmp_path / top / "a" / "b" / "file").write_bytes(top.encode())
    world.queue.close()
    batch = world.queue.add([tmp_path / "run"], HERE, PARTS, Profile("p", "P"))
    (tmp_path / swapped).rename(tmp_path / "gone")
    (tmp_path / swapped).symlink_to(tmp_path / swapped.replace("run", "outside"))
    world.queue.start()
    assert world.queue.wait_until_idle(SECONDS)
    (row,) = world.journal.transfers(world.journal.ids(batch_id=batch.id))
    assert code(row) == SourceNotAFile.code
    assert "link" in row.failure.message
    assert world.stored() == {}
