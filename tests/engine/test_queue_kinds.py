"""Archives and markers as transfers of the queue: added, paused, restarted, dropped."""

import io
import tarfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from s3gui.adapters.transfer_db import TransferDb
from s3gui.core.archive import SourceKind
from s3gui.core.errors import (
    AlreadyExists,
    InputError,
    KeyTooLong,
    ServiceUnavailable,
    SourceChanged,
    SourceNotAFile,
)
from s3gui.core.events import TransfersAdded
from s3gui.core.profile import Profile
from s3gui.core.provider import AWS, Limits, Provider
from s3gui.core.transfer import ConflictRule, Destination, TransferState, UploadOptions
from s3gui.engine.queue import Pools, TransferQueue
from tests.fakes.clock import FakeClock
from tests.fakes.object_store import FakeObjectStore

SECONDS = 60
PROFILE = Profile("p", "P")
HERE = Destination("bucket", "raw/")
SMALL = Provider(
    "aws",
    AWS.title,
    limits=Limits(min_part_size=1000, max_part_size=10**6, max_parts=500, max_object_size=10**8),
    checksum="CRC64NVME",
    conditional_writes=True,
)
PARTS = UploadOptions(part_size=1000)
MARKED = UploadOptions(marks_empty_folders=True)


class World:
    """Queues over one journal and one store, each as a process of its own."""

    def __init__(self):
        self.store = FakeObjectStore(SMALL)
        self.journal = TransferDb(":memory:")
        self.events = []
        self._pools = [ThreadPoolExecutor(2), ThreadPoolExecutor(2)]
        self.parts_sent = []
        self.multipart = None
        save_parts = self.journal.save_parts

        def note_parts(transfer_id, parts, sent_bytes):
            save_parts(transfer_id, parts, sent_bytes)
            self.parts_sent += parts
            self.multipart = self.journal.transfer(transfer_id).multipart

        self.journal.save_parts = note_parts
        self.queue = self.next_queue()

    def next_queue(self):
        pools = Pools(*self._pools, files_at_once=2, parts_at_once=2)
        self.queue = TransferQueue(
            self.journal, lambda _: self.store, pools, self.events.append, FakeClock()
        )
        return self.queue

    def run(self):
        self.queue.start()
        assert self.queue.wait_until_idle(SECONDS)
        return self.rows()

    def rows(self):
        return self.journal.transfers(self.journal.ids())

    def keys(self):
        return set(self.store.buckets["bucket"].objects)

    def members(self, key):
        data = self.store.data(Destination("bucket", key))
        with tarfile.open(fileobj=io.BytesIO(data)) as opened:
            return {
                each.name: opened.extractfile(each).read() if each.isfile() else None
                for each in opened
            }

    def close(self):
        self.queue.close()
        for pool in self._pools:
            pool.shutdown()
        self.journal.close()


@pytest.fixture
def world():
    world = World()
    yield world
    world.close()


@pytest.fixture
def folder(tmp_path):
    top = tmp_path / "run"
    (top / "sub").mkdir(parents=True)
    (top / "a").write_bytes(b"a" * 5000)
    (top / "sub" / "b").write_bytes(b"b" * 20_000)
    return top


EXPECTED = {"run": None, "run/a": b"a" * 5000, "run/sub": None, "run/sub/b": b"b" * 20_000}


def once(world, number, act):
    """Call `act` when this part is sent for the first time."""
    done = []

    def before(call):
        if call.number == number and not done:
            done.append(number)
            act()

    world.store.before["upload_part"] = before


def add(world, folder, destination=HERE, options=PARTS, kind=SourceKind.TAR):
    return world.queue.add_archive(folder, destination, options, PROFILE, kind)


@pytest.mark.parametrize(
    ("destination", "key"),
    [
        (HERE, "raw/run.tar"),
        (Destination("bucket"), "run.tar"),
        (Destination("bucket", "x.tar"), "x.tar"),
    ],
)
def test_a_folder_becomes_one_object_of_many_parts(world, folder, destination, key):
    batch = add(world, folder, destination)
    (row,) = world.run()
    assert (row.state, row.failure) == (TransferState.COMPLETED, None)
    assert batch.name == row.name == key.removeprefix("raw/")
    assert world.keys() == {key}
    assert world.members(key) == EXPECTED
    assert world.store.count("upload_part") > 20
    assert row.size == len(world.store.data(Destination("bucket", key)))
    assert (row.manifest.members, row.manifest.member_bytes) == (4, 25_000)
    assert world.store.open_uploads() == []


