"""Figure G1: kills at random moments and at chosen system calls; the ledger is the judge."""

from __future__ import annotations

import random
import time
from collections import Counter
from pathlib import Path

from s3gui.adapters.transfer_db import TransferDb
from s3gui.core.profile import Profile
from s3gui.core.transfer import Batch, Destination, Transfer, TransferState, UploadOptions
from s3gui.engine.clock import SystemClock
from s3gui.engine.leftovers import Leftovers, Owner
from s3gui.practice import AFTER_BODY, BEFORE_BODY, Limits, PracticeServer, delay
from s3gui.practice.ledger import Commit
from tests.stress.etags import etag_of_parts, etag_of_whole
from tests.stress.figure import Outcome
from tests.support.lives import (
    AfterSeconds,
    AtSystemCall,
    Death,
    Lives,
    why_no_kills_at_system_calls,
)
from tests.support.upload_world import BUCKET, PARTS_OF_CHILD, connect_small

PART = 16 * 1024
_LONGEST_LIFE_SECONDS = 0.4
_MOST_LIVES_OF_A_BATCH = 400
_SETTLING_SECONDS = 30
_SHARE_OF_HURRIED_LIVES = 0.3
"""Begun while the server still works on requests of the life before."""

_SIZES_IN_PARTS = (0.0, 0.3, 0.9, 1.0, 2.5, 4.0, 6.2, 9.0)
_SYSTEM_CALLS = {
    "fdatasync": 60,
    "pwrite64": 200,
    "pread64": 200,
    "sendto": 80,
    "recvfrom": 80,
    "connect": 6,
    "openat": 40,
    "close": 40,
}
"""Where the database and the network are written and read, and up to which call of a life."""


def run_kills(folder: Path, kills: int, seed: int) -> Outcome:
    """At random moments."""
    return _KillLoop(folder, kills, seed).run()


def run_kills_at_system_calls(folder: Path, kills: int, seed: int) -> Outcome:
    reason = why_no_kills_at_system_calls()
    if reason:
        return Outcome(not_run=reason)
    return _KillLoop(folder, kills, seed, at_system_calls=True).run()


