"""Rows D: the queue on disk, whatever happens to the disk, the power and the process."""

import contextlib
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from s3gui.adapters.transfer_db import QueueInUse, QueueUnavailable, TransferDb
from s3gui.adapters.transfer_opening import open_transfers
from s3gui.adapters.transfer_schema import MIGRATIONS
from s3gui.core.archive import SourceKind
from s3gui.core.errors import JournalUnwritable
from s3gui.core.events import ConnectionHeld
from s3gui.core.profile import Profile
from s3gui.core.transfer import (
    Batch,
    ConflictRule,
    Destination,
    Transfer,
    TransferState,
    WaitingFor,
)
from tests.stress.figure import a_seed
from tests.stress.power_cuts import content, one_change, run_power_cuts
from tests.support.lives import why_no_kills_at_system_calls
from tests.support.upload_world import BUCKET, SECONDS, in_parts, upload_world

ROOT = Path(__file__).parents[2]


# D-02: the power goes.


@pytest.mark.row("D-02")
def test_a_power_cut_at_any_moment_loses_nothing_that_was_acknowledged(tmp_path):
    """The small form of figure G6."""
    outcome = run_power_cuts(tmp_path, 1000, a_seed())
    assert outcome.failures == []
    assert outcome.facts["with the database being written"] > 50


@pytest.mark.row("D-02")
def test_a_log_that_ends_at_any_frame_or_byte_gives_an_earlier_state_and_never_a_mixture(tmp_path):
    seed = a_seed()
    chance = random.Random(seed)
    path = tmp_path / "transfers.sqlite"
    journal = TransferDb.open(path)
    log = path.with_name(path.name + "-wal")
    states, lengths = [content(journal)], [log.stat().st_size]
    for _ in range(15):
        one_change(journal, chance)
        states.append(content(journal))
        lengths.append(log.stat().st_size)
    database, whole = path.read_bytes(), log.read_bytes()
    journal.close()
    frame = 24 + 4096
    ends = [*range(32, len(whole) + 1, frame), *(chance.randrange(len(whole)) for _ in range(40))]
    place = tmp_path / "after" / "transfers.sqlite"
    for end in ends:
        shutil.rmtree(place.parent, ignore_errors=True)
        place.parent.mkdir()
        place.write_bytes(database)
        place.with_name(log.name).write_bytes(whole[:end])
        acknowledged = max((n for n, each in enumerate(lengths) if each <= end), default=-1)
        with contextlib.closing(TransferDb.open(place)) as journal:
            found = content(journal)
        if acknowledged >= 0:
            assert found == states[acknowledged], f"seed {seed}, end {end}"
        else:
            assert found[1] == [], f"seed {seed}, end {end}"


# D-03: the disk takes no more.

_FULL_DISK = """
import random, resource, signal, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from s3gui.adapters.transfer_db import TransferDb
from s3gui.core.errors import JournalUnwritable
from tests.stress.power_cuts import content, one_change

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
path, chance = Path(sys.argv[2]), random.Random(int(sys.argv[3]))
_, most = resource.getrlimit(resource.RLIMIT_FSIZE)
journal = TransferDb.open(path)
journal._writer.execute("PRAGMA wal_autocheckpoint = 12")
refused = 0
for number in range(80):
    limit = chance.randrange(0, 100_000)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, most))
    try:
        for _ in range(4):
            before = content(journal)
            one_change(journal, chance)
    except JournalUnwritable:
        refused += 1
        assert content(journal) == before, number
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    journal.check_writable()
last = content(journal)
journal.close()
journal = TransferDb.open(path)
assert journal.set_aside is None
assert journal._read("PRAGMA integrity_check") == [("ok",)]
assert content(journal) == last
journal.close()
print(refused)
"""


