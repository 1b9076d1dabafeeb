"""Row D-03: the disk takes the bytes and then does not keep them, which only its sync tells."""

import contextlib
import pickle
import random
import subprocess
import sys
from pathlib import Path

import pytest

from s3gui.adapters.transfer_db import TransferDb
from tests.stress.figure import a_seed
from tests.stress.power_cuts import content
from tests.support.lives import why_no_kills_at_system_calls
from tests.support.synced_disk import CALLS, SyncedDisk
from tests.support.upload_world import SECONDS

ROOT = Path(__file__).parents[2]
_CHANGES = 40
_CUTS = 20

_CHANGING = """
import os, pickle, random, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from s3gui.adapters.transfer_db import TransferDb
from s3gui.core.errors import JournalUnwritable
from tests.stress.power_cuts import content, one_change

chance, states = random.Random(int(sys.argv[3])), []
journal = TransferDb.open(Path(sys.argv[2]))
journal._writer.execute("PRAGMA wal_autocheckpoint = 12")
states.append(content(journal))
for number in range(int(sys.argv[4])):
    before = content(journal)
    try:
        one_change(journal, chance)
    except JournalUnwritable as error:
        assert content(journal) == before, number
        assert "reports an error" in error.advice
        os.write(1, b"refused %d" % (len(states) - 1))
    else:
        states.append(content(journal))
        os.write(1, b"done %d" % (len(states) - 1))
Path(sys.argv[2]).with_name("states").write_bytes(pickle.dumps(states))
"""


@pytest.mark.row("D-03")
@pytest.mark.skipif(bool(why_no_kills_at_system_calls()), reason="needs strace")
def test_a_sync_that_fails_is_said_and_nothing_acknowledged_is_lost_when_the_power_goes_then(
    tmp_path,
):
    seed = a_seed()
    chance = random.Random(seed)
    home, log = tmp_path / "home", tmp_path / "calls"
    home.mkdir()
    # The first syncs make the queue.
    error = chance.choice(["EIO", "ENOSPC"])
    first, every = chance.randrange(24, 30), chance.randrange(3, 6)
    inject = f"inject=fdatasync:error={error}:when={first}+{every}"
    traced = ["strace", "-f", "-y", "-x", "-s", "9999", "-o", str(log), "-e", f"trace={CALLS}"]
    arguments = [str(ROOT), str(home / "transfers.sqlite"), str(seed), str(_CHANGES)]
    ended = subprocess.run(
        [*traced, "-e", inject, sys.executable, "-c", _CHANGING, *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        timeout=SECONDS,
    )
    assert ended.returncode == 0, f"seed {seed}: {ended.stderr}"
    states = pickle.loads((home / "states").read_bytes())
    disk, acknowledged, calls = SyncedDisk(chance), 0, log.read_text().splitlines()
    begun = next(number for number, call in enumerate(calls) if '"done ' in call)
    cuts = set(chance.sample(range(begun, len(calls)), _CUTS))
    for number, call in enumerate(calls):
        disk.play(call)
        if number not in cuts:
            continue
        place = tmp_path / str(number)
        place.mkdir()
        disk.cut_power(place)
        about = f"seed {seed}, call {number}, after “{disk.said}”"
        with contextlib.closing(TransferDb.open(place / "transfers.sqlite")) as journal:
            assert journal.set_aside is None, about
            assert journal._read("PRAGMA integrity_check") == [("ok",)], about
            found = content(journal)
        what, state = disk.said.split()
        if what == "done" and _following(calls[number + 1 :]) == "done":
            assert found in states[int(state) : int(state) + 2], about
            acknowledged += 1
        # Else a change that was refused may have come through: nobody relies on it.
    assert disk.failed_syncs > 3, seed
    assert acknowledged, seed


def _following(calls):
    """What is said next: whether the change that is under way is acknowledged."""
    words = (word for call in calls for word in ("done", "refused") if f'"{word} ' in call)
    return next(words, "done")
