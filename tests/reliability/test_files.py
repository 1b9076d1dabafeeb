"""Rows F: what local files can do to an upload."""

import errno
import os
import socket
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import pytest

from s3gui.adapters.transfer_db import TransferDb
from s3gui.core.errors import (
    SourceChanged,
    SourceNotAFile,
    SourceUnreadable,
    TooLarge,
)
from s3gui.core.events import TransfersAdded
from s3gui.core.parts import DEFAULT_PART_SIZE, PartPlan, plan_parts
from s3gui.core.profile import Profile
from s3gui.core.provider import AWS, MIB, PROVIDERS, TIB, Limits, Provider
from s3gui.core.transfer import Destination, TransferState, UploadOptions
from s3gui.engine.queue import Pools, TransferQueue
from s3gui.engine.scan import scan
from s3gui.engine.source import FileSource
from tests.fakes.clock import FakeClock
from tests.fakes.object_store import FakeObjectStore
from tests.stress.figure import a_seed
from tests.stress.mutations import MUTATIONS, rewrite_in_place, run_mutations
from tests.stress.names import run_names

SECONDS = 60
HERE = Destination("bucket", "raw/")
PARTS = UploadOptions(part_size=10)
SMALL = Provider(
    "aws",
    AWS.title,
    limits=Limits(min_part_size=10, max_part_size=100, max_parts=50, max_object_size=4000),
    checksum="CRC64NVME",
    conditional_writes=True,
)


class World:
    """A queue in memory before a store in memory."""

    def __init__(self):
        self.store = FakeObjectStore(SMALL)
        self.journal = TransferDb(":memory:")
        self.events = []
        self._transfers, self._parts = ThreadPoolExecutor(3), ThreadPoolExecutor(3)
        pools = Pools(self._transfers, self._parts, files_at_once=3, parts_at_once=2)
        self.queue = TransferQueue(
            self.journal, lambda _: self.store, pools, self.events.append, FakeClock()
        )
        self.queue.start()

    def send(self, *paths, options=PARTS):
        """The rows, by key, after all of them ended."""
        batch = self.queue.add(paths, HERE, options, Profile("p", "P"))
        assert self.queue.wait_until_idle(SECONDS)
        rows = self.journal.transfers(self.journal.ids(batch_id=batch.id))
        return {row.destination.key.removeprefix("raw/"): row for row in rows}

    def stored(self):
        objects = self.store.buckets["bucket"].objects
        return {key.removeprefix("raw/"): each.data for key, each in objects.items()}

    def close(self):
        self.queue.close()
        self._transfers.shutdown()
        self._parts.shutdown()
        self.journal.close()


@pytest.fixture
def world():
    world = World()
    yield world
    world.close()


def code(row):
    return row.failure and row.failure.code


# F-01, F-02: a source that changes.


@pytest.mark.row("F-01")
@pytest.mark.parametrize("mutation", ["append", "truncate", "rewrite"])
@pytest.mark.parametrize("moment", ["between parts", "before Complete"])
def test_a_source_that_changes_is_named_and_leaves_no_object(world, tmp_path, mutation, moment):
    path = tmp_path / "a.bin"
    path.write_bytes(os.urandom(95))
    changed = []
    save_part = world.journal.save_part

    def change_once(_transfer_id, _part, sent_bytes):
        save_part(_transfer_id, _part, sent_bytes)
        if not changed and (moment == "between parts" or sent_bytes == 95):
            changed.append(moment)
            MUTATIONS[mutation](path)

    world.journal.save_part = change_once
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
        if path == "b":
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


# F-06, F-07: sizes.


@pytest.mark.row("F-06")
def test_hard_links_and_empty_files_are_objects_and_empty_folders_are_counted(world, tmp_path):
    run = tmp_path / "run"
    (run / "none" / "none").mkdir(parents=True)
    (run / "nothing").mkdir()
    (run / "one").write_bytes(b"the same")
    (run / "two").hardlink_to(run / "one")
    (run / "zero").touch()
    rows = world.send(run)
    assert {row.state for row in rows.values()} == {TransferState.COMPLETED}
    assert world.stored() == {"run/one": b"the same", "run/two": b"the same", "run/zero": b""}
    assert world.store.count("create_multipart") == 0
    told = [event for event in world.events if isinstance(event, TransfersAdded)]
    assert told[-1].is_last
    assert told[-1].empty_folders == 2


