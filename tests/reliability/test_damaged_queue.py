"""Row D-04: a queue that is damaged, or gone."""

import contextlib
import os
import random
import sqlite3

import pytest

from s3gui.adapters import transfer_file
from s3gui.adapters.transfer_db import QueueInUse, TransferDb
from s3gui.adapters.transfer_opening import noted_transfers, open_transfers
from s3gui.bootstrap import open_workspace
from s3gui.core.errors import JournalDamaged, JournalMissing
from s3gui.core.events import ConnectionHeld
from s3gui.core.profile import Profile
from s3gui.core.transfer import AskedUpload, Batch, Destination, TransferState
from tests.reliability.saved_queue import a_queue
from tests.stress.figure import a_seed
from tests.stress.power_cuts import content, one_change
from tests.support.upload_world import BUCKET, SECONDS, in_parts, upload_world


@pytest.mark.row("D-04")
def test_a_queue_that_is_damaged_anywhere_never_stops_a_start_and_is_kept(tmp_path):
    seed = a_seed()
    chance = random.Random(seed)
    original = tmp_path / "original.sqlite"
    a_queue(original)
    whole = original.read_bytes()
    aside = 0
    for number in range(60):
        path = tmp_path / str(number) / "transfers.sqlite"
        path.parent.mkdir()
        damaged = bytearray(whole)
        for _ in range(chance.choice([1, 20, 400])):
            damaged[chance.randrange(len(damaged))] ^= 1 << chance.randrange(8)
        del damaged[chance.choice([len(damaged), chance.randrange(len(damaged))]) :]
        path.write_bytes(damaged)
        journal = TransferDb.open(path)
        about = f"seed {seed}, damage {number}"
        if journal.set_aside is not None:
            aside += 1
            assert journal.set_aside.read_bytes() == damaged, about
            assert journal.ids() == [], about
        assert len(journal.next_queued(99)) == len(journal.transfers(journal.ids())), about
        journal.set_states(
            journal.ids(), TransferState.PAUSED, only=[TransferState.QUEUED]
        )  # which writes the indexes too
        assert journal.add_batch(Batch("b", Destination("bucket", ""), Profile("p", "P"))), about
        journal.close()
    assert aside > 20, seed


@pytest.mark.row("D-04")
@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE transfer SET options = '{' WHERE id = 7",
        "UPDATE transfer SET identity = '[]' WHERE id = 7",
        "UPDATE transfer SET stored = '{\"checksum\":{}}' WHERE id = 7",
        "UPDATE transfer SET key = 7.5 WHERE id = 7",
        "UPDATE transfer SET kind = 'dile' WHERE id = 7",
        "UPDATE transfer SET bucket = CAST(x'ff' AS TEXT) WHERE id = 7",
        'UPDATE batch SET profile = \'{"id": "p"}\'',
    ],
)
def test_a_row_that_cannot_be_understood_is_set_aside_with_its_queue(tmp_path, damage):
    """The file is sound then: found by the seeded damages above, where a bit was in a value."""
    path = tmp_path / "transfers.sqlite"
    a_queue(path)
    with contextlib.closing(sqlite3.connect(path)) as db:
        db.execute(damage)
        db.commit()
    with contextlib.closing(TransferDb.open(path)) as journal:
        assert journal.set_aside is not None
        assert journal.ids() == []
        with pytest.raises(QueueInUse):
            TransferDb.open(path)


@pytest.mark.row("D-04")
def test_damage_that_is_met_on_the_way_is_told_as_an_error_of_the_queue(tmp_path):
    """A large queue is not read to its end when it is opened."""
    path = tmp_path / "transfers.sqlite"
    a_queue(path, rows=3000)
    with contextlib.closing(TransferDb.open(path)) as journal:
        size = path.stat().st_size
        for each in (journal._of_rows.connection, journal._writer):
            each.execute("PRAGMA shrink_memory")
        with path.open("r+b") as file:
            file.seek(4096)
            file.write(b"\xff" * (size - 4096))
        for use in (
            lambda: journal.transfers(range(1, 3001)),
            lambda: journal.set_states(
                range(1, 3001), TransferState.PAUSED, only=[TransferState.QUEUED]
            ),
        ):
            with pytest.raises(JournalDamaged) as told:
                use()
            assert "malformed" in told.value.detail
    with contextlib.closing(TransferDb.open(path)) as journal:
        assert journal.set_aside is not None


@pytest.fixture
def large(monkeypatch):
    """Every queue counts as one that is too large to be read at each start."""
    monkeypatch.setattr(transfer_file, "_SOON_READ_BYTES", 0)


