"""Rows D-07 and G16: processes that race for the queue, and an owner that is killed."""

import contextlib
import subprocess
import sys
from pathlib import Path

import pytest

from s3gui.adapters.transfer_db import QueueInUse, TransferDb

ROOT = Path(__file__).parents[2]


_RACER = """
import sys
from pathlib import Path
from s3gui.adapters.transfer_db import QueueInUse, TransferDb
for line in sys.stdin:
    journal = None
    try:
        journal = TransferDb.open(Path(line.strip()))
        print("owner", flush=True)
    except QueueInUse:
        print("refused", flush=True)
    sys.stdin.readline()
    if journal is not None:
        journal.close()
    print("closed", flush=True)
"""


@contextlib.contextmanager
def racers(number):
    command = [sys.executable, "-c", _RACER]
    with contextlib.ExitStack() as stack:
        processes = [
            stack.enter_context(
                subprocess.Popen(
                    command, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
                )
            )
            for _ in range(number)
        ]
        yield processes
        for each in processes:
            each.stdin.close()


def tell(process, line):
    process.stdin.write(f"{line}\n")
    process.stdin.flush()


@pytest.mark.row("D-07")
def test_of_processes_that_race_for_the_queue_one_owns_it_each_time(tmp_path):
    """The small form of figure G16."""
    with racers(3) as processes:
        for race in range(20):
            path = tmp_path / str(race % 2) / "transfers.sqlite"  # new at first, then used
            for each in processes:
                tell(each, path)
            answers = [each.stdout.readline().strip() for each in processes]
            assert sorted(answers) == ["owner", "refused", "refused"], race
            for each in processes:
                tell(each, "close")
            assert [each.stdout.readline().strip() for each in processes] == ["closed"] * 3
    for number in (0, 1):
        with contextlib.closing(TransferDb.open(tmp_path / str(number) / "transfers.sqlite")) as db:
            assert db.set_aside is None


@pytest.mark.row("D-07")
def test_the_queue_of_a_killed_owner_is_free_at_once(tmp_path):
    path = tmp_path / "transfers.sqlite"
    with racers(1) as (owner,):
        tell(owner, path)
        assert owner.stdout.readline() == "owner\n"
        with pytest.raises(QueueInUse):
            TransferDb.open(path)
        owner.kill()
        owner.wait()
        TransferDb.open(path).close()