@pytest.mark.row("D-03")
@pytest.mark.skipif(os.name != "posix", reason="file size limits are POSIX's")
def test_a_disk_that_refuses_any_write_is_said_and_nothing_acknowledged_is_lost(tmp_path):
    seed = a_seed()
    arguments = [str(ROOT), str(tmp_path / "transfers.sqlite"), str(seed)]
    ended = subprocess.run(
        [sys.executable, "-c", _FULL_DISK, *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert ended.returncode == 0, f"seed {seed}: {ended.stderr}"
    assert int(ended.stdout) > 5


_FAILING_DISK = """
import random, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from s3gui.adapters.transfer_db import TransferDb
from s3gui.core.errors import JournalUnwritable
from tests.stress.power_cuts import content, one_change

chance, refused = random.Random(int(sys.argv[3])), 0
journal = TransferDb.open(Path(sys.argv[2]))
journal._writer.execute("PRAGMA wal_autocheckpoint = 12")
for number in range(60):
    before = content(journal)
    try:
        one_change(journal, chance)
    except JournalUnwritable:
        refused += 1
        assert content(journal) == before, number
for _ in range(50):  # a last one that is acknowledged
    try:
        one_change(journal, chance)
        break
    except JournalUnwritable:
        pass
else:
    raise AssertionError("no change is taken any more")
print(refused, repr(content(journal)))
"""


@pytest.mark.row("D-03")
@pytest.mark.skipif(bool(why_no_kills_at_system_calls()), reason="needs strace")
@pytest.mark.parametrize(("call", "error"), [("pwrite64", "EIO"), ("pwrite64", "EROFS")])
def test_a_disk_that_errs_now_and_then_is_said_and_nothing_acknowledged_is_lost(
    tmp_path, call, error
):
    seed = a_seed()
    path = tmp_path / "transfers.sqlite"
    TransferDb.open(path).close()
    inject = f"inject={call}:error={error}:when=20+{random.Random(seed).randrange(30, 60)}"
    traced = ["strace", "-f", "-o", os.devnull, "-e", f"trace={call}", "-e", inject]
    arguments = [str(ROOT), str(path), str(seed)]
    ended = subprocess.run(
        [*traced, sys.executable, "-c", _FAILING_DISK, *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        timeout=SECONDS,
    )
    assert ended.returncode == 0, f"seed {seed}: {ended.stderr}"
    refused, _, last = ended.stdout.partition(" ")
    assert int(refused) > 3, seed
    with contextlib.closing(TransferDb.open(path)) as journal:
        assert journal.set_aside is None, seed
        assert journal._read("PRAGMA integrity_check") == [("ok",)], seed
        assert repr(content(journal)) == last.rstrip("\n"), seed


@pytest.mark.row("D-03")
def test_a_disk_that_takes_no_writes_holds_the_uploads_which_then_go_on(tmp_path):
    home = tmp_path / "home" / "transfers.sqlite"
    with upload_world(tmp_path, journal=TransferDb.open(home)) as world:
        paths = [world.file(f"{number}.bin") for number in range(3)]
        held = threading.Event()
        writable = world.journal.save_parts

        def set_read_only(flag):
            with world.journal._write_lock:
                world.journal._writer.execute(f"PRAGMA query_only = {flag}")

        def read_only_from_the_second_part(transfer_id, parts, sent_bytes):
            if 2 in [part.number for part in parts]:
                world.journal.save_parts = writable
                set_read_only("ON")
            writable(transfer_id, parts, sent_bytes)

        def listen(event):
            world.events.append(event)
            if isinstance(event, ConnectionHeld) and event.waiting_for is WaitingFor.DISK:
                held.set()

        world.journal.save_parts = read_only_from_the_second_part
        with world.queue() as queue:
            queue._publish = queue._runner.publish = listen
            queue.add(paths, Destination(BUCKET, ""), in_parts(), world.profile)
            queue.start()
            assert held.wait(SECONDS)
            assert all(row.state is not TransferState.COMPLETED for row in world.rows())
            set_read_only("OFF")
            assert queue.wait_until_idle(SECONDS)
        assert {row.state for row in world.rows()} == {TransferState.COMPLETED}
        # Parts whose answers could not be written down are sent again: they count as unknown.
        world.overwritten_parts = frozenset({1, 2, 3, 4})
        world.check()


# D-06: an old queue comes back from a backup.


def put_back_alone(backup, path):
    """Into a new home."""
    for each in path.parent.glob("transfers.*"):
        each.unlink()
    shutil.copy2(backup, path)


def copy_to(backup, journal):
    with journal._write_lock:
        journal._writer.execute("VACUUM INTO ?", (str(backup),))


@pytest.mark.row("D-06")
@pytest.mark.parametrize(
    "on_conflict", [ConflictRule.FAIL, ConflictRule.RENAME, ConflictRule.REPLACE]
)
@pytest.mark.parametrize(("parts_known", "size"), [(0, 0.5), (0, 4), (2, 4), (4, 4)])
def test_an_old_queue_looks_at_the_objects_before_it_sends_anything_again(
    tmp_path, on_conflict, parts_known, size
):
    home = tmp_path / "home" / "transfers.sqlite"
    home.parent.mkdir()
    backup = tmp_path / "backup.sqlite"
    with upload_world(tmp_path, journal=open_transfers(home.parent, keep_queue=True)) as world:
        path = world.file(parts=size)
        save_parts = world.journal.save_parts

        def back_up(transfer_id, parts, sent_bytes):
            save_parts(transfer_id, parts, sent_bytes)
            if len(world.journal.parts(transfer_id)) == parts_known:
                copy_to(backup, world.journal)

        if parts_known:
            world.journal.save_parts = back_up
        options = in_parts(on_conflict=on_conflict)
        with world.queue(parts_at_once=1) as queue:
            queue.add([path], Destination(BUCKET, ""), options, world.profile)
            if not parts_known:
                copy_to(backup, world.journal)
            queue.start()
            assert queue.wait_until_idle(SECONDS)
        assert world.row().state is TransferState.COMPLETED
        world.journal.close()
        for each in home.parent.glob("transfers.sqlite*"):
            each.unlink()
        shutil.copy(backup, home)
        world.journal = open_transfers(home.parent, keep_queue=True)
        sent = world.requests("UploadPart") + world.requests("PutObject")
        with world.queue() as queue:
            queue.start()
            assert queue.wait_until_idle(SECONDS)
        row = world.row()
        again = world.requests("UploadPart") + world.requests("PutObject") - sent
        commits = world.server.ledger.commits(bucket=BUCKET)
        world.journal.close()
        assert world.read("file.bin") == path.read_bytes()
        assert row.state is TransferState.COMPLETED
        if parts_known or on_conflict is not ConflictRule.REPLACE:
            # It was begun, or may have been: what lies there is compared, and is ours.
            assert (again, len(commits)) == (0, 1)


@pytest.mark.row("D-06")
@pytest.mark.parametrize("how", [shutil.copy, shutil.copy2, put_back_alone])
def test_only_a_queue_that_was_put_back_counts_as_one_from_a_backup(tmp_path, how):
    path = tmp_path / "transfers.sqlite"
    with contextlib.closing(open_transfers(tmp_path, keep_queue=True)) as journal:
        batch = journal.add_batch(Batch("b", Destination("bucket"), Profile("p", "P")))
        (row,) = journal.add_transfers([Transfer(batch.id, "/x", Destination("bucket", "x"))])

    def is_begun():
        with contextlib.closing(open_transfers(tmp_path, keep_queue=True)) as journal:
            return journal.transfer(row).started_at is not None

    shutil.copy(path, tmp_path / "backup")
    assert not is_begun()
    with contextlib.closing(TransferDb.open(path)) as killed:
        killed.add_batch(batch)
    path.with_suffix(".mark").write_text(str(path.stat().st_ino))  # as a kill leaves it
    assert not is_begun()
    how(tmp_path / "backup", path)
    assert is_begun()


# D-07: an old SQLite, and two owners.


@pytest.mark.row("D-07")
def test_a_sqlite_that_is_too_old_is_refused_in_one_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 34, 1))
    with pytest.raises(QueueUnavailable, match="too old"):
        TransferDb.open(tmp_path / "transfers.sqlite")


@pytest.mark.row("D-07")
def test_one_connection_writes_and_the_other_cannot(tmp_path):
    """What makes the fault of SQLite before 3.51.3 harmless: it takes two that write."""
    with contextlib.closing(TransferDb.open(tmp_path / "transfers.sqlite")) as journal:
        with pytest.raises(JournalUnwritable, match="written"):
            journal._read("DELETE FROM batch")
        with pytest.raises(JournalUnwritable, match="written"):
            journal._read("CREATE TABLE x (y)")
        with pytest.raises(QueueInUse):
            TransferDb.open(tmp_path / "transfers.sqlite")


@pytest.mark.row("D-07")
def test_a_queue_of_the_first_version_is_brought_up_to_date_and_loses_nothing(tmp_path):
    path = tmp_path / "transfers.sqlite"
    db = sqlite3.connect(path)
    db.executescript(f"{MIGRATIONS[0]}; PRAGMA user_version = 1;")
    db.execute("INSERT INTO batch VALUES (1, 1.0, 'b', 'bucket', '', '{}')")
    db.execute('UPDATE batch SET profile = \'{"id": "p", "name": "P"}\'')
    db.execute(
        "INSERT INTO transfer (batch_id, source, bucket, key, state, options)"
        " VALUES (1, x'2f78', 'bucket', 'k', 'queued', '{}')"
    )
    db.commit()
    db.close()
    with contextlib.closing(TransferDb.open(path)) as journal:
        assert journal.set_aside is None
        (row,) = journal.next_queued(9)
        assert (row.source, row.depth) == ("/x", 0)
        assert (row.kind, row.manifest) == (SourceKind.FILE, None)
