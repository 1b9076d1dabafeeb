import contextlib
import dataclasses
import sqlite3
import stat
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from s3gui.adapters.transfer_db import QueueInUse, QueueUnavailable, TransferDb
from s3gui.adapters.transfer_opening import TransfersOfAnother
from s3gui.adapters.transfer_schema import MIGRATIONS
from s3gui.core.acl import CannedAcl
from s3gui.core.archive import ArchiveManifest, SkippedMember, SourceKind
from s3gui.core.checksum import Checksum
from s3gui.core.errors import Failure
from s3gui.core.profile import Addressing, Profile
from s3gui.core.transfer import (
    Batch,
    CompletedPart,
    ConflictRule,
    Destination,
    MultipartUpload,
    SourceIdentity,
    StoredObject,
    Transfer,
    TransferState,
    UploadOptions,
    WaitingFor,
)
from s3gui.engine.ports import Count

PROFILE = Profile("p1", "Work", addressing=Addressing.PATH, access_key_id="AKIA1")
BATCH = Batch("holiday", Destination("bucket", "raw/"), PROFILE)


@pytest.fixture
def db(tmp_path):
    db = TransferDb.open(tmp_path / "queue" / "transfers.sqlite")
    yield db
    db.close()


def transfer(batch, key="a.txt", **changes):
    return Transfer(batch.id, f"/x/{key}", Destination("bucket", key), size=10, **changes)


def test_what_is_saved_comes_back_as_it_was(db):
    batch = db.add_batch(BATCH)
    full = Transfer(
        batch_id=batch.id,
        source="/x/caf\udce9",
        destination=Destination("bucket", "raw/ü+&?.txt"),
        size=123,
        options=UploadOptions(
            acl=CannedAcl.PUBLIC_READ,
            storage_class="GLACIER",
            metadata=(("a", "ü"), ("b", "")),
            tags=(("t", "v"),),
            on_conflict=ConflictRule.RENAME,
            part_size=5,
        ),
        state=TransferState.WAITING,
        waiting_for=WaitingFor.NETWORK,
        failure=Failure("code", "message", "hint", "detail", retryable=True),
        identity=SourceIdentity(1, 2**62, 3, 2**63 - 1, 5),
        multipart=MultipartUpload("bucket", "raw/ü+&?.txt", "id"),
        part_size=7,
        sent_bytes=5,
        stored=StoredObject(123, "etag", "v1", Checksum("CRC32", "x="), "text/plain", "r"),
        started_at=1.5,
        ended_at=2.5,
        kind=SourceKind.TAR_GZ,
        manifest=ArchiveManifest(3, 2**40, 1, (SkippedMember("a/caf\udce9", "It is gone."),)),
    )
    (saved,) = db.add_transfers([full])
    assert db.transfer(saved) == dataclasses.replace(full, id=saved)
    assert db.batch(batch.id) == batch
    assert (batch.profile, batch.destination) == (PROFILE, BATCH.destination)
    changed = dataclasses.replace(full, id=saved, state=TransferState.COMPLETED, size=None)
    db.save(changed)
    assert db.transfer(saved) == changed


def test_full_and_empty_rows_are_added_together(db):
    batch = db.add_batch(BATCH)
    plain = transfer(batch)
    odd = dataclasses.replace(
        plain, size=None, state=TransferState.FAILED, failure=Failure("x", "y"), started_at=1.5
    )
    ids = db.add_transfers([plain, odd, plain])
    assert db.transfers(ids) == [
        dataclasses.replace(each, id=its)
        for each, its in zip([plain, odd, plain], ids, strict=True)
    ]


def test_an_open_queue_belongs_to_one_process(tmp_path):
    path = tmp_path / "transfers.sqlite"
    program = (
        "import sys; from pathlib import Path\n"
        "from s3gui.adapters.transfer_db import QueueInUse, TransferDb\n"
        "try: TransferDb.open(Path(sys.argv[1])).close(); print('mine')\n"
        "except QueueInUse as error: print(error)\n"
    )

    def other():
        command = [sys.executable, "-c", program, str(path)]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    db = TransferDb.open(path)
    assert "owns the queue" in other()
    with pytest.raises(QueueInUse):
        TransferDb.open(path)
    db.close()
    assert other() == "mine\n"