@pytest.mark.row("F-06")
def test_a_sparse_tebibyte_is_planned_by_its_logical_size(tmp_path):
    path = tmp_path / "sparse"
    path.touch()
    try:
        os.truncate(path, TIB)
    except OSError:  # the file system of the test has a smaller limit: the plan alone is tried
        size = TIB
    else:
        (found,) = scan([path], HERE)
        with FileSource(path) as source:
            assert found.size == source.size == TIB
            assert source.read_at(TIB - 5, 5) == bytes(5)
            assert source.whole(DEFAULT_PART_SIZE) is None
            size = source.size
    plan = plan_parts(size, AWS.limits)
    assert len(plan) <= 10_000
    assert plan[-1].offset + plan[-1].length == TIB


@pytest.mark.row("F-07")
@pytest.mark.parametrize("limits", sorted({each.limits for each in PROVIDERS.values()}, key=repr))
@pytest.mark.parametrize("around", [-1, 0, 1])
def test_sizes_around_every_edge_have_an_exact_plan(limits, around):
    part = DEFAULT_PART_SIZE
    for edge in (part, 2 * part, 9_500 * part, 10_000 * part, limits.max_object_size - 1):
        size = edge + around
        plan = plan_parts(size, limits)
        assert 1 <= len(plan) <= limits.max_parts
        assert plan.part_size % MIB == 0 or len(plan) == limits.max_parts
        lengths = {each.length for each in list(plan)[:-1]}
        assert lengths <= {plan.part_size}
        assert plan[-1].offset + plan[-1].length == size
        assert limits.min_part_size <= plan.part_size <= limits.max_part_size
    assert len(plan_parts(part + around, limits)) == (2 if around == 1 else 1)
    assert len(plan_parts(2 * part + around, limits)) == (3 if around == 1 else 2)
    grown = plan_parts(10_000 * part + around, limits, part)
    assert (grown.part_size == part) == (around < 1)
    with pytest.raises(TooLarge):
        plan_parts(limits.max_object_size + 1, limits)


@pytest.mark.row("F-07")
@pytest.mark.parametrize("size", [9, 10, 11, 19, 20, 21, 29, 30, 31])
def test_a_file_around_the_edge_of_a_part_arrives_in_as_many_parts_as_it_needs(
    world, tmp_path, size
):
    path = tmp_path / "a"
    path.write_bytes(os.urandom(size))
    world.send(path)
    assert world.stored() == {"a": path.read_bytes()}
    assert world.store.count("put_object") == (size <= 10)
    assert world.store.count("upload_part") == (len(PartPlan(size, 10)) if size > 10 else 0)


# F-08: many, deep and long.


@pytest.mark.row("F-08")
def test_a_folder_of_100_000_entries_is_found_whole_and_in_order(tmp_path):
    folder = tmp_path / "many"
    folder.mkdir()
    descriptor = os.open(folder, os.O_RDONLY)
    os.close(os.open("000000", os.O_CREAT | os.O_WRONLY, dir_fd=descriptor))
    for number in range(1, 100_000):
        if number % 30_000:  # a file has no more names than its file system allows
            os.link(
                f"{number - 1:06}", f"{number:06}", src_dir_fd=descriptor, dst_dir_fd=descriptor
            )
        else:
            os.close(os.open(f"{number:06}", os.O_CREAT | os.O_WRONLY, dir_fd=descriptor))
    os.close(descriptor)
    found = scan([folder], HERE)
    assert [each.destination.key for each in found] == [
        f"raw/many/{number:06}" for number in range(100_000)
    ]