def test_a_small_archive_is_one_request(world, tmp_path):
    (tmp_path / "t").mkdir()
    world.queue.add_archive(tmp_path / "t", HERE, UploadOptions(), PROFILE, SourceKind.ZIP)
    (row,) = world.run()
    assert row.state is TransferState.COMPLETED
    assert (world.store.count("put_object"), world.store.count("create_multipart")) == (1, 0)


@pytest.mark.row("F-14")
def test_an_archive_that_was_paused_is_made_anew_and_its_parts_are_dropped(world, folder):
    once(world, 9, lambda: world.queue.pause(world.journal.ids()))
    add(world, folder)
    (row,) = world.run()
    assert row.state is TransferState.PAUSED
    assert row.multipart is None
    assert world.store.open_uploads() == []
    assert world.keys() == set()
    (folder / "a").write_bytes(b"A" * 5000)
    world.queue.resume([row.id])
    assert world.queue.wait_until_idle(SECONDS)
    (row,) = world.rows()
    assert (row.state, row.failure) == (TransferState.COMPLETED, None)
    assert world.members("raw/run.tar") == EXPECTED | {"run/a": b"A" * 5000}
    assert world.store.count("create_multipart") == 2


@pytest.mark.row("F-14")
def test_what_a_killed_run_left_is_dropped_and_the_archive_starts_anew(world, folder):
    add(world, folder)
    (row,) = world.rows()
    left = world.store.create_multipart(row.destination, PARTS)
    killed = {"state": TransferState.RUNNING, "multipart": left, "part_size": None}
    world.journal.save(type(row)(**{name: getattr(row, name) for name in row.__slots__} | killed))
    world.next_queue()
    (row,) = world.run()
    assert row.state is TransferState.COMPLETED
    assert world.members("raw/run.tar") == EXPECTED
    assert world.store.open_uploads() == []


@pytest.mark.row("F-14")
@pytest.mark.parametrize("rule", [ConflictRule.FAIL, ConflictRule.REPLACE])
@pytest.mark.parametrize("is_others", [False, True])
def test_an_archive_that_was_stored_before_the_kill_is_found_by_its_parts(
    world, folder, rule, is_others
):
    options = UploadOptions(part_size=1000, on_conflict=rule)
    add(world, folder, options=options)
    world.run()
    world.queue.close()
    saved, [done] = world.journal, world.rows()
    # As it was saved before the answer to Complete: with its parts, its size, and what is in it.
    parts = world.parts_sent
    multipart = world.multipart
    finishing = replace(
        done, state=TransferState.FINISHING, multipart=multipart, stored=None, ended_at=None
    )
    saved.save(finishing)
    for part in list(parts):
        saved.save_parts(done.id, [part], part.size)
    if is_others:
        world.store.put_foreign(done.destination, world.store.data(done.destination)[::-1])
    sent = world.store.count("upload_part")
    world.next_queue()
    (row,) = world.run()
    again = world.store.count("upload_part") - sent
    if not is_others:
        assert (row.state, again) == (TransferState.COMPLETED, 0)
        assert row.stored.checksum == done.stored.checksum
        assert (row.manifest, row.size, row.multipart) == (done.manifest, done.size, None)
        assert saved.parts(row.id) == []
    elif rule is ConflictRule.FAIL:
        assert row.failure.code == AlreadyExists.code
    else:
        assert row.state is TransferState.COMPLETED
        assert world.members("raw/run.tar") == EXPECTED


@pytest.mark.row("F-14")
def test_what_cannot_be_told_after_a_kill_is_not_dropped_before_it_can(world, folder):
    add(world, folder)
    world.run()
    world.queue.close()
    [done] = world.rows()
    world.journal.save(
        replace(done, state=TransferState.FINISHING, multipart=world.multipart, stored=None)
    )
    for part in list(world.parts_sent):
        world.journal.save_parts(done.id, [part], part.size)
    aborts = world.store.count("abort_multipart")
    world.store.fail("head", ServiceUnavailable(), times=10)
    (row,) = world.next_queue() and world.run()
    assert row.failure.code == ServiceUnavailable.code
    assert world.store.count("abort_multipart") == aborts
    world.queue.retry([row.id])
    assert world.queue.wait_until_idle(SECONDS)
    (row,) = world.rows()
    assert (row.state, row.stored.checksum) == (TransferState.COMPLETED, done.stored.checksum)