def test_the_queue_survives_a_restart(tmp_path):
    path = tmp_path / "transfers.sqlite"
    db = TransferDb.open(path)
    batch = db.add_batch(BATCH)
    (saved,) = db.add_transfers([transfer(batch)])
    part = CompletedPart(3, 5, "etag", Checksum("MD5", "00"))
    db.save_parts(saved, [part], 5)
    db.close()
    db = TransferDb.open(path)
    assert db.transfer(saved).sent_bytes == 5
    assert db.parts(saved) == [part]
    assert db.batches(10) == [batch]
    db.close()


def test_only_the_owner_may_read_its_files(tmp_path, db):
    db.add_batch(BATCH)
    folder = tmp_path / "queue"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
    assert set(modes.values()) == {0o600}, modes


@pytest.mark.parametrize("damage", [b"not a database at all", b"SQLite format 3\0" + b"x" * 5000])
def test_a_damaged_queue_is_set_aside_and_never_stops_a_start(tmp_path, damage):
    path = tmp_path / "transfers.sqlite"
    path.write_bytes(damage)
    db = TransferDb.open(path)
    assert db.set_aside is not None
    assert db.set_aside.read_bytes() == damage
    assert db.counts() == {}
    db.add_batch(BATCH)
    db.close()


def with_version(path, version):
    TransferDb.open(path).close()
    with contextlib.closing(sqlite3.connect(path)) as db:
        db.execute(f"PRAGMA user_version = {version}")
    return path


def test_a_queue_of_a_newer_program_is_left_to_it(tmp_path):
    path = with_version(tmp_path / "transfers.sqlite", len(MIGRATIONS) + 1)
    before = path.read_bytes()
    for _again in range(2):  # the first refusal gave the lock back
        with pytest.raises(QueueUnavailable, match="was written by a newer s3gui"):
            TransferDb.open(path)
    with pytest.raises(QueueUnavailable, match="was written by a newer s3gui"):
        TransfersOfAnother(path)
    assert path.read_bytes() == before
    assert not list(tmp_path.glob("*damaged*"))


@pytest.mark.parametrize("version", [-1, 2**24 + 7])
def test_a_version_that_no_program_will_have_is_damage(tmp_path, version):
    db = TransferDb.open(with_version(tmp_path / "transfers.sqlite", version))
    assert db.set_aside is not None
    db.close()


def test_the_oldest_queued_come_first_and_a_batch_can_be_asked_for(db):
    one, two = db.add_batch(BATCH), db.add_batch(BATCH)
    ids = db.add_transfers([transfer(one), transfer(two), transfer(one)])
    assert [each.id for each in db.next_queued(2)] == ids[:2]
    assert [each.id for each in db.next_queued(9, one.id)] == [ids[0], ids[2]]
    db.set_states(ids[:1], TransferState.PAUSED, only={TransferState.QUEUED})
    assert [each.id for each in db.next_queued(9)] == ids[1:]


def test_ids_are_found_by_state_batch_and_text(db):
    one, two = db.add_batch(BATCH), db.add_batch(BATCH)
    ids = db.add_transfers(
        [
            transfer(one, "50%.txt"),
            transfer(one, "500.txt"),
            transfer(two, "a_b"),
            transfer(two, "acb"),
        ]
    )
    assert db.ids() == ids
    assert db.ids(batch_id=two.id) == ids[2:]
    assert db.ids(text="0%.") == ids[:1]
    assert db.ids(text="A_") == ids[2:3]
    assert db.ids(states=[TransferState.FAILED]) == []


def test_only_rows_in_the_named_states_change(db):
    batch = db.add_batch(BATCH)
    ids = db.add_transfers(
        [transfer(batch), transfer(batch, state=TransferState.COMPLETED), transfer(batch)]
    )
    changed = db.set_states([*ids, 999], TransferState.PAUSED, only={TransferState.QUEUED})
    assert changed == [ids[0], ids[2]]
    assert db.transfer(ids[1]).state is TransferState.COMPLETED


def test_queueing_again_clears_the_failure(db):
    batch = db.add_batch(BATCH)
    failed = transfer(batch, state=TransferState.FAILED, failure=Failure("x", "y"))
    (saved,) = db.add_transfers([failed])
    db.set_states([saved], TransferState.QUEUED, only={TransferState.FAILED})
    assert db.transfer(saved).failure is None