@pytest.mark.row("F-08")
def test_sending_begins_before_a_folder_of_folders_is_read_to_its_end(world, tmp_path, monkeypatch):
    for name in ("a", "b"):
        (tmp_path / "run" / name).mkdir(parents=True)
        for number in range(600):
            (tmp_path / "run" / name / f"{number:03}").touch()
    original = os.scandir
    sent_before_the_end = []

    def scandir(path):
        if str(path).endswith("/b"):
            deadline = SECONDS * 100
            while not world.stored() and deadline:
                world.queue.wait_until_idle(0.01)
                deadline -= 1
            sent_before_the_end.append(len(world.stored()))
        return original(path)

    monkeypatch.setattr(os, "scandir", scandir)
    rows = world.send(tmp_path / "run")
    assert len(rows) == len(world.stored()) == 1200
    assert sent_before_the_end[0] > 0


@pytest.mark.row("F-08")
def test_a_path_of_more_than_4096_bytes_is_refused_row_by_row_and_stops_nothing(world, tmp_path):
    root = tmp_path / "deep"
    root.mkdir()
    descriptor = os.open(root, os.O_RDONLY)
    for _ in range(25):
        os.close(os.open("leaf", os.O_CREAT | os.O_WRONLY, dir_fd=descriptor))
        os.mkdir("d" * 250, dir_fd=descriptor)
        below = os.open("d" * 250, os.O_RDONLY, dir_fd=descriptor)
        os.close(descriptor)
        descriptor = below
    os.close(descriptor)
    rows = world.send(root)
    failures = {code(row) for row in rows.values()}
    assert failures == {None, "key-too-long", "source-unreadable"}
    assert set(world.stored()) == {"deep/" + ("d" * 250 + "/") * n + "leaf" for n in range(5)} & {
        key for key, row in rows.items() if row.failure is None
    }
    assert "deep/leaf" in world.stored()


# F-11, F-12: names.


@pytest.mark.row("F-11")
def test_twins_that_differ_in_form_or_case_only_are_objects_of_their_own(world, tmp_path):
    names = {unicodedata.normalize(form, "é.txt") for form in ("NFC", "NFD")} | {"A", "a"}
    run = tmp_path / "run"
    run.mkdir()
    for name in names:
        (run / name).write_bytes(name.encode())
    there = {each.name for each in run.iterdir()}  # some file systems take twins for one
    world.send(run)
    assert world.stored() == {f"run/{name}": (run / name).read_bytes() for name in there}


@pytest.mark.row("F-11")
def test_two_files_for_one_key_are_found_before_either_overwrites_the_other(world, tmp_path):
    for top in ("one", "two"):
        (tmp_path / top / "run").mkdir(parents=True)
        (tmp_path / top / "a.txt").write_bytes(top.encode())
        (tmp_path / top / "run" / "same").write_bytes(top.encode())
        (tmp_path / top / "run" / top).write_bytes(top.encode())
    paths = [tmp_path / top / name for top in ("one", "two") for name in ("a.txt", "run")]
    batch = world.queue.add(paths, HERE, PARTS, Profile("p", "P"))
    assert world.queue.wait_until_idle(SECONDS)
    rows = world.journal.transfers(world.journal.ids(batch_id=batch.id))
    refused = [row for row in rows if row.failure]
    assert {Path(row.source).relative_to(tmp_path).as_posix() for row in refused} == {
        "two/a.txt",
        "two/run/same",
    }
    assert {code(row) for row in refused} == {"same-key"}
    assert world.stored() == {
        "a.txt": b"one",
        "run/same": b"one",
        "run/one": b"one",
        "run/two": b"two",
    }


@pytest.mark.row("F-11")
@pytest.mark.row("F-12")
def test_every_name_becomes_its_own_key_or_a_refused_row(tmp_path):
    """The small form of figure G14: one key for one name, no name skipped or renamed."""
    outcome = run_names(tmp_path, 2000, a_seed())
    assert outcome.failures == []
    assert min(outcome.facts["keys"], outcome.facts["refused rows"]) > 100


@pytest.mark.row("F-12")
def test_a_name_that_is_not_unicode_is_a_refused_row_and_the_others_go_on(world, tmp_path):
    run = tmp_path / "run"
    run.mkdir()
    os.close(os.open(os.fsencode(run) + b"/caf\xe9", os.O_CREAT | os.O_WRONLY))
    (run / "good").write_bytes(b"x")
    rows = world.send(run)
    (bad,) = [row for row in rows.values() if row.failure]
    assert "not valid Unicode" in bad.failure.message
    assert world.stored() == {"run/good": b"x"}
