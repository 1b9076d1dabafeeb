"""Figure G4: a source that changes at any moment of its upload is never stored spliced."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

from s3gui.core.transfer import Destination, TransferState, UploadOptions
from tests.stress.etags import etag_of_parts, etag_of_whole
from tests.stress.figure import Outcome
from tests.support.upload_world import BUCKET, SECONDS, UploadWorld, upload_world

PART = 4 * 1024
_SIZES_IN_PARTS = (0, 0.5, 1, 5.5, 9.5)
_CALLS_BESIDE_PARTS = 3
"""Of a multipart upload: the look at the key, Create and Complete."""

_REQUESTS = frozenset(
    {"head", "put_object", "create_multipart", "upload_part", "complete_multipart"}
)
_EXPECTED_CODES = frozenset({"source-changed", "source-missing"})


def rewrite_in_place(path: Path) -> None:
    """The same size, and the times put back: what a careful cheat would do."""
    status = path.stat()
    with path.open("r+b") as file:
        file.write(bytes(status.st_size))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def append(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"more")


MUTATIONS: dict[str, Callable[[Path], object]] = {
    "append": append,
    "truncate": lambda path: os.truncate(path, path.stat().st_size // 2),
    "rewrite": rewrite_in_place,
    "replace": lambda path: path.with_suffix(".new").replace(path),
    "delete": lambda path: path.unlink(),
}


def run_mutations(folder: Path, count: int, seed: int) -> Outcome:
    """One file after another, changed as a random request to the service begins."""
    outcome = Outcome()
    chance = random.Random(seed)
    with upload_world(folder, part_bytes=PART) as world:
        with world.queue(parts_at_once=2) as queue:
            queue.start()
            while outcome.done < count:
                path = world.folder / f"{outcome.done}.bin"
                path.write_bytes(chance.randbytes(int(PART * chance.choice(_SIZES_IN_PARTS))))
                path.with_suffix(".new").write_bytes(chance.randbytes(path.stat().st_size))
                mutation = chance.choice(list(MUTATIONS))
                change = _Change(path, mutation, chance.randint(1, _calls_for(path)))
                world.stores[world.profile.id] = _ChangingStore(world.store, change)  # type: ignore[assignment]
                options = UploadOptions(part_size=PART)
                queue.add([path], Destination(BUCKET, ""), options, world.profile)
                about = f"seed {seed}, {path.name}, {mutation}"
                outcome.expect(queue.wait_until_idle(SECONDS), f"{about}: never done")
                outcome.expect(change.has_happened, f"{about}: it was not changed")
                _judge(world, change, path.name, about, outcome)
                outcome.done += 1
        outcome.expect(not world.server.ledger.unexpected(), "the server itself failed")
    return outcome


def _calls_for(path: Path) -> int:
    parts = -(-path.stat().st_size // PART)
    return 1 if parts <= 1 else parts + _CALLS_BESIDE_PARTS


class _Change:
    """The change of a file as the call that was chosen begins."""

    def __init__(self, path: Path, mutation: str, calls: int) -> None:
        self._path, self._mutation, self._calls_left = path, mutation, calls
        self.states = [path.read_bytes()]

    @property
    def has_happened(self) -> bool:
        return self._calls_left <= 0

    def count(self) -> None:
        self._calls_left -= 1
        if self._calls_left == 0:
            MUTATIONS[self._mutation](self._path)
            if self._path.exists():
                self.states.append(self._path.read_bytes())


class _ChangingStore:
    """Passes everything on, and lets the change count its requests."""

    def __init__(self, store: object, change: _Change) -> None:
        self._store = store
        self._change = change

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._store, name)
        if name in _REQUESTS:
            self._change.count()
        return found

    def heeding(self, *arguments: Any) -> _ChangingStore:
        return _ChangingStore(self._store.heeding(*arguments), self._change)  # type: ignore[attr-defined]


def _judge(world: UploadWorld, change: _Change, key: str, about: str, outcome: Outcome) -> None:
    row = world.journal.transfers(world.journal.ids())[-1]
    versions = world.server.ledger.commits(key=key)
    code = row.failure.code if row.failure is not None else "completed"
    outcome.count(code)
    is_completed = row.state is TransferState.COMPLETED
    outcome.expect(is_completed == (len(versions) == 1), f"{about}: {row.state}, {versions}")
    whole = {etag_of_whole(state) for state in change.states}
    parts = {etag_of_parts(state, PART) for state in change.states}
    for version in versions:
        outcome.expect(version.etag.strip('"') in whole | parts, f"{about}: a spliced object")
    is_expected = is_completed or code in _EXPECTED_CODES
    outcome.expect(is_expected, f"{about}: {row.state} {row.failure}")
