"""Gives one uploading process after another: forked from one that has loaded everything.

So a life costs milliseconds, and a thousand kills minutes. Called with the queue's file; the
secret access key comes as the first line of standard input, then a line for each life: empty, or
the path of a named pipe, whose opening the life waits for. Says `born` with the process id, and
`ended` with the status: 0 when all was done, the negative number of a signal when it was killed.
"""

from __future__ import annotations

import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from s3gui.adapters.transfer_db import TransferDb
from s3gui.core.transfer import TransferState
from s3gui.engine.clock import SystemClock
from s3gui.engine.ports import ObjectStore
from s3gui.engine.queue import Pools, TransferQueue
from tests.support.upload_world import FILES_OF_CHILD, PARTS_OF_CHILD, connect_small

_LONGEST_SECONDS = 120


def main() -> None:
    queue_file, secret = Path(sys.argv[1]), sys.stdin.readline().strip()
    journal = TransferDb.open(queue_file)
    [batch] = journal.batches(1)
    journal.close()
    part_bytes = int(sys.argv[2])
    store = connect_small(batch.profile, secret, part_bytes=part_bytes)
    for line in sys.stdin:
        assert threading.active_count() == 1, "a fork takes one thread along only"
        child = os.fork()
        if child == 0:
            _live_and_exit(queue_file, store, line.strip())
        _say(f"born {child}")
        _, status = os.waitpid(child, 0)
        _say(f"ended {os.waitstatus_to_exitcode(status)}")


def _live_and_exit(queue_file: Path, store: ObjectStore, pipe: str) -> None:
    status = 70
    try:
        if pipe:
            Path(pipe).read_bytes()
        status = _live(queue_file, store)
    finally:
        os._exit(status)


def _live(queue_file: Path, store: ObjectStore) -> int:
    journal = TransferDb.open(queue_file)
    with (
        ThreadPoolExecutor(FILES_OF_CHILD) as transfers,
        ThreadPoolExecutor(PARTS_OF_CHILD) as parts,
    ):
        pools = Pools(transfers, parts, FILES_OF_CHILD, PARTS_OF_CHILD)
        queue = TransferQueue(journal, lambda _: store, pools, lambda _: None, SystemClock())
        queue.start()
        is_idle = queue.wait_until_idle(_LONGEST_SECONDS)
        queue.close()
    counts = queue.counts()
    journal.close()
    left = sum(count.files for state, count in counts.items() if state.is_active)
    return 0 if is_idle and left == 0 and TransferState.QUEUED not in counts else 1


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