def test_a_member_that_changes_fails_the_transfer_and_a_retry_sends_it_anew(world, folder):
    def grow():
        with (folder / "sub" / "b").open("ab") as file:
            file.write(b"more")

    once(world, 9, grow)
    add(world, folder)
    (row,) = world.run()
    assert row.failure.code == SourceChanged.code
    assert "“b”" in row.failure.message
    assert (world.keys(), world.store.open_uploads()) == (set(), [])
    world.queue.retry([row.id])
    assert world.queue.wait_until_idle(SECONDS)
    assert world.members("raw/run.tar") == EXPECTED | {"run/sub/b": b"b" * 20_000 + b"more"}


def test_a_cancelled_archive_leaves_nothing(world, folder):
    once(world, 9, lambda: world.queue.cancel(world.journal.ids()))
    add(world, folder)
    (row,) = world.run()
    assert row.state is TransferState.CANCELLED
    assert (world.keys(), world.store.open_uploads()) == (set(), [])


def test_a_key_that_is_taken_is_never_overwritten_unasked(world, folder):
    taken = Destination("bucket", "raw/run.tar")
    world.store.put_foreign(taken, b"another's")
    add(world, folder)
    add(world, folder, options=UploadOptions(part_size=1000, on_conflict=ConflictRule.RENAME))
    failed, renamed = world.run()
    assert failed.failure.code == AlreadyExists.code
    assert world.store.data(taken) == b"another's"
    assert renamed.destination.key == "raw/run (1).tar"
    assert world.members("raw/run (1).tar") == EXPECTED


def test_what_cannot_be_an_archive_is_said_before_anything_is_queued(world, folder):
    with pytest.raises(InputError, match="one folder"):
        add(world, folder / "a")
    with pytest.raises(KeyTooLong):
        add(world, folder, Destination("bucket", "x" * 1022 + "/"))
    assert world.rows() == []


def test_a_folder_that_is_gone_when_its_turn_comes_fails_clearly(world, folder):
    add(world, folder)
    folder.rename(folder.with_name("elsewhere"))
    (row,) = world.run()
    assert row.failure.code == "source-missing"


# Markers of empty folders.


@pytest.fixture
def hollow(tmp_path):
    top = tmp_path / "hollow"
    (top / "none" / "none").mkdir(parents=True)
    (top / "nothing").mkdir()
    (top / "one").write_bytes(b"1")
    return top


@pytest.mark.row("F-06")
def test_empty_folders_are_marked_where_that_is_wanted(world, hollow):
    world.queue.add([hollow], HERE, MARKED, PROFILE)
    rows = world.run()
    assert {row.state for row in rows} == {TransferState.COMPLETED}
    assert world.keys() == {"raw/hollow/none/none/", "raw/hollow/nothing/", "raw/hollow/one"}
    assert world.store.data(Destination("bucket", "raw/hollow/nothing/")) == b""
    told = [event for event in world.events if isinstance(event, TransfersAdded)]
    assert told[-1].empty_folders == 0


@pytest.mark.row("F-06")
def test_a_marker_that_is_there_already_is_skipped(world, hollow):
    world.store.put_foreign(Destination("bucket", "raw/hollow/nothing/"), b"")
    world.queue.add([hollow], HERE, MARKED, PROFILE)
    states = {row.destination.key: row.state for row in world.run()}
    assert states["raw/hollow/nothing/"] is TransferState.SKIPPED
    assert states["raw/hollow/none/none/"] is TransferState.COMPLETED


@pytest.mark.row("F-06")
def test_a_folder_that_became_something_else_gets_no_marker(world, hollow):
    world.queue.add([hollow], HERE, MARKED, PROFILE)
    (hollow / "nothing").rmdir()
    (hollow / "nothing").symlink_to("/")
    rows = {row.destination.key: row for row in world.run()}
    assert rows["raw/hollow/nothing/"].failure.code == SourceNotAFile.code
    assert world.keys() == {"raw/hollow/none/none/", "raw/hollow/one"}
