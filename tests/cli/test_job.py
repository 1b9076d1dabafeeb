from types import SimpleNamespace

import pytest

from s3gui.cli.job import ResumeJob, UploadJob
from s3gui.core.errors import JournalUnwritable


class FullQueue:
    """The queue of a disk that takes no change."""

    is_closed = False

    def counts(self, batch_id=None):
        return {}

    def start(self, batch_id=None):
        pass

    def pause(self, ids):
        raise JournalUnwritable

    cancel = pause

    def close(self, timeout_seconds):
        self.is_closed = True
        return True


@pytest.fixture
def workspace():
    transfers = SimpleNamespace(ids=lambda **_: [1])
    return SimpleNamespace(queue=FullQueue(), transfers=transfers)


@pytest.mark.parametrize("is_kept", [True, False])
@pytest.mark.row("D-03")
def test_an_upload_leaves_off_although_a_full_disk_cannot_note_it(workspace, is_kept) -> None:
    job = UploadJob(workspace, lambda _stop: SimpleNamespace(id=1), is_kept=is_kept)
    job._start(1)
    assert job.leave_off(1.0)
    assert workspace.queue.is_closed


@pytest.mark.row("D-03")
def test_a_resume_leaves_off_although_a_full_disk_cannot_note_it(workspace) -> None:
    assert ResumeJob(workspace, lambda _event: None, with_failed=False).leave_off(1.0)
    assert workspace.queue.is_closed
