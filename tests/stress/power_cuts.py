"""Figure G6: the queue after power cuts, simulated at the level of disk sectors.

SQLite syncs its log before a change is acknowledged, the database before the log is begun anew,
and the log's new header before what follows it (wal.c, sqlite3WalFrames). Between two
acknowledgements a cut may therefore leave any part of the log's new sectors with the old database,
or the whole new log with any part of the database's.
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

from s3gui.adapters.transfer_db import TransferDb
from s3gui.core.checksum import Checksum
from s3gui.core.profile import Profile
from s3gui.core.transfer import Batch, CompletedPart, Destination, Transfer, TransferState
from tests.stress.figure import Outcome

SECTOR = 512
LOG_HEADER = 32
_CUTS_OF_ONE_RECORDING = 250
_CHANGES = 200
_SHARE_AT_CHECKPOINTS = 0.4
"""Of the cuts: when the database itself is written."""


def run_power_cuts(folder: Path, count: int, seed: int) -> Outcome:
    outcome = Outcome()
    chance = random.Random(seed)
    with _quick_folder(folder) as quick:
        recording = 0
        while outcome.done < count:
            place = quick / str(recording)
            place.mkdir()
            recorder = Recorder(place, chance, _CHANGES)
            cuts = min(_CUTS_OF_ONE_RECORDING, count - outcome.done)
            for _ in range(cuts):
                _cut(recorder, place / "after", chance, f"seed {seed}", outcome)
            recording += 1
    return outcome


@contextmanager
def _quick_folder(folder: Path) -> Iterator[Path]:
    """In memory where that can be: the disk that is cut off is a simulated one anyway."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else folder) as place:
        yield Path(place)


def _cut(
    recorder: Recorder, folder: Path, chance: random.Random, seed: str, outcome: Outcome
) -> None:
    number = chance.randrange(len(recorder.states) - 1)
    if chance.random() < _SHARE_AT_CHECKPOINTS:
        number = chance.choice(recorder.checkpoints)
    (old, old_log, before), (new, new_log, after) = recorder.states[number : number + 2]
    folder.mkdir()
    place = folder / "transfers.sqlite"
    log = place.with_name(place.name + "-wal")
    if old == new or chance.random() < 0.5:
        place.write_bytes(old)
        log.write_bytes(torn_log(old_log, new_log, chance))
        allowed = (before, after)
    else:
        place.write_bytes(torn(old, new, chance))
        log.write_bytes(new_log)
        allowed = (after,)
        outcome.count("with the database being written")
    journal = TransferDb.open(place)
    about = f"{seed}, cut {outcome.done}, after change {number}"
    outcome.expect(journal.set_aside is None, f"{about}: taken for damaged")
    is_sound = journal._read("PRAGMA integrity_check") == [("ok",)]
    outcome.expect(is_sound, f"{about}: corrupt")
    outcome.expect(content(journal) in allowed, f"{about}: an acknowledged change is lost")
    journal._writer.execute("PRAGMA synchronous = OFF")  # to be quick
    journal.close()
    for each in folder.iterdir():
        each.unlink()
    folder.rmdir()
    outcome.done += 1


def content(journal):
    """All that the queue remembers."""
    rows = journal.transfers(journal.ids())
    return (
        sorted(journal.batches(999), key=lambda batch: batch.id),
        rows,
        {row.id: journal.parts(row.id) for row in rows},
        journal.counts(),
    )


def one_change(journal, chance):
    """One transaction of those the program makes, acknowledged when this returns."""
    ids, batches = journal.ids(), journal.batches(9)
    kind = chance.choice(["add", "save", "part", "part", "part", "states", "forget", "remove"])
    if not batches or (not ids and chance.random() < 0.5):
        journal.add_batch(Batch("b", Destination("bucket", ""), Profile("p", "P")))
    elif kind == "add" or not ids:
        rows = [
            Transfer(batches[0].id, f"/x/{number}", Destination("bucket", "k" * 40), size=9)
            for number in range(chance.choice([1, 3, 15]))
        ]
        journal.add_transfers(rows)
    elif kind == "save":
        row = journal.transfer(chance.choice(ids))
        state = chance.choice(list(TransferState))
        journal.save(replace(row, state=state, sent_bytes=chance.randrange(9)))
    elif kind == "part":
        part = CompletedPart(chance.randrange(1, 99), 5, "etag", Checksum("CRC32", "AAAAAA=="))
        journal.save_parts(chance.choice(ids), [part], 5)
    elif kind == "states":
        some = chance.sample(ids, min(5, len(ids)))
        journal.set_states(some, TransferState.QUEUED, only=set(TransferState))
    elif kind == "forget":
        journal.forget_parts(chance.choice(ids))
    else:
        journal.remove(chance.sample(ids, min(3, len(ids))))


class Recorder:
    """What the files of a queue held, byte by byte, after each change was acknowledged."""

    def __init__(self, folder, chance, changes):
        self.path = folder / "transfers.sqlite"
        journal = TransferDb.open(self.path)
        # A checkpoint every few changes: the moments at which both files are being written.
        journal._writer.execute("PRAGMA wal_autocheckpoint = 12")
        self.states = [self._look(journal)]
        for _ in range(changes):
            one_change(journal, chance)
            self.states.append(self._look(journal))
        journal.close()
        self.checkpoints = [
            number
            for number, (before, after) in enumerate(pairwise(self.states))
            if before[0] != after[0]
        ]

    def _look(self, journal):
        log = self.path.with_name(self.path.name + "-wal")
        return self.path.read_bytes(), log.read_bytes(), content(journal)


def torn(old, new, chance):
    """A file on its way from `old` to `new`: any of the changed sectors may have arrived."""
    result = bytearray(old)
    length = chance.choice([len(new), chance.randrange(len(new) + 1), max(len(old), len(new))])
    end = max(len(old), min(length, len(new)))
    result.extend(bytes(end - len(result)))
    share = chance.choice([0.1, 0.5, 0.9, 1.0])
    for start in range(0, end, SECTOR):
        if chance.random() < share:
            block = new[start : start + SECTOR]
            result[start : start + len(block)] = block
    if chance.random() < 0.1 and end > len(old):  # a length that came through, its bytes did not
        cut = chance.randrange(len(old), end + 1)
        del result[cut:]
    return bytes(result)


def torn_log(old, new, chance):
    """As `torn`; a log that is begun anew has its header synced before anything follows it."""
    begun = new[:LOG_HEADER] + old[LOG_HEADER:]
    if begun != old and chance.random() < 0.2:
        return chance.choice([old, begun])
    return torn(begun, new, chance)
