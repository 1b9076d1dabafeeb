"""Row D-01: what is saved comes before what relies on it, on one tape of both sides."""

import pytest

from s3gui.adapters.transfer_db import TransferDb
from s3gui.core.transfer import TransferState
from s3gui.practice import Faults, Ledger
from tests.support.upload_world import completed, upload_world


class Tape:
    """What happened on both sides, in one order."""

    def __init__(self) -> None:
        self.entries: list[tuple[object, ...]] = []

    def index(self, *entry: object) -> int:
        return self.entries.index(entry)


class TapedFaults(Faults):
    """Asked once at the start of each request."""

    def __init__(self, tape: Tape) -> None:
        super().__init__()
        self._tape = tape

    def meet(self, operation, bucket, key, part_number):
        self._tape.entries.append(("asked", operation, part_number))
        return super().meet(operation, bucket, key, part_number)


class TapedLedger(Ledger):
    """Written at the end of each request, before its answer leaves."""

    def __init__(self, tape: Tape) -> None:
        super().__init__()
        self._tape = tape

    def append(self, **fields):
        self._tape.entries.append(("answered", fields["operation"], fields["part_number"]))
        return super().append(**fields)


class TapedJournal(TransferDb):
    """Notes what is committed, after it is."""

    tape: Tape

    def save(self, transfer):
        super().save(transfer)
        self.tape.entries.append(("saved", transfer.state, transfer.multipart is not None))

    def forget_asked(self, asked_id, *, named_by=None):
        super().forget_asked(asked_id, named_by=named_by)
        if named_by is not None:
            self.tape.entries.append(("saved", named_by.state, named_by.multipart is not None))

    def save_parts(self, transfer_id, parts, sent_bytes):
        super().save_parts(transfer_id, parts, sent_bytes)
        self.tape.entries += [("saved part", part.number) for part in parts]


@pytest.mark.row("D-01")
def test_what_is_saved_comes_before_what_relies_on_it(tmp_path):
    tape = Tape()
    journal = TapedJournal(tmp_path / "queue.sqlite")
    journal.tape = tape
    with upload_world(
        tmp_path, journal=journal, ledger=TapedLedger(tape), faults=TapedFaults(tape)
    ) as world:
        path = world.file()
        world.upload(path)
        assert completed(world)
        world.check()
    preparing, finishing = TransferState.PREPARING, TransferState.FINISHING
    upload_saved = tape.index("saved", preparing, True)
    assert tape.index("answered", "CreateMultipartUpload", None) < upload_saved
    for number in range(1, 5):
        assert upload_saved < tape.index("asked", "UploadPart", number)
        saved = tape.index("saved part", number)
        assert tape.index("answered", "UploadPart", number) < saved
        assert saved < tape.index("saved", finishing, True)
    complete = tape.index("asked", "CompleteMultipartUpload", None)
    assert tape.index("saved", finishing, True) < complete
    verifying = tape.index("saved", TransferState.VERIFYING, True)
    assert tape.index("answered", "CompleteMultipartUpload", None) < verifying
    assert verifying < tape.index("saved", TransferState.COMPLETED, False)
