"""What the queue on disk costs with many rows, counted in SQLite's own steps: no clock."""

import random
from contextlib import contextmanager
from dataclasses import replace

import pytest

from s3gui.adapters.transfer_codec import TRANSFER_COLUMNS
from s3gui.adapters.transfer_db import TransferDb
from s3gui.adapters.transfer_ids import conditions
from s3gui.core.checksum import Checksum
from s3gui.core.errors import Failure
from s3gui.core.profile import Profile
from s3gui.core.transfer import (
    Batch,
    Destination,
    MultipartUpload,
    SourceIdentity,
    StoredObject,
    Transfer,
    TransferState,
    UploadOptions,
)

HERE = Destination("bucket", "")


@pytest.fixture
def db():
    db = TransferDb(":memory:")
    yield db
    db.close()


def many(db, profile_id="p", doublings=14):
    """A batch of 2 ** doublings queued rows."""
    batch = db.add_batch(Batch("b", HERE, Profile(profile_id, "P")))
    db.add_transfers([Transfer(batch.id, "/x", Destination("bucket", "x"), 1)])
    columns = ", ".join(TRANSFER_COLUMNS)
    for _ in range(doublings):
        db._writer.execute(
            f"INSERT INTO transfer ({columns}) SELECT {columns} FROM transfer WHERE batch_id = ?",
            (batch.id,),
        )
    return batch


@contextmanager
def at_most(db, steps):
    seen = [0]

    def count():
        seen[0] += 100
        return 0

    connections = (db._of_rows.connection, db._of_ids.connection)
    for connection in connections:
        connection.set_progress_handler(count, 100)
    yield
    for connection in connections:
        connection.set_progress_handler(None, 0)
    assert seen[0] <= steps


def test_what_runs_next_costs_the_same_at_any_length_of_the_queue(db):
    """Found by figure G7: each end of a transfer looked through the whole queue, for seconds."""
    batch = many(db)
    first, *_, last = db.ids()
    with at_most(db, 3000):
        assert [row.id for row in db.next_queued(3)] == [first, first + 1, first + 2]
        assert db.extreme_ranks() == (0, 0)
        assert len(db.next_queued(3, batch.id)) == 3
        assert db.next_queued(3, but_not=["p"]) == []
    db.set_ranks({last: 1, first: -1})
    with at_most(db, 3000):
        assert [row.id for row in db.next_queued(2)] == [last, first + 1]
        assert db.extreme_ranks() == (-1, 1)


def test_a_held_batch_of_many_rows_does_not_slow_down_another(db):
    many(db, "held")
    other = db.add_batch(Batch("c", HERE, Profile("other", "P")))
    [ours] = db.add_transfers([Transfer(other.id, "/y", Destination("bucket", "y"), 1)])
    with at_most(db, 3000):
        assert [row.id for row in db.next_queued(5, but_not=["held"])] == [ours]


def test_rows_that_were_moved_to_the_front_come_first_also_beside_a_held_batch(db):
    many(db, "held", doublings=2)
    one, two = (db.add_batch(Batch(name, HERE, Profile(name, name))) for name in ("one", "two"))
    rows = [Transfer(batch.id, "/y", Destination("bucket", "y"), 1) for batch in (one, two, one)]
    first, second, third = db.add_transfers(rows)
    db.set_ranks({second: 2, third: 1, first: -1})
    assert [row.id for row in db.next_queued(5, but_not=["held"])] == [second, third, first]


@pytest.mark.parametrize("seed", range(20))
def test_conditions_name_all_the_ids_and_no_other(db, seed):
    many(db, doublings=11)
    chance = random.Random(seed)
    known = db.ids()
    start = chance.randrange(len(known))
    run = known[start : start + chance.randrange(1500)]
    ids = chance.choice([run, run[::-1], chance.sample(known, 1000), run + run[:1], run[::2]])
    found = set()
    for condition, values in conditions(ids):
        found.update(
            row[0] for row in db._read(f"SELECT id FROM transfer WHERE {condition}", *values)
        )
    assert found == set(ids)


