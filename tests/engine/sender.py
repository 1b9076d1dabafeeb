"""Sends a file of small parts, as often as a test wants."""

from s3gui.core.transfer import Destination, Transfer, UploadOptions
from s3gui.engine.source import FileSource
from s3gui.engine.stop import Stop
from s3gui.engine.upload import upload

HERE = Destination("bucket", "raw/file.bin")
PARTS = UploadOptions(part_size=10)


class Sender:
    """Sends one file, as often as a test wants."""

    def __init__(self, means, path):
        self.means = means
        self.path = path
        self.stop = Stop()
        self.transfer = None

    def add(self, options=PARTS, destination=HERE):
        row = Transfer(1, str(self.path), destination, options=options)
        (saved,) = self.means.journal.add_transfers([row])
        self.transfer = self.means.journal.transfer(saved)

    def send(self, options=PARTS, destination=HERE):
        if self.transfer is None:
            self.add(options, destination)
        current = self.means.journal.transfer(self.transfer.id)
        with FileSource(self.path) as source:
            return upload(current, source, self.means, self.stop)

    @property
    def saved(self):
        return self.means.journal.transfer(self.transfer.id)