def damage(path, how):
    with contextlib.closing(sqlite3.connect(path)) as db:
        db.executescript(how)
        db.commit()


DAMAGES_OF_VALUES = [
    "UPDATE transfer SET options = '{' WHERE id = 7",
    "UPDATE transfer SET key = 7.5 WHERE id = 7",
    "UPDATE transfer SET bucket = CAST(x'ff' AS TEXT) WHERE id = 7",
    "UPDATE batch SET profile = '[]'",
    "DELETE FROM batch",
]


@pytest.mark.row("D-04")
@pytest.mark.usefixtures("large")
@pytest.mark.parametrize("how", DAMAGES_OF_VALUES)
def test_damage_in_a_large_queue_stops_it_once_and_the_next_start_sets_it_aside(tmp_path, how):
    path = tmp_path / "home" / "transfers.sqlite"
    a_queue(path)
    damage(path, how)
    with upload_world(tmp_path, journal=TransferDb.open(path)) as world:
        assert world.journal.set_aside is None, "nobody has looked"
        with world.queue() as queue:
            queue.start()
            assert queue.wait_until_idle(SECONDS)
        [told] = [each for each in world.events if isinstance(each, ConnectionHeld)]
        assert told.failure.code == "journal-damaged"
        assert "start it again" in told.failure.hint
        world.journal.close()
        world.journal = TransferDb.open(path)
        assert world.journal.set_aside is not None
        assert world.journal.ids() == []
        assert not path.with_suffix(".suspect").exists()


@contextlib.contextmanager
def untouched(path):
    """Damage inside of it leaves the file's time as it was, as a disk's own faults do."""
    before = path.stat()
    yield
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


@pytest.mark.row("D-04")
@pytest.mark.usefixtures("large")
@pytest.mark.parametrize("is_untouched", [True, False])
def test_a_large_queue_is_looked_through_unless_nobody_has_touched_it_since(tmp_path, is_untouched):
    path = tmp_path / "transfers.sqlite"
    a_queue(path)
    open_transfers(tmp_path, keep_queue=True).close()
    with untouched(path) if is_untouched else contextlib.nullcontext():
        damage(path, "PRAGMA ignore_check_constraints = ON; UPDATE transfer SET sent_bytes = -1")
    with contextlib.closing(open_transfers(tmp_path, keep_queue=True)) as journal:
        assert (journal.set_aside is None) == is_untouched


@pytest.mark.row("D-04")
@pytest.mark.usefixtures("large")
def test_a_page_that_is_none_is_met_in_a_large_queue_that_nobody_touched(tmp_path):
    path = tmp_path / "transfers.sqlite"
    a_queue(path, rows=300)
    open_transfers(tmp_path, keep_queue=True).close()
    with contextlib.closing(sqlite3.connect(path)) as db:
        (page_bytes,) = db.execute("PRAGMA page_size").fetchone()
        pages = [
            db.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (name,)).fetchone()[0]
            for name in ("transfer", "transfer_by_state", "transfer_by_batch")
        ]
    whole = path.read_bytes()
    for page in pages:
        with untouched(path), path.open("r+b") as file:
            file.seek((page - 1) * page_bytes)
            file.write(b"\xff" * page_bytes)
        with contextlib.closing(open_transfers(tmp_path, keep_queue=True)) as journal:
            assert journal.set_aside is not None
        path.write_bytes(whole)
        open_transfers(tmp_path, keep_queue=True).close()


@pytest.mark.row("D-04")
def test_damage_that_a_transfer_meets_is_told_once_and_never_waited_for(tmp_path):
    with upload_world(tmp_path) as world:

        def meet(*_arguments):
            raise JournalDamaged(detail="database disk image is malformed")

        world.journal.save_parts = meet
        paths = [world.file(f"{number}.bin") for number in range(3)]
        with world.queue() as queue:
            queue.add(paths, Destination(BUCKET, ""), in_parts(), world.profile)
            queue.start()
            assert queue.wait_until_idle(SECONDS)
        assert len([each for each in world.events if isinstance(each, ConnectionHeld)]) == 1
        states = {row.state for row in world.rows()}
        assert states <= {TransferState.WAITING, TransferState.QUEUED}


@pytest.mark.row("D-04")
@pytest.mark.usefixtures("large")
def test_a_suspicion_that_proves_wrong_costs_one_look(tmp_path):
    path = tmp_path / "transfers.sqlite"
    a_queue(path)
    suspicion = path.with_suffix(".suspect")
    suspicion.touch()
    with contextlib.closing(TransferDb.open(path)) as journal:
        assert journal.set_aside is None
        assert len(journal.ids()) == 30
    assert not suspicion.exists()


