"""A queue and a real `S3Store` against a practice server of its own, judged by its ledger.

The parts are small and nobody waits: pauses are noted and cut short.
"""

from __future__ import annotations

import random
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

from s3gui.adapters.s3 import S3Store, connect
from s3gui.adapters.s3_bounds import BOUNDS, Bounds
from s3gui.adapters.transfer_db import TransferDb
from s3gui.core.errors import Failure
from s3gui.core.events import Event, PartFailed, PartProgress, TransferChanged
from s3gui.core.profile import Credentials, Profile, Secret
from s3gui.core.provider import PROVIDERS
from s3gui.core.provider import Limits as ServiceLimits
from s3gui.core.transfer import Destination, Transfer, TransferState, UploadOptions
from s3gui.engine.queue import Pools, TransferQueue
from s3gui.engine.stop import Stop
from s3gui.practice import Faults, Ledger, Limits, PracticeServer
from tests.support.chaos.proxy import ChaosProxy

PART = 64 * 1024
BUCKET = "bucket"
SECONDS = 60
FILES_OF_CHILD = 3
PARTS_OF_CHILD = 4
"""How many at once `upload_child` sends."""


class HastyClock:
    """The real time, but no pause lasts longer than a hundredth of a second."""

    def __init__(self, seed: int = 1) -> None:
        self.pauses: list[float] = []
        self._random = random.Random(seed)

    def now(self) -> float:
        return time.time()

    def steady(self) -> float:
        return time.monotonic()

    def random(self) -> float:
        return self._random.random()

    def pause(self, seconds: float, stop: Stop) -> None:
        self.pauses.append(seconds)
        stop.wait(min(seconds, 0.01))
        stop.check()


class UploadWorld:
    """`provider_id` decides how the store speaks; the server is as strict as AWS."""

    def __init__(
        self,
        folder: Path,
        server: PracticeServer,
        provider_id: str,
        journal: TransferDb,
        bounds: Bounds = BOUNDS,
        part_bytes: int = PART,
        line: ChaosProxy | None = None,
    ) -> None:
        self.folder = folder
        self.part_bytes = part_bytes
        self.server = server
        self.line = line
        self.journal = journal
        self.clock = HastyClock()
        self.events: list[Event] = []
        self.overwritten_parts: frozenset[int] = frozenset()
        """Numbers of parts that a test changed, or denied, after the service took them."""
        self.foreign_keys: frozenset[str] = frozenset()
        self.profile = Profile(
            id="world",
            name="world",
            provider_id=provider_id,
            endpoint_url=server.endpoint_url if line is None else line.endpoint_url,
            region=server.region,
            access_key_id=server.credentials.access_key_id,
            allow_http=True,
        )
        secret = server.credentials.secret_access_key
        self.store = connect_small(self.profile, secret, bounds, part_bytes)
        self.stores = {self.profile.id: self.store}

    @contextmanager
    def queue(
        self, *, parts_at_once: int | None = 3, files_at_once: int | None = 3
    ) -> Iterator[TransferQueue]:
        """With None as many as the line takes."""
        with (
            ThreadPoolExecutor(files_at_once) as transfers,
            ThreadPoolExecutor(parts_at_once) as parts,
        ):
            pools = Pools(transfers, parts, files_at_once, parts_at_once)
            queue = TransferQueue(
                self.journal,
                lambda profile: self.stores[profile.id],
                pools,
                self.events.append,
                self.clock,
            )
            try:
                yield queue
            finally:
                assert queue.close(timeout_seconds=SECONDS)

    def file(self, name: str = "file.bin", parts: float = 4) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(random.Random(name).randbytes(int(parts * PART)))
        return path

    def upload(
        self,
        *paths: Path,
        options: UploadOptions | None = None,
        parts_at_once: int = 3,
        seconds: float = SECONDS,
    ) -> list[Transfer]:
        """Add the files, run them to their ends; returns the rows."""
        with self.queue(parts_at_once=parts_at_once) as queue:
            queue.start()
            queue.add(paths, Destination(BUCKET, ""), options or in_parts(), self.profile)
            assert queue.wait_until_idle(seconds)
        return self.rows()

    def rows(self) -> list[Transfer]:
        return self.journal.transfers(self.journal.ids())

    def row(self) -> Transfer:
        [row] = self.rows()
        return row

    def told_states(self) -> list[TransferState]:
        """In the order in which they were told, each once in a row."""
        states = [each.transfer.state for each in self.events if isinstance(each, TransferChanged)]
        return [each for number, each in enumerate(states) if states[number - 1 : number] != [each]]

    def read(self, key: str) -> bytes:
        """By a plain GET, which knows nothing of the store's classes."""
        url = self.store.presigned_url(Destination(BUCKET, key), 60)
        with urllib.request.urlopen(url) as answer:
            return answer.read()

    def open_uploads(self) -> set[str]:
        found = self.store.list_multipart_uploads(Destination(BUCKET, ""))
        return {each.multipart.upload_id for each in found}

    def requests(self, operation: str | None = None) -> int:
        return self.server.ledger.count(operation)

    def check(self) -> None:
        """The invariants I1 to I4 and I8, from what the server knows."""
        ledger = self.server.ledger
        assert ledger.unexpected() == []
        commits = ledger.commits(bucket=BUCKET)
        committed = {commit.key for commit in commits}
        rows = self.rows()
        for row in rows:
            if row.state is TransferState.COMPLETED:
                assert row.stored is not None
                assert self.read(row.destination.key) == Path(row.source).read_bytes()
            if row.state is TransferState.FAILED:
                assert row.failure is not None
                assert row.failure.code != "unexpected", row.failure
                assert row.failure.message
                assert row.failure.hint
        by_key = {row.destination.key: Path(row.source) for row in rows}
        for key in committed & set(by_key) - self.foreign_keys:
            assert self.read(key) == by_key[key].read_bytes(), "I2: no object mixes two states"
        assert_no_acknowledged_part_was_sent_again(self.server, self.overwritten_parts)
        named = {row.multipart.upload_id for row in rows if row.multipart is not None}
        assert self.open_uploads() <= named, "I4: an upload is open that the queue cannot name"
        for event in self.events:
            if isinstance(event, PartProgress):
                assert 0 <= event.sent <= event.size


