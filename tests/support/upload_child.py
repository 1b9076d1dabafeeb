"""A process that goes on with a queue until it is done, or until it is killed.

Called with the queue's file, the endpoint and the access key id; the secret access key comes by
standard input. Says `ready` once the queue runs.
"""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from s3gui.adapters.transfer_db import TransferDb
from s3gui.core.transfer import TransferState
from s3gui.engine.clock import SystemClock
from s3gui.engine.queue import Pools, TransferQueue
from tests.support.upload_world import FILES_OF_CHILD, PARTS_OF_CHILD, connect_small

_LONGEST_SECONDS = 300


def main() -> int:
    queue_file, secret = sys.argv[1], sys.stdin.readline().strip()
    journal = TransferDb.open(Path(queue_file))
    stores = {
        batch.profile.id: connect_small(batch.profile, secret) for batch in journal.batches(1)
    }
    with (
        ThreadPoolExecutor(FILES_OF_CHILD) as transfers,
        ThreadPoolExecutor(PARTS_OF_CHILD) as parts,
    ):
        pools = Pools(transfers, parts, FILES_OF_CHILD, PARTS_OF_CHILD)
        queue = TransferQueue(
            journal, lambda profile: stores[profile.id], pools, lambda _: None, SystemClock()
        )
        queue.start()
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        is_idle = queue.wait_until_idle(_LONGEST_SECONDS)
        queue.close()
    counts = queue.counts()
    journal.close()
    left = sum(count.files for state, count in counts.items() if state.is_active)
    queued = counts.get(TransferState.QUEUED)
    return 0 if is_idle and left == 0 and (queued is None or queued.files == 0) else 1


if __name__ == "__main__":
    raise SystemExit(main())