def test_failures_are_counted_by_code_and_uploads_found_without_reading_the_rest(db):
    batch = db.add_batch(Batch("b", HERE, Profile("p", "P")))
    failed = {"state": TransferState.FAILED, "failure": Failure("denied", "no")}
    rows = [
        Transfer(batch.id, "/1", Destination("bucket", "1"), 1, **failed),
        Transfer(batch.id, "/2", Destination("bucket", "2"), 1),
        Transfer(batch.id, "/3", Destination("bucket", "3"), 1, **failed),
        Transfer(
            batch.id,
            "/4",
            Destination("bucket", "4"),
            1,
            multipart=MultipartUpload("bucket", "4", "id"),
        ),
    ]
    one, two, three, four = db.add_transfers(rows)
    assert db.failed_by_code() == {"denied": [one, three]}
    assert [row.id for row in db.with_upload([one, two, three, four])] == [four]
    assert db.with_upload([one, three]) == []


def test_the_ends_of_many_are_saved_as_if_each_had_been_saved_by_itself(db):
    batch = db.add_batch(Batch("b", HERE, Profile("p", "P")))
    row = Transfer(batch.id, "/f\udcff", Destination("bucket", "k “1”"), 5, depth=2)
    ids = db.add_transfers([row] * 6)
    stored = StoredObject(5, "etag", "v'1\"", Checksum("CRC64NVME", "AAAA="), "text/html", "é")
    ended = {
        "state": TransferState.COMPLETED,
        "size": 5,
        "sent_bytes": 5,
        "options": UploadOptions(content_type="text/html", metadata=(("a", "b"),)),
        "identity": SourceIdentity(5, 2**62, 3, 2**63 - 1, 5),
        "stored": stored,
        "started_at": 1_700_000_000.123456,
        "ended_at": 1_700_000_001.654321,
    }
    one, *others = db.transfers(ids)
    db.save(replace(one, multipart=MultipartUpload("bucket", "k", "id"), part_size=7))
    done = [each.changed(**ended) for each in [one.changed(part_size=7), *others[:-1]]]
    db.save_ends(done)
    assert db.transfers(ids) == [*done, others[-1]]
    assert db.with_upload(ids) == []
    counts = db.counts(batch.id)
    assert (counts[TransferState.COMPLETED].files, counts[TransferState.QUEUED].files) == (5, 1)
    assert counts[TransferState.COMPLETED].sent_bytes == 25


def test_that_many_are_begun_is_saved_without_losing_earlier_times(db):
    batch = db.add_batch(Batch("b", HERE, Profile("p", "P")))
    ids = db.add_transfers([Transfer(batch.id, "/f", Destination("bucket", "k"), 5)] * 5)
    db.begin(ids[1:2], 1.0)
    db.begin([ids[0], ids[1], ids[3]], 2.0)
    db.begin(ids[3:], 3.0)
    assert [each.started_at for each in db.transfers(ids)] == [2.0, 1.0, None, 2.0, 3.0]


@pytest.mark.parametrize("odd", ["/f\udcff", "/f", '/日本/😀 “"\\n”'])
@pytest.mark.parametrize("key", ["k", "k\udcff", "nul\0l", "日本"])
def test_rows_are_added_as_they_are_whatever_their_names(db, odd, key):
    batch = db.add_batch(Batch("b", HERE, Profile("p", "P")))
    rows = [
        Transfer(batch.id, "/plain", Destination("bucket", "plain"), 2**53 + 1),
        Transfer(batch.id, odd, Destination("bucket", key), None, depth=3),
        Transfer(batch.id, "/last", Destination("bucket", "last"), 0, started_at=1.5),
    ]
    ids = db.add_transfers(rows)
    assert db.transfers(ids) == [replace(row, id=each) for row, each in zip(rows, ids, strict=True)]