def test_thousands_of_rows_can_be_named_at_once(db):
    batch = db.add_batch(BATCH)
    ids = db.add_transfers([transfer(batch)] * 2500)
    assert [each.id for each in db.transfers(ids[::-1])] == ids[::-1]
    assert db.set_states(ids, TransferState.PAUSED, only={TransferState.QUEUED}) == ids
    db.remove(ids)
    assert db.ids() == []
    assert db.batches(10) == []


def test_a_part_sent_again_replaces_the_earlier_one(db):
    batch = db.add_batch(BATCH)
    (saved,) = db.add_transfers([transfer(batch)])
    db.save_parts(saved, [CompletedPart(2, 5, "old")], 5)
    db.save_parts(saved, [CompletedPart(1, 5, "x")], 10)
    db.save_parts(saved, [CompletedPart(2, 5, "new")], 10)
    assert [(part.number, part.etag) for part in db.parts(saved)] == [(1, "x"), (2, "new")]
    db.forget_parts(saved)
    assert db.parts(saved) == []


def test_a_queue_in_memory_is_a_queue():
    db = TransferDb(":memory:")
    batch = db.add_batch(BATCH)
    db.add_transfers([transfer(batch)])
    assert db.counts() == {TransferState.QUEUED: Count(1, 10, 0)}
    db.close()


class CountsMachine(RuleBasedStateMachine):
    """The kept counters always equal a recount."""

    def __init__(self):
        super().__init__()
        self.db = TransferDb(":memory:")
        self.batches = [self.db.add_batch(BATCH).id for _ in range(2)]

    def teardown(self):
        self.db.close()

    @rule(
        batch=st.integers(0, 1),
        size=st.none() | st.integers(0, 2**40),
        state=st.sampled_from(TransferState),
    )
    def add(self, batch, size, state):
        if not self.db.batches(9):
            self.batches = [self.db.add_batch(BATCH).id for _ in range(2)]
        known = {each.id for each in self.db.batches(9)}
        batch_id = self.batches[batch] if self.batches[batch] in known else min(known)
        row = Transfer(batch_id, "/x", Destination("b", "k"), size=size, state=state)
        self.db.add_transfers([row])

    @rule(
        data=st.data(),
        size=st.none() | st.integers(0, 2**40),
        sent=st.integers(0, 2**40),
        state=st.sampled_from(TransferState),
    )
    def save(self, data, size, sent, state):
        if ids := self.db.ids():
            old = self.db.transfer(data.draw(st.sampled_from(ids)))
            self.db.save(dataclasses.replace(old, size=size, sent_bytes=sent, state=state))

    @rule(data=st.data(), sent=st.integers(0, 2**40))
    def part(self, data, sent):
        if ids := self.db.ids():
            self.db.save_parts(data.draw(st.sampled_from(ids)), [CompletedPart(1, 1, "e")], sent)

    @rule(state=st.sampled_from(TransferState), only=st.sets(st.sampled_from(TransferState)))
    def set_states(self, state, only):
        self.db.set_states(self.db.ids(), state, only=only)

    @rule(data=st.data())
    def remove(self, data):
        if ids := self.db.ids():
            self.db.remove([data.draw(st.sampled_from(ids))])

    @invariant()
    def counters_equal_a_recount(self):
        for batch_id in (None, *self.batches):
            files, sizes, sent, unknown = Counter(), Counter(), Counter(), Counter()
            for each in self.db.transfers(self.db.ids(batch_id=batch_id)):
                files[each.state] += 1
                sizes[each.state] += each.size or 0
                sent[each.state] += each.sent_bytes
                unknown[each.state] += each.size is None
            recount = {s: Count(files[s], sizes[s], sent[s], unknown[s]) for s in files}
            assert self.db.counts(batch_id) == recount


CountsMachine.TestCase.settings = settings(max_examples=40, stateful_step_count=20, deadline=None)
test_the_counters_always_equal_a_recount = CountsMachine.TestCase


def test_a_row_is_read_while_another_thread_reads_a_million_ids(tmp_path):
    """The window draws rows meanwhile: it stood still for most of a second."""
    journal = TransferDb.open(tmp_path / "queue.db")
    with closing(journal), ThreadPoolExecutor(1) as thread, journal._of_ids.lock:
        assert thread.submit(journal.transfers, [1]).result(10) == []
        assert thread.submit(journal.counts).result(10) is not None
