"""Any order of adding, faults, pauses, kills, edits and resumptions keeps the invariants.

The store is a fake, queue and journal are the real ones. A kill is a life that is over: whatever
its threads still ask of the store or the journal is not done. I5 (secrets) and I6 (the window's
thread) have no place here; I7 is the bound on calls.
"""

import os
import random
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from s3gui.adapters.transfer_db import TransferDb
from s3gui.core.errors import (
    AlreadyExists,
    BadDigest,
    CredentialsExpired,
    ServiceUnavailable,
    Throttled,
    Unreachable,
)
from s3gui.core.profile import Profile
from s3gui.core.provider import AWS, Limits, Provider
from s3gui.core.transfer import Destination, TransferState, UploadOptions
from s3gui.engine.queue import Pools, TransferQueue
from tests.fakes.clock import FakeClock
from tests.fakes.object_store import FakeObjectStore

pytestmark = pytest.mark.row("P-01")
SECONDS = 60
PROFILE = Profile("p", "P")
PARTS = UploadOptions(part_size=10)
SMALL = Provider(
    "aws",
    AWS.title,
    limits=Limits(min_part_size=10, max_part_size=100, max_parts=50, max_object_size=4000),
    checksum="CRC64NVME",
    conditional_writes=True,
)
WRITES = ["put_object", "create_multipart", "upload_part", "complete_multipart", "abort_multipart"]
ERRORS = {
    "throttled": Throttled,
    "unavailable": ServiceUnavailable,
    "unreachable": Unreachable,
    "damaged": BadDigest,
    "expired": CredentialsExpired,
}
MOST_CALLS_OF_A_ROW = 400
_MADE_BY_A_KILLED_RUN = (TransferState.FAILED, AlreadyExists.code)


class Killed(BaseException):
    """The process is no more."""


class Life:
    """What one process may still do."""

    def __init__(self):
        self.is_over = False

    def check(self):
        if self.is_over:
            raise Killed


class Mortal:
    """The store or the journal, as a process sees it until it is killed."""

    def __init__(self, inner, life, watch):
        self._inner, self._life, self._watch = inner, life, watch

    def heeding(self, _stop):
        return self

    def __getattr__(self, name):
        value = getattr(self._inner, name)
        if not callable(value) or name == "checksums":
            return value

        def call(*arguments, **more):
            self._life.check()
            self._watch(name, arguments)
            result = value(*arguments, **more)
            self._life.check()
            return result

        return call


def append(path):
    with path.open("ab") as file:
        file.write(b"more")


def replace(path):
    new = path.with_suffix(".new")
    new.write_bytes(os.urandom(37))
    new.replace(path)