class _KillLoop:
    """Uploads folder after folder until that many kills have happened and all is done."""

    def __init__(
        self, folder: Path, kills: int, seed: int, *, at_system_calls: bool = False
    ) -> None:
        self._folder = folder
        self._kills = kills
        self._seed = seed
        self._at_system_calls = at_system_calls
        self._random = random.Random(seed)
        self._outcome = Outcome()
        self._queue_file = folder / "queue.sqlite"
        self._paths: list[Path] = []
        self._boundaries: list[int] = []
        self._hurried: set[int] = set()
        self._longest_life_seconds = _LONGEST_LIFE_SECONDS

    def run(self) -> Outcome:
        limits = Limits(minimum_part_bytes=PART)
        with PracticeServer(self._folder / "server", limits=limits) as server:
            self._server = server
            server.create_bucket(BUCKET)
            # So that kills find every request in every of its moments.
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
            self._paths = self._make_files()
            self._add_batch(0)
            secret = server.credentials.secret_access_key
            with Lives(self._queue_file, secret, PART) as lives:
                number = 0
                while not self._until_done(lives, number):
                    number += 1
                    self._add_batch(number)
            self._judge()
        return self._outcome

    def _make_files(self) -> list[Path]:
        files = self._folder / "files"
        files.mkdir()
        paths = []
        for number, parts in enumerate(_SIZES_IN_PARTS * 2):
            path = files / f"{number}.bin"
            path.write_bytes(self._random.randbytes(int(parts * PART)))
            paths.append(path)
        return paths

    def _add_batch(self, number: int) -> None:
        journal = TransferDb.open(self._queue_file)
        destination = Destination(BUCKET, f"{number}/")
        batch = journal.add_batch(Batch(str(number), destination, self._profile))
        journal.add_transfers(
            [
                Transfer(
                    batch_id=batch.id,
                    source=str(path),
                    destination=Destination(BUCKET, f"{number}/{path.name}"),
                    size=path.stat().st_size,
                    options=UploadOptions(part_size=PART),
                )
                for path in self._paths
            ]
        )
        journal.close()

    def _until_done(self, lives: Lives, number: int) -> bool:
        """Whether there were kills enough, and the batch is done as well."""
        for _ in range(_MOST_LIVES_OF_A_BATCH):
            death = self._death() if self._outcome.done < self._kills else None
            if self._random.random() < _SHARE_OF_HURRIED_LIVES:
                self._hurried.add(len(self._boundaries))
            else:
                self._let_requests_end()
            self._boundaries.append(self._server.ledger.count())
            status = lives.live(death)
            self._give_time(is_idle=self._server.ledger.count() == self._boundaries[-1])
            if status == 0:
                return self._outcome.done >= self._kills
            assert status == -9, f"seed {self._seed}: a life ended by itself with {status}"
            self._outcome.done += 1
            if isinstance(death, AtSystemCall):
                self._outcome.count(f"at {death.name}")
            self._look_for_false_done(number)
        raise AssertionError(f"seed {self._seed}: it never got done: {self._outcome}")

    def _give_time(self, *, is_idle: bool) -> None:
        """On a machine that is busy with others a life needs longer to get anywhere."""
        longest = self._longest_life_seconds * (1.3 if is_idle else 0.9)
        self._longest_life_seconds = min(max(longest, _LONGEST_LIFE_SECONDS), 10.0)

    def _let_requests_end(self) -> None:
        """Those of the life before, which the server still works on when its client is dead."""
        ends_by = time.monotonic() + _SETTLING_SECONDS
        while self._server.open_connections:
            assert time.monotonic() < ends_by, "the server never gets done with the dead"
            time.sleep(0.002)

    def _death(self) -> Death:
        if not self._at_system_calls:
            return AfterSeconds(self._random.uniform(0, self._longest_life_seconds))
        name = self._random.choice(list(_SYSTEM_CALLS))
        # As often between the 1st and the 10th as between the 10th and the 100th.
        return AtSystemCall(name, round(_SYSTEM_CALLS[name] ** self._random.random()))

    def _rows(self, number: int | None = None) -> list[Transfer]:
        journal = TransferDb.open(self._queue_file)
        rows = journal.transfers(journal.ids(batch_id=None if number is None else number + 1))
        journal.close()
        return rows

    def _look_for_false_done(self, number: int) -> None:
        commits = self._server.ledger.commits()
        committed = {commit.key: commit.size_bytes for commit in commits[-2 * len(self._paths) :]}
        for row in self._rows(number):
            is_done = row.state is TransferState.COMPLETED
            is_there = committed.get(row.destination.key) == row.size
            about = f"seed {self._seed}: a false “done” of {row.destination.key}"
            self._outcome.expect(is_there or not is_done, about)

    def _judge(self) -> None:
        outcome, ledger, rows = self._outcome, self._server.ledger, self._rows()
        outcome.expect(not ledger.unexpected(), "the server itself failed")
        outcome.count("transfers", len(rows))
        versions: dict[str, list[Commit]] = {}
        for commit in ledger.commits():
            versions.setdefault(commit.key, []).append(commit)
        etags = {str(path): _etags(path) for path in self._paths}
        for row in rows:
            about = f"seed {self._seed}, {row.destination.key}"
            found = versions.get(row.destination.key, [])
            is_done = row.state is TransferState.COMPLETED
            outcome.expect(is_done, f"{about}: lost: {row.state} {row.failure}")
            outcome.expect(len(found) == 1, f"{about}: {len(found)} versions")
            is_right = all(each.etag.strip('"') in etags[row.source] for each in found)
            outcome.expect(is_right, f"{about}: a wrong object")
        self._count_unnamed()
        self._count_resent()

    def _count_unnamed(self) -> None:
        """Those whose ids were on their way at the kill are known by the question, “probably”."""
        self._server.faults.clear()
        store = connect_small(self._profile, self._server.credentials.secret_access_key)
        journal = TransferDb.open(self._queue_file)
        leftovers = Leftovers(journal, lambda _profile: store, SystemClock())
        found = leftovers.find(self._profile, Destination(BUCKET), with_others=True).leftovers
        journal.close()
        owners = Counter(each.owner for each in found)
        self._outcome.count("uploads known by their question only", owners[Owner.PROBABLY_OURS])
        self._outcome.count("uploads left without a name", owners[Owner.OTHERS])
        self._outcome.expect(
            not owners[Owner.OTHERS], f"seed {self._seed}: {owners[Owner.OTHERS]} unnamed"
        )

    def _count_resent(self) -> None:
        """For each life, the parts that a later life sent again: at most those in flight."""
        life_of: dict[tuple[str | None, int | None], int] = {}
        resent: Counter[int] = Counter()
        boundaries = iter([*self._boundaries[1:], float("inf")])
        life, until = 0, next(boundaries)
        for record in self._server.ledger.records("UploadPart", status=200):
            while record.number > until:
                life, until = life + 1, next(boundaries)
            part = (record.upload_id, record.part_number)
            if part in life_of:
                resent[life_of[part]] += 1
            life_of[part] = life
        self._outcome.count("parts sent again", resent.total())
        patient = [count for life, count in resent.items() if life not in self._hurried]
        self._outcome.at_most("most parts sent again after one kill", max(patient, default=0))
        for life, count in resent.items():
            # What arrives late from the life before a hurried one counts as sent by that.
            most = PARTS_OF_CHILD * (2 if life in self._hurried else 1)
            about = f"seed {self._seed}, life {life}: {count} parts sent again"
            self._outcome.expect(count <= most, about)


def _etags(path: Path) -> set[str]:
    data = path.read_bytes()
    return {etag_of_whole(data), etag_of_parts(data, PART)}
