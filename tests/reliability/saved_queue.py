"""A queue as a process that ended left it."""

from s3gui.adapters.transfer_db import TransferDb
from s3gui.core.profile import Profile
from s3gui.core.transfer import Batch, Destination, Transfer

# D-04: the queue is damaged, or gone.


def a_queue(path, rows=30):
    journal = TransferDb.open(path)
    batch = journal.add_batch(Batch("b", Destination("bucket", ""), Profile("p", "P")))
    journal.add_transfers(
        [Transfer(batch.id, f"/x/{n}", Destination("bucket", f"{n}")) for n in range(rows)]
    )
    journal.close()