SIZES = [0, 10, 11, 35, 80, 80]
EDITS = {
    "append": append,
    "truncate": lambda path: os.truncate(path, path.stat().st_size // 2),
    "rewrite": lambda path: path.write_bytes(bytes(reversed(path.read_bytes()))),
    "replace": replace,
    "delete": lambda path: path.unlink(),
}


class Uploads(RuleBasedStateMachine):
    @initialize()
    def begin(self):
        self._folder = tempfile.TemporaryDirectory()
        self.folder = Path(self._folder.name)
        self.store = FakeObjectStore(SMALL)
        self.journal = TransferDb(":memory:")
        self.history = {}  # by path: every content that the file ever had
        self.wanted = {}  # by id of a row that was not removed: its key
        self.unnamed = 0  # uploads whose Create was answered to a process that was dead
        self.sent_again = []
        self.live()
        self.add(80, 0)
        self.add(35, 1)

    # One process after another.

    def live(self):
        self.life = Life()
        store = Mortal(self.store, self.life, self.watch_store)
        journal = Mortal(self.journal, self.life, lambda _name, _arguments: None)
        self.pools = [ThreadPoolExecutor(1), ThreadPoolExecutor(1)]
        pools = Pools(*self.pools, files_at_once=1, parts_at_once=1)
        self.queue = TransferQueue(
            journal, lambda _: store, pools, lambda _event: None, FakeClock()
        )

    def die(self):
        """Nothing more is done; the threads find out."""
        self.life.is_over = True
        for pool in self.pools:
            pool.shutdown()
        self.queue._holding.close()

    def watch_store(self, name, arguments):
        if name != "upload_part":
            return
        multipart, number = arguments[0], arguments[1]
        for row in self.rows():
            if row.multipart == multipart and number in {
                part.number for part in self.journal.parts(row.id)
            }:
                self.sent_again.append((row.id, number))

    def rows(self):
        return self.journal.transfers(self.journal.ids())

    def object_at(self, row):
        return self.store.data(row.destination)

    # What happens.

    @rule(size=st.sampled_from(SIZES), number=st.integers(0, 2))
    def add(self, size, number):
        path = self.folder / f"{number}.bin"
        if path not in self.history or not path.exists():
            path.write_bytes(random.Random(size).randbytes(size))
            self.history.setdefault(path, []).append(path.read_bytes())
        place = Destination("bucket", f"{len(self.wanted)}-{len(self.journal.ids())}/")
        batch = self.queue.add([path], place, PARTS, PROFILE)
        (row,) = self.journal.transfers(self.journal.ids(batch_id=batch.id))
        self.wanted[row.id] = row.destination.key
        assert self.queue.wait_until_idle(SECONDS)

    @rule(
        operation=st.sampled_from([*WRITES, "head", "list_parts"]),
        error=st.sampled_from(sorted(ERRORS)),
        times=st.integers(1, 3),
        reply_lost=st.booleans(),
    )
    def break_something(self, operation, error, times, reply_lost):
        lost = reply_lost and operation not in {"head", "list_parts"} and error == "unreachable"
        self.store.fail(operation, ERRORS[error](), times=times, reply_lost=lost)
        if lost and operation == "create_multipart":
            self.unnamed += times  # S3 has no Create that can be asked twice

    @rule(number=st.integers(0, 2), how=st.sampled_from(sorted(EDITS)))
    def edit(self, number, how):
        path = self.folder / f"{number}.bin"
        if path.exists():
            EDITS[how](path)
            if path.exists():
                self.history[path].append(path.read_bytes())

    @rule()
    def let_the_service_forget_its_uploads(self):
        for upload in self.store.open_uploads():
            del self.store.uploads[upload.multipart.upload_id]

    @rule()
    def sign_in(self):
        self.queue.release(PROFILE.id)
        assert self.queue.wait_until_idle(SECONDS)

    @rule(
        what=st.sampled_from(["pause", "resume", "retry", "cancel", "remove"]),
        choice=st.integers(0, 5),
    )
    def ask(self, what, choice):
        ids = self.journal.ids()
        if ids:
            chosen = ids[choice % len(ids)]
            getattr(self.queue, what)([chosen])
            assert self.queue.wait_until_idle(SECONDS)
            if what == "remove":
                self.wanted.pop(chosen)

    @rule(
        operation=st.sampled_from([*WRITES, *["upload_part"] * 3]),
        nth=st.integers(1, 4),
        what=st.sampled_from(["pause", "cancel", "edit", "edit", "close", "kill", "kill late"]),
        how=st.sampled_from(sorted(EDITS)),
    )
    def run(self, operation, nth, what, how):
        """Until nothing moves; at the n-th call of an operation something happens."""
        count = []

        def happen(call):
            count.append(call)
            if len(count) != nth:
                return
            if what in {"pause", "cancel"}:
                getattr(self.queue, what)(self.journal.ids())
            elif what == "edit":
                self.edit(int(Path(call.key).stem), how)
            elif what == "close":
                self.queue.close(0)
            elif what.startswith("kill"):
                self.life.is_over = True
                if what == "kill":
                    raise Killed
                self.unnamed += operation == "create_multipart"

        self.store.before[operation] = happen
        is_idle = self.start_and_wait()
        del self.store.before[operation]
        if self.life.is_over or what == "close":
            self.die()
            self.live()
        else:
            assert is_idle, "I7: it does not come to an end"

    def start_and_wait(self):
        """Returns whether everything came to an end, be it by a kill."""
        try:
            self.queue.start()
            return self.queue.wait_until_idle(SECONDS)
        except Killed:
            return True

    # What must be so after each step.

    @invariant()
    def completed_is_what_the_file_once_was(self):
        for row in self.rows():
            if row.state is TransferState.COMPLETED:
                assert self.object_at(row) in self.history[Path(row.source)], "I1"

    @invariant()
    def no_object_mixes_two_states(self):
        every_state = {data for states in self.history.values() for data in states}
        for found in self.store.buckets["bucket"].objects.values():
            assert found.data in every_state, "I2"

    @invariant()
    def no_saved_part_is_sent_again(self):
        assert self.sent_again == [], "I3"

    @invariant()
    def every_open_upload_has_a_name(self):
        named = {row.multipart.upload_id for row in self.rows() if row.multipart is not None}
        unknown = {each.multipart.upload_id for each in self.store.open_uploads()} - named
        assert len(unknown) <= self.unnamed, "I4"

    @invariant()
    def nothing_runs_for_ever(self):
        assert len(self.store.calls) <= MOST_CALLS_OF_A_ROW * (1 + len(self.wanted)) * 4, "I7"

    @invariant()
    def every_failure_says_what_it_is_and_no_row_is_lost(self):
        rows = {row.id: row for row in self.rows()}
        assert set(self.wanted) == set(rows)
        for row in rows.values():
            if row.state is TransferState.FAILED:
                assert row.failure.code != "unexpected", row.failure
                assert row.failure.message, "I8"
                assert row.failure.hint, "I8"

    def teardown(self):
        """When all is well again, every row ends well; nothing is left open."""
        if not hasattr(self, "store"):
            return
        try:
            self.store._faults.clear()
            for path in self.history:
                if not path.exists():
                    path.write_bytes(b"back again")
                    self.history[path].append(path.read_bytes())
            self.queue.start()
            self.queue.release(PROFILE.id)
            assert self.queue.wait_until_idle(SECONDS)
            self.queue.resume(self.journal.ids())
            assert self.queue.wait_until_idle(SECONDS)
            self.queue.retry(self.journal.ids())  # also what was found to be changed
            assert self.queue.wait_until_idle(SECONDS)
            for row in self.rows():
                if row.state is not TransferState.COMPLETED:
                    # Its object was made by a run that was killed, before the file was edited.
                    told = (row.state, row.failure and row.failure.code)
                    assert told == _MADE_BY_A_KILLED_RUN, (told, row.failure)
                assert self.object_at(row) in self.history[Path(row.source)]
            self.every_open_upload_has_a_name()
            self.no_saved_part_is_sent_again()
        finally:
            self.die()
            self.journal.close()
            self._folder.cleanup()


Uploads.TestCase.settings = settings(
    max_examples=int(os.environ.get("RELIABILITY_LIVES", "40")),
    stateful_step_count=14,
    deadline=None,
)
TestUploads = Uploads.TestCase
