"""Kills an uploading process at random moments until all is there; the ledger is the judge."""

from __future__ import annotations

import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

from s3gui.adapters.transfer_db import TransferDb
from s3gui.core.profile import Profile
from s3gui.core.transfer import Batch, Destination, Transfer, TransferState
from s3gui.practice import AFTER_BODY, BEFORE_BODY, Limits, PracticeServer, delay
from tests.support.upload_world import (
    BUCKET,
    FILES_OF_CHILD,
    PART,
    PARTS_OF_CHILD,
    connect_small,
    in_parts,
)

_TOP = Path(__file__).parents[2]
_LONGEST_LIFE_SECONDS = 0.6
_MOST_LIVES_WITHOUT_A_KILL = 400
_SIZES_IN_PARTS = (0.0, 0.3, 0.9, 1.0, 2.5, 4.0, 6.2, 9.0)


@dataclass
class KillReport:
    """`resent` counts, for each life of the process, the parts that a later life sent again."""

    seed: int
    kills: int = 0
    files: int = 0
    wrong_objects: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    false_done: list[str] = field(default_factory=list)
    several_versions: list[str] = field(default_factory=list)
    resent: dict[int, int] = field(default_factory=dict)
    unnamed_uploads: int = 0

    def as_json(self) -> dict[str, object]:
        return {**asdict(self), "most_resent_after_one_kill": max(self.resent.values(), default=0)}

    def check(self) -> None:
        """Figure G1. Raises AssertionError, with the seed."""
        assert not self.wrong_objects, self
        assert not self.lost, self
        assert not self.false_done, self
        assert not self.several_versions, self
        assert all(count <= PARTS_OF_CHILD for count in self.resent.values()), self
        # Uploads whose ids were on their way at the kill: only a listing can name them.
        assert self.unnamed_uploads <= self.kills * FILES_OF_CHILD, self


def run_kills(folder: Path, kills: int, seed: int) -> KillReport:
    """Uploads folder after folder until that many kills have happened and all is done."""
    return _KillLoop(folder, kills, seed).run()


class _KillLoop:
    def __init__(self, folder: Path, kills: int, seed: int) -> None:
        self._folder = folder
        self._kills = kills
        self._random = random.Random(seed)
        self._report = KillReport(seed)
        self._queue_file = folder / "queue.sqlite"
        self._boundaries: list[int] = []

    def run(self) -> KillReport:
        with PracticeServer(
            self._folder / "server", limits=Limits(minimum_part_bytes=PART)
        ) as server:
            self._server = server
            server.create_bucket(BUCKET)
            for operation in ("UploadPart", "PutObject"):
                server.faults.add(delay(0.02, AFTER_BODY), operation=operation, times=None)
            server.faults.add(delay(0.02, BEFORE_BODY), times=None)
            self._profile = Profile(
                id="child",
                name="child",
                provider_id="practice",
                endpoint_url=server.endpoint_url,
                region=server.region,
                access_key_id=server.credentials.access_key_id,
                allow_http=True,
            )
            self._paths = list(self._make_files())
            for number in range(self._kills + 1):
                self._add_batch(f"{number}/")
                self._until_done()
                if self._report.kills >= self._kills:
                    break
            self._judge()
        return self._report

    def _make_files(self) -> Iterator[Path]:
        files = self._folder / "files"
        files.mkdir()
        for number, parts in enumerate(_SIZES_IN_PARTS * 2):
            path = files / f"{number}.bin"
            path.write_bytes(self._random.randbytes(int(parts * PART)))
            yield path

    def _add_batch(self, prefix: str) -> None:
        journal = TransferDb.open(self._queue_file)
        destination = Destination(BUCKET, prefix)
        batch = journal.add_batch(Batch(prefix, destination, self._profile))
        journal.add_transfers(
            [
                Transfer(
                    batch_id=batch.id,
                    source=str(path),
                    destination=Destination(BUCKET, prefix + path.name),
                    size=path.stat().st_size,
                    options=in_parts(),
                )
                for path in self._paths
            ]
        )
        journal.close()

    def _until_done(self) -> None:
        for _ in range(_MOST_LIVES_WITHOUT_A_KILL):
            is_to_die = self._report.kills < self._kills
            if self._live(self._random.uniform(0, _LONGEST_LIFE_SECONDS) if is_to_die else None):
                return
            self._report.kills += 1
            self._look_for_false_done()
        raise AssertionError(f"it never got done: {self._report}")

    def _live(self, seconds: float | None) -> bool:
        """One life of the process; whether it got done. Killed after `seconds`, None: never."""
        command = [sys.executable, "-m", "tests.support.upload_child", self._queue_file]
        process = subprocess.Popen(
            command, cwd=_TOP, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert process.stdin is not None
        assert process.stdout is not None
        with process, process.stdout as said:
            process.stdin.write(self._server.credentials.secret_access_key + "\n")
            process.stdin.close()
            assert said.readline() == "ready\n"
            self._boundaries.append(self._server.ledger.count())
            try:
                return process.wait(seconds) == 0
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                return False

    def _rows(self) -> list[Transfer]:
        journal = TransferDb.open(self._queue_file)
        rows = journal.transfers(journal.ids())
        journal.close()
        return rows

    def _look_for_false_done(self) -> None:
        committed = {commit.key: commit.size_bytes for commit in self._server.ledger.commits()}
        for row in self._rows():
            if (
                row.state is TransferState.COMPLETED
                and committed.get(row.destination.key) != row.size
            ):
                self._report.false_done.append(row.destination.key)

    def _judge(self) -> None:
        report, ledger, rows = self._report, self._server.ledger, self._rows()
        assert ledger.unexpected() == []
        report.files = len(rows)
        store = connect_small(self._profile, self._server.credentials.secret_access_key)
        for row in rows:
            key = row.destination.key
            if row.state is not TransferState.COMPLETED:
                report.lost.append(f"{key}: {row.state} {row.failure}")
                continue
            seen = store.head(row.destination)
            expected = store.checksums.of([Path(row.source).read_bytes()])
            if seen is None or seen.checksum != expected:
                report.wrong_objects.append(key)
        commits = Counter(commit.key for commit in ledger.commits())
        report.several_versions = [key for key, count in commits.items() if count > 1]
        named = {row.multipart.upload_id for row in rows if row.multipart is not None}
        found = store.list_multipart_uploads(Destination(BUCKET, ""))
        report.unnamed_uploads = sum(each.multipart.upload_id not in named for each in found)
        self._count_resent()

    def _count_resent(self) -> None:
        known: set[tuple[str | None, int | None]] = set()
        life_of: dict[tuple[str | None, int | None], int] = {}
        resent: Counter[int] = Counter()
        for record in self._server.ledger.records("UploadPart", status=200):
            part = (record.upload_id, record.part_number)
            life = sum(boundary < record.number for boundary in self._boundaries)
            if part in known:
                resent[life_of[part]] += 1
            known.add(part)
            life_of[part] = life
        self._report.resent = dict(resent)
