"""Row F-09: a disk that stops answering holds nobody but the files on it."""

import io
import os
import tarfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from s3gui.adapters.transfer_db import TransferDb
from s3gui.core.archive import SourceKind
from s3gui.core.errors import SourceStalled
from s3gui.core.events import TransferChanged
from s3gui.core.profile import Profile
from s3gui.core.provider import AWS, Limits, Provider
from s3gui.core.transfer import Destination, TransferState, UploadOptions, WaitingFor
from s3gui.engine.disks import Disks
from s3gui.engine.queue import Pools, TransferQueue
from s3gui.engine.stop import Stop, Stopped, StopReason
from tests.fakes.clock import FakeClock
from tests.fakes.object_store import FakeObjectStore
from tests.support.fuse_disk import FuseDisk, why_not

pytestmark = [
    pytest.mark.row("F-09"),
    pytest.mark.skipif(bool(why_not()), reason=why_not() or "there is one"),
]
SECONDS = 60
LONG_SECONDS = 600.0
HERE = Destination("bucket", "")
PROFILE = Profile("p", "P")
SMALL = Provider(
    "aws",
    AWS.title,
    limits=Limits(min_part_size=10, max_part_size=10**5, max_parts=500, max_object_size=10**6),
    checksum="CRC64NVME",
    conditional_writes=True,
)
PARTS = UploadOptions(part_size=1000)
FILE = os.urandom(20_000)


class World:
    """A queue with two places for files and two for parts."""

    def __init__(self, patience_seconds):
        self.store = FakeObjectStore(SMALL)
        self.journal = TransferDb(":memory:")
        self.waits = threading.Event()
        self.disks = Disks(patience_seconds=patience_seconds)
        self._transfers, self._parts = ThreadPoolExecutor(2), ThreadPoolExecutor(2)
        pools = Pools(self._transfers, self._parts, files_at_once=2, parts_at_once=2)
        self.queue = TransferQueue(
            self.journal, lambda _: self.store, pools, self.listen, FakeClock(), disks=self.disks
        )
        self.queue.start()

    def listen(self, event):
        if isinstance(event, TransferChanged) and event.transfer.state is TransferState.WAITING:
            assert event.transfer.waiting_for is WaitingFor.SOURCE
            self.waits.set()

    def hang_at_part(self, number, disk, key="hanging"):
        def hang(call):
            if (call.number, call.key) == (number, key):
                self.store.before.clear()
                disk.hang()

        self.store.before["upload_part"] = hang

    def add(self, *paths):
        return self.queue.add(paths, HERE, PARTS, PROFILE)

    def row(self, key):
        (row,) = [
            row for row in self.journal.transfers(self.journal.ids()) if row.destination.key == key
        ]
        return row

    def until(self, key, state):
        ends_at = time.monotonic() + SECONDS
        while self.row(key).state is not state:
            assert time.monotonic() < ends_at, self.row(key)
            time.sleep(0.01)

    def data(self, key):
        return self.store.data(Destination("bucket", key))

    def close(self):
        self.queue.close()
        self._transfers.shutdown()
        self._parts.shutdown()
        self.journal.close()


@pytest.fixture
def disk(tmp_path):
    with FuseDisk(tmp_path / "far", {"hanging": FILE, "other": b"other"}) as disk:
        yield disk


@pytest.fixture
def world():
    world = World(patience_seconds=0.5)
    yield world
    world.close()


@pytest.fixture
def patient_world(disk):
    """Would wait for ten minutes; the disk answers before it is closed."""
    world = World(patience_seconds=LONG_SECONDS)
    yield world
    disk.answer()
    world.close()


@pytest.fixture
def near(tmp_path):
    path = tmp_path / "near"
    path.write_bytes(FILE)
    return path


def test_the_files_of_a_disk_that_hangs_wait_and_all_others_go_on(world, disk, near):
    world.hang_at_part(5, disk)
    world.add(disk.mount_point / "hanging")
    assert world.waits.wait(SECONDS)
    world.add(near)
    world.until("near", TransferState.COMPLETED)
    assert world.data("near") == FILE
    waiting = world.row("hanging")
    assert (waiting.state, waiting.waiting_for) == (TransferState.WAITING, WaitingFor.SOURCE)
    assert waiting.failure.code == SourceStalled.code
    assert str(disk.mount_point) in waiting.failure.message
    assert not world.queue.wait_until_idle(0.1)
    sent = {part.number for part in world.journal.parts(waiting.id)}
    before = world.store.count("upload_part")
    disk.answer()
    assert world.queue.wait_until_idle(SECONDS)
    assert world.row("hanging").state is TransferState.COMPLETED
    assert world.data("hanging") == FILE
    parts_of_both = 20 - len(sent)
    assert world.store.count("upload_part") == before + parts_of_both
    assert world.store.open_uploads() == []


