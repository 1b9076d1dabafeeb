"""A cancel of many that a kill interrupts goes on at the next start, and is about nothing else."""

import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from s3gui.adapters.transfer_db import TransferDb
from s3gui.core.errors import JournalUnwritable
from s3gui.core.profile import Profile
from s3gui.core.transfer import (
    Batch,
    Destination,
    MultipartUpload,
    Transfer,
    TransferState,
    UploadOptions,
)
from s3gui.engine.queue import Pools, TransferQueue
from tests.fakes.clock import FakeClock
from tests.fakes.object_store import FakeObjectStore

ROOT = Path(__file__).parents[2]
SECONDS = 20
BUCKET = Destination("bucket")


@pytest.fixture
def store():
    return FakeObjectStore()


@pytest.fixture
def path(tmp_path):
    return tmp_path / "transfers.sqlite"


def fill(journal, rows, **fields):
    batch = journal.add_batch(Batch("b", BUCKET, Profile("p", "P")))
    return journal.add_transfers(
        [
            Transfer(batch.id, f"/x/{n}", Destination("bucket", f"{n}"), **fields)
            for n in range(rows)
        ]
    )


@contextmanager
def a_queue(journal, store):
    with ThreadPoolExecutor(2) as transfers, ThreadPoolExecutor(2) as parts:
        pools = Pools(transfers, parts, 2, 2)
        queue = TransferQueue(journal, lambda _: store, pools, lambda _: None, FakeClock())
        try:
            yield queue
        finally:
            queue.close()


_KILLED_IN_THE_MIDDLE = """
import os, signal, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from s3gui.adapters.transfer_db import TransferDb
from tests.fakes.object_store import FakeObjectStore
from tests.reliability.test_cancelling import a_queue

journal = TransferDb.open(Path(sys.argv[2]))
change = journal.set_states

def change_once(*arguments, **more):
    journal.set_states = lambda *_arguments, **_more: os.kill(os.getpid(), signal.SIGKILL)
    return change(*arguments, **more)

journal.set_states = change_once
with a_queue(journal, FakeObjectStore()) as queue:
    queue.cancel_all()
"""


@pytest.mark.row("P-01")
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="there is no SIGKILL here")
def test_a_cancel_of_all_that_was_killed_in_the_middle_goes_on_and_sends_nothing(path, store):
    with closing(TransferDb.open(path)) as journal:
        ids = fill(journal, 12_000)
    killed = subprocess.run(
        [sys.executable, "-c", _KILLED_IN_THE_MIDDLE, str(ROOT), str(path)],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    with closing(TransferDb.open(path)) as journal:
        assert len(journal.ids(states={TransferState.QUEUED})) == 2_000
        with a_queue(journal, store) as queue:
            queue.start()
            assert queue.wait_until_idle(SECONDS)
        assert journal.ids(states={TransferState.CANCELLED}) == ids
        assert store.calls == []
        assert journal.cancels() == {}


def test_what_ran_is_not_sent_on_and_what_was_open_is_dropped_at_the_next_start(path, store):
    with closing(TransferDb.open(path)) as journal:
        multipart = store.create_multipart(Destination("bucket", "0"), UploadOptions())
        running, _other = fill(
            journal, 2, multipart=MultipartUpload("bucket", "0", multipart.upload_id)
        )
        journal.set_states([running], TransferState.RUNNING, only=[TransferState.QUEUED])
        journal.save_cancel([running])  # and then it was killed
        journal.remove([_other])
        with a_queue(journal, store) as queue:
            queue.start()
            assert queue.wait_until_idle(SECONDS)
        assert journal.transfer(running).state is TransferState.CANCELLED
        assert store.open_uploads() == []
        assert journal.cancels() == {}


def test_a_start_of_one_batch_leaves_the_intention_about_others_alone(path, store):
    with closing(TransferDb.open(path)) as journal:
        ids = fill(journal, 3)
        journal.save_cancel(ids)
        with a_queue(journal, store) as queue:
            queue.start(batch_id=7)
            assert queue.wait_until_idle(SECONDS)
        assert journal.ids(states={TransferState.QUEUED}) == ids
        assert journal.cancels() == {1: ids}


def test_a_cancel_that_is_over_leaves_nothing_that_would_take_a_retry_back(path, store, tmp_path):
    (tmp_path / "x").write_bytes(b"x")
    with closing(TransferDb.open(path)) as journal:
        with a_queue(journal, store) as queue:
            queue.add([tmp_path / "x"], BUCKET, UploadOptions(), Profile("p", "P"))
            queue.cancel_all()
            queue.retry(journal.ids())
            assert journal.cancels() == {}
        with a_queue(journal, store) as queue:
            queue.start()
            assert queue.wait_until_idle(SECONDS)
        assert journal.transfers(journal.ids())[0].state is TransferState.COMPLETED


def test_until_an_upload_is_dropped_the_intention_is_about_it_alone(path, store):
    asked, go_on = threading.Event(), threading.Event()

    def wait(_call):
        asked.set()
        assert go_on.wait(SECONDS)

    with closing(TransferDb.open(path)) as journal:
        fill(journal, 5)
        multipart = store.create_multipart(Destination("bucket", "0"), UploadOptions())
        [has_one] = fill(journal, 1, multipart=multipart)
        store.before["abort_multipart"] = wait
        with a_queue(journal, store) as queue:
            queue.cancel_all()
            assert asked.wait(SECONDS)
            assert list(journal.cancels().values()) == [[has_one]]
            go_on.set()
            assert queue.wait_until_idle(SECONDS)
            assert journal.cancels() == {}
        assert store.open_uploads() == []


def test_a_cancel_that_the_disk_refused_is_not_carried_out_later(path, store, monkeypatch):
    with closing(TransferDb.open(path)) as journal:
        ids = fill(journal, 3)

        def refuse(*_arguments, **_more):
            raise JournalUnwritable

        with a_queue(journal, store) as queue:
            monkeypatch.setattr(journal, "set_states", refuse)
            with pytest.raises(JournalUnwritable):
                queue.cancel_all()
            monkeypatch.undo()
        assert journal.cancels() == {}
        assert journal.ids(states={TransferState.QUEUED}) == ids
