"""A queue's rows, and a gate for their parts."""

import threading

from s3gui.core.profile import Profile
from s3gui.core.transfer import Destination, UploadOptions

PROFILE = Profile("p", "P")
HERE = Destination("bucket", "raw/")
PARTS = UploadOptions(part_size=10)
SECONDS = 20


def ids_of(journal, batch):
    return journal.ids(batch_id=batch.id)


def states(journal, batch):
    return {each.state for each in journal.transfers(ids_of(journal, batch))}


class Gate:
    """Holds every part until the test lets them go."""

    def __init__(self, store):
        self.reached = threading.Event()
        self.open = threading.Event()
        store.before["upload_part"] = self._pass

    def _pass(self, _):
        self.reached.set()
        assert self.open.wait(SECONDS)