def completed(world: UploadWorld) -> bool:
    """Whether all that is in the queue is."""
    return {row.state for row in world.rows()} == {TransferState.COMPLETED}


def failure_of(world: UploadWorld) -> Failure:
    """Of its one transfer, which must have failed."""
    row = world.row()
    assert row.state is TransferState.FAILED
    assert row.failure is not None
    return row.failure


def told(world: UploadWorld) -> list[str]:
    """What was said of parts that failed."""
    return [each.message for each in world.events if isinstance(each, PartFailed)]


@contextmanager
def upload_world(
    folder: Path,
    *,
    provider_id: str = "practice",
    journal: TransferDb | None = None,
    ledger: Ledger | None = None,
    faults: Faults | None = None,
    bounds: Bounds = BOUNDS,
    part_bytes: int = PART,
    line_seed: int | None = None,
    port: int = 0,
) -> Iterator[UploadWorld]:
    """Closes the journal. With `line_seed` the uploads go by a chaos proxy, `world.line`."""
    journal = journal or TransferDb(":memory:")
    small = Limits(minimum_part_bytes=part_bytes)
    try:
        with ExitStack() as ending:
            server = ending.enter_context(
                PracticeServer(folder / "server", port, limits=small, ledger=ledger, faults=faults)
            )
            line = None
            if line_seed is not None:
                line = ending.enter_context(ChaosProxy(server.port, seed=line_seed))
            server.create_bucket(BUCKET)
            files = folder / "files"
            files.mkdir()
            yield UploadWorld(files, server, provider_id, journal, bounds, part_bytes, line)
    finally:
        journal.close()


def connect_small(
    profile: Profile,
    secret_access_key: str,
    bounds: Bounds = BOUNDS,
    part_bytes: int = PART,
) -> S3Store:
    """A store whose service takes small parts."""
    secret = Secret(secret_access_key)
    store = connect(profile, Credentials(profile.access_key_id, secret), bounds=bounds)
    provider = PROVIDERS[profile.provider_id]
    small = ServiceLimits(
        min_part_size=part_bytes, max_part_size=100 * part_bytes, max_parts=10_000
    )
    store._provider = replace(provider, limits=small)
    return store


def in_parts(**options: object) -> UploadOptions:
    return UploadOptions(part_size=PART, **options)


def assert_no_acknowledged_part_was_sent_again(
    server: PracticeServer, overwritten: frozenset[int] = frozenset()
) -> None:
    """I3. A part counts as acknowledged when its answer, a 200, was sent."""
    acknowledged = server.ledger.records("UploadPart", status=200, error_code=None)
    sent = Counter((each.upload_id, each.part_number) for each in acknowledged)
    again = {
        part: count for part, count in sent.items() if count > 1 and part[1] not in overwritten
    }
    assert not again, f"I3: acknowledged parts were sent again: {again}"
