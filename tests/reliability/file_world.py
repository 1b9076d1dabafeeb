"""A queue in memory before a store in memory, and small parts."""

from concurrent.futures import ThreadPoolExecutor

from s3gui.adapters.transfer_db import TransferDb
from s3gui.core.profile import Profile
from s3gui.core.provider import AWS, Limits, Provider
from s3gui.core.transfer import Destination, UploadOptions
from s3gui.engine.queue import Pools, TransferQueue
from tests.fakes.clock import FakeClock
from tests.fakes.object_store import FakeObjectStore

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


def code(row):
    return row.failure and row.failure.code