def test_a_disk_that_is_known_to_hang_takes_no_place_at_all(world, disk, near):
    disk.hang()
    world.add(near)
    with pytest.raises(SourceStalled):  # not even looked at
        world.add(disk.mount_point / "other")
    began = time.monotonic()
    with pytest.raises(SourceStalled):
        world.add(disk.mount_point / "hanging")
    assert time.monotonic() - began < 0.4
    world.until("near", TransferState.COMPLETED)


@pytest.mark.parametrize("ask", ["pause", "cancel", "remove"])
def test_what_hangs_can_be_paused_cancelled_and_removed_at_once(patient_world, disk, ask):
    world = patient_world
    world.hang_at_part(5, disk)
    world.add(disk.mount_point / "hanging")
    assert disk.is_asked.wait(SECONDS)
    ids = world.journal.ids()
    began = time.monotonic()
    getattr(world.queue, ask)(ids)
    if ask == "remove":
        assert world.queue.wait_until_idle(3)
        assert world.journal.ids() == []
    else:
        state = {"pause": TransferState.PAUSED, "cancel": TransferState.CANCELLED}[ask]
        world.until("hanging", state)
    assert time.monotonic() - began < 3
    assert (len(world.store.open_uploads()) == 0) is (ask != "pause")


def test_closing_does_not_wait_for_the_disk_and_nothing_is_lost(patient_world, disk):
    world = patient_world
    world.hang_at_part(5, disk)
    world.add(disk.mount_point / "hanging")
    assert disk.is_asked.wait(SECONDS)
    began = time.monotonic()
    assert world.queue.close()
    assert time.monotonic() - began < 3
    row = world.row("hanging")
    assert row.state is TransferState.QUEUED
    assert row.multipart is not None


def test_a_row_that_waits_can_be_paused_and_then_stays_where_it_is(world, disk):
    world.hang_at_part(5, disk)
    world.add(disk.mount_point / "hanging")
    assert world.waits.wait(SECONDS)
    world.until("hanging", TransferState.WAITING)
    world.queue.wait_until_idle(0.2)
    world.queue.pause([world.row("hanging").id])
    assert world.row("hanging").state is TransferState.PAUSED
    disk.answer()
    assert world.queue.wait_until_idle(SECONDS)
    assert world.row("hanging").state is TransferState.PAUSED
    world.queue.resume([world.row("hanging").id])
    assert world.queue.wait_until_idle(SECONDS)
    assert world.data("hanging") == FILE


def test_a_disk_that_vanishes_fails_its_files_with_the_systems_word(world, disk, near):
    world.hang_at_part(5, disk)
    world.add(disk.mount_point / "hanging")
    assert disk.is_asked.wait(SECONDS)
    disk.vanish()
    world.add(near)
    assert world.queue.wait_until_idle(SECONDS)
    assert world.row("near").state is TransferState.COMPLETED
    row = world.row("hanging")
    assert row.state is TransferState.FAILED
    assert row.failure.code in {"source-unreadable", "source-missing"}
    assert row.failure.detail
    assert world.data("hanging") is None


def test_a_scan_that_hangs_can_be_left(patient_world, disk):
    stop = Stop()
    outcome = []

    def add():
        try:
            patient_world.queue.add([disk.mount_point], HERE, PARTS, PROFILE, stop=stop)
        except BaseException as error:  # noqa: BLE001 - it is looked at
            outcome.append(error)

    disk.hang()
    adding = threading.Thread(target=add)
    adding.start()
    assert disk.is_asked.wait(SECONDS)
    stop.request(StopReason.CANCELLED)
    adding.join(3)
    assert not adding.is_alive()
    assert isinstance(outcome[0], Stopped)


def test_an_archive_of_a_disk_that_hangs_waits_and_is_made_anew(world, disk):
    world.store.before["upload_part"] = lambda call: (
        call.number == 3 and not world.waits.is_set() and disk.hang()
    )
    world.queue.add_archive(disk.mount_point, HERE, PARTS, PROFILE, SourceKind.TAR)
    assert world.waits.wait(SECONDS)
    world.until("far.tar", TransferState.WAITING)
    assert world.store.open_uploads() == []
    disk.answer()
    assert world.queue.wait_until_idle(SECONDS)
    with tarfile.open(fileobj=io.BytesIO(world.data("far.tar"))) as opened:
        assert opened.extractfile("far/hanging").read() == FILE
        assert opened.extractfile("far/other").read() == b"other"