@pytest.mark.row("D-04")
def test_a_damaged_log_costs_no_more_than_what_it_held(tmp_path):
    seed = a_seed()
    chance = random.Random(seed)
    source = tmp_path / "source" / "transfers.sqlite"
    a_queue(source)
    journal = TransferDb.open(source)
    known = content(journal)
    for _ in range(9):
        one_change(journal, chance)
    log = source.with_name(source.name + "-wal").read_bytes()
    database = source.read_bytes()
    journal.close()
    for number in range(30):
        path = tmp_path / str(number) / "transfers.sqlite"
        path.parent.mkdir()
        path.write_bytes(database)
        damaged = bytearray(log)
        for _ in range(chance.choice([1, 50, 2000])):
            damaged[chance.randrange(len(damaged))] ^= 0xFF
        path.with_name(path.name + "-wal").write_bytes(damaged)
        about = f"seed {seed}, damage {number}"
        with contextlib.closing(TransferDb.open(path)) as journal:
            assert journal.set_aside is None, about
            assert journal._read("PRAGMA integrity_check") == [("ok",)], about
            assert len(journal.batches(9)) >= len(known[0]) - 1, about


@pytest.mark.row("D-04")
def test_a_log_whose_database_is_gone_is_kept_and_told(tmp_path):
    path = tmp_path / "transfers.sqlite"
    path.with_name("transfers.sqlite-wal").write_bytes(b"the last of the queue")
    with contextlib.closing(TransferDb.open(path)) as journal:
        assert journal.set_aside.read_bytes() == b"the last of the queue"
        assert journal.counts() == {}


@pytest.mark.row("D-04")
def test_a_queue_that_was_emptied_is_set_aside_and_told_and_a_first_one_is_not(tmp_path):
    path = tmp_path / "transfers.sqlite"
    for is_first in (True, False):
        path.write_bytes(b"")
        with contextlib.closing(open_transfers(tmp_path, keep_queue=True)) as journal:
            assert (journal.set_aside is None) is is_first
            assert journal.ids() == []
    assert journal.set_aside.read_bytes() == b""


@pytest.mark.row("D-04")
def test_a_queue_that_is_gone_is_told_once_and_what_is_noted_beside_it_is_still_offered(tmp_path):
    path = tmp_path / "transfers.sqlite"
    there = Destination("bucket", "key")
    with contextlib.closing(open_transfers(tmp_path, keep_queue=True)) as journal:
        assert journal.warning is None, "the first one"
    with contextlib.closing(noted_transfers(tmp_path)) as beside:
        beside.save_asked(AskedUpload(Profile("p", "P"), there, 1000.0))
        beside._lock_of_note.release()  # as a kill does
        path.unlink()
        with contextlib.closing(open_transfers(tmp_path, keep_queue=True)) as journal:
            assert isinstance(journal.warning, JournalMissing)
            assert f"“{path}” is gone" in journal.warning.message
            assert journal.set_aside is None
            assert [each.destination for each in journal.asked_uploads()] == [there]
            batch = journal.add_batch(Batch("b", there, Profile("p", "P")))
    with contextlib.closing(open_transfers(tmp_path, keep_queue=True)) as journal:
        assert journal.warning is None
        assert journal.batches(9) == [batch]


@pytest.mark.row("D-04")
def test_a_queue_that_is_gone_but_for_its_log_is_told_by_what_was_kept(tmp_path):
    path = tmp_path / "transfers.sqlite"
    with contextlib.closing(open_transfers(tmp_path, keep_queue=True)):
        pass
    path.rename(path.with_name("transfers.sqlite-wal"))
    with contextlib.closing(open_transfers(tmp_path, keep_queue=True)) as journal:
        assert journal.set_aside is not None
        assert journal.warning is None


@pytest.mark.row("D-04")
def test_what_was_set_aside_is_told_to_the_front_doors_and_the_rest_stays(tmp_path):
    path = tmp_path / "transfers.sqlite"
    a_queue(path)
    path.write_bytes(b"SQLite format 3\0 and then nothing")

    def workspace():
        return open_workspace(
            transfers_executor=None, parts_executor=None, publish=print, home=tmp_path
        )

    with workspace() as first:
        (aside,) = first.set_aside
        assert aside.read_bytes().endswith(b"nothing")
        first.profiles.save(Profile("work", "Work"))
    path.write_bytes(b"broken again")
    with workspace() as second:
        assert second.profiles.get("work") is not None
        assert len(second.set_aside) == 1
    assert aside.exists()
    with workspace() as third:
        assert third.set_aside == ()
