"""What the service, and the queue, hold after a command."""

from s3gui.adapters.transfer_db import TransferDb
from s3gui.core.transfer import TransferState
from tests.fakes.object_store import FakeObjectStore

MIB = 1024**2


def keys(store: FakeObjectStore) -> set[str]:
    return set(store.buckets["bucket"].objects)


def kept_states(state) -> dict[TransferState, int]:
    journal = TransferDb(state.home / "transfers.sqlite")
    try:
        return {each: count.files for each, count in journal.counts().items()}
    finally:
        journal.close()
