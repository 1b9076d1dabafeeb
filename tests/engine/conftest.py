"""Uploads on the fake store, a queue in memory and small parts."""

import os
from concurrent.futures import ThreadPoolExecutor

import pytest

from s3gui.adapters.transfer_db import TransferDb
from s3gui.core.profile import Profile
from s3gui.core.provider import AWS, Limits, Provider
from s3gui.core.settings import MOST_AT_ONCE
from s3gui.core.transfer import Batch, Destination
from s3gui.engine.concurrency import Concurrency
from s3gui.engine.means import Means
from s3gui.engine.overlap import Overlap
from s3gui.engine.queue import Pools, TransferQueue
from s3gui.engine.room import Room
from tests.engine.sender import Sender
from tests.fakes.clock import FakeClock
from tests.fakes.object_store import FakeObjectStore

SMALL = Provider(
    "aws",
    AWS.title,
    limits=Limits(min_part_size=10, max_part_size=100, max_parts=50, max_object_size=4000),
    checksum="CRC64NVME",
    conditional_writes=True,
    conditional_replaces=True,
)


@pytest.fixture
def store():
    return FakeObjectStore(SMALL)


@pytest.fixture
def journal():
    journal = TransferDb(":memory:")
    journal.add_batch(Batch("test", Destination("bucket"), Profile("p", "P")))
    yield journal
    journal.close()


@pytest.fixture
def events():
    return []


@pytest.fixture
def pool():
    with ThreadPoolExecutor(4) as pool:
        yield pool


@pytest.fixture
def means(store, journal, events, pool):
    return Means(
        store=store,
        journal=journal,
        parts_executor=pool,
        publish=events.append,
        clock=FakeClock(),
        concurrency=Concurrency(MOST_AT_ONCE),
        overlap=Overlap(),
        room=Room(),
        parts_at_once=3,
    )


@pytest.fixture
def data():
    return os.urandom(95)


@pytest.fixture
def sender(means, tmp_path, data):
    path = tmp_path / "file.bin"
    path.write_bytes(data)
    return Sender(means, path)


@pytest.fixture
def pools():
    with ThreadPoolExecutor(3) as transfers, ThreadPoolExecutor(4) as parts:
        yield Pools(transfers, parts, files_at_once=3, parts_at_once=2)


@pytest.fixture
def queue(journal, store, pools, events):
    queue = TransferQueue(journal, lambda _: store, pools, events.append, FakeClock())
    yield queue
    queue.close()


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "run"
    for number in range(12):
        path = folder / f"{number % 3}" / f"{number:02}.bin"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(os.urandom(25 + number))
    return folder
