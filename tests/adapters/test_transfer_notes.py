"""What is noted beside the queue, and how its owner takes it in."""

import contextlib
import os
import stat

import pytest

from s3gui.adapters import transfer_notes
from s3gui.adapters.transfer_notes import NotedTransfers, left_open
from s3gui.adapters.transfer_opening import open_transfers
from s3gui.core.errors import JournalUnwritable
from s3gui.core.profile import Profile
from s3gui.core.transfer import AskedUpload, Batch, Destination, MultipartUpload, Transfer

PROFILE = Profile("p", "P")
HERE = Destination("bucket", "ü/key")
ASKED = AskedUpload(PROFILE, HERE, 1000.0)


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "open-uploads"


@pytest.fixture
def noted(folder):
    with contextlib.closing(NotedTransfers(folder)) as noted:
        yield noted


@pytest.fixture
def row(noted):
    batch = noted.add_batch(Batch("b", Destination("bucket"), PROFILE))
    (row_id,) = noted.add_transfers([Transfer(batch.id, "-", HERE)])
    return noted.transfer(row_id)


def opened(row):
    return Transfer(row.batch_id, "-", HERE, id=row.id, multipart=MultipartUpload(*there("id-1")))


def there(upload_id):
    return HERE.bucket, HERE.key, upload_id


def die(noted):
    """As a kill does: the system takes the lock back, and nothing else happens."""
    noted._lock_of_note.release()


@pytest.mark.row("P-01")
def test_the_question_and_the_id_are_named_after_a_kill(tmp_path, folder, noted, row):
    asked_id = noted.save_asked(ASKED)
    die(noted)
    [question] = left_open(folder)
    assert (question.upload_id, question.destination, question.asked_at) == (None, HERE, 1000.0)
    noted.forget_asked(asked_id, named_by=opened(row))
    [named] = left_open(folder)
    assert (named.upload_id, named.profile, named.transfer) == ("id-1", PROFILE, None)
    with contextlib.closing(open_transfers(tmp_path, keep_queue=True)) as queue:
        assert [each.upload_id for each in queue.asked_uploads()] == ["id-1"]
        assert list(folder.iterdir()) == []
    with contextlib.closing(open_transfers(tmp_path, keep_queue=True)) as queue:
        assert [each.upload_id for each in queue.asked_uploads()] == ["id-1"]


def test_what_a_living_process_has_open_is_its_own(tmp_path, folder, noted, row):
    noted.forget_asked(noted.save_asked(ASKED), named_by=opened(row))
    assert left_open(folder) == []
    with contextlib.closing(open_transfers(tmp_path, keep_queue=True)) as queue:
        assert queue.asked_uploads() == []
    die(noted)
    assert len(left_open(folder)) == 1


def test_nothing_is_written_without_an_upload_in_parts_and_nothing_stays_after_one(
    folder, noted, row
):
    noted.save(row)
    assert not folder.exists()
    noted.forget_asked(noted.save_asked(ASKED), named_by=opened(row))
    assert len(list(folder.iterdir())) == 2
    noted.save(row)
    noted.close()
    assert list(folder.iterdir()) == []


def test_an_upload_that_the_process_could_not_drop_stays_named_when_it_ends(folder, noted, row):
    noted.forget_asked(noted.save_asked(ASKED), named_by=opened(row))
    noted.close()
    assert [each.upload_id for each in left_open(folder)] == ["id-1"]


@pytest.mark.parametrize("damage", [b"", b'[["', b'[[1, "{}", 2, 3, 4]]\n', b"\xff\n"])
def test_a_line_that_was_cut_or_damaged_leaves_the_one_before(folder, noted, row, damage):
    noted.save_asked(ASKED)
    [path] = folder.glob("*.jsonl")
    with path.open("ab") as file:
        file.write(damage)
    die(noted)
    assert [each.destination for each in left_open(folder)] == [HERE]


@pytest.mark.row("D-03")
@pytest.mark.parametrize("call", ["open", "write", "fsync"])
def test_where_nothing_can_be_noted_nothing_is_asked(noted, monkeypatch, call):
    def refuse(*_arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(transfer_notes.os, call, refuse)
    with pytest.raises(JournalUnwritable):
        noted.save_asked(ASKED)
    assert noted.asked_uploads() == []


@pytest.mark.row("D-03")
def test_a_line_that_a_full_disk_cut_off_is_refused_and_does_not_spoil_the_next(
    folder, noted, row, monkeypatch
):
    write, room = os.write, [30]

    def until_full(file, content):
        if not room[0]:
            raise OSError(28, "No space left on device")
        count = write(file, bytes(content)[: room[0]])
        room[0] -= count
        return count

    with monkeypatch.context() as full:
        full.setattr(transfer_notes.os, "write", until_full)
        with pytest.raises(JournalUnwritable):
            noted.save_asked(ASKED)
    noted.forget_asked(noted.save_asked(ASKED), named_by=opened(row))
    die(noted)
    assert [each.upload_id for each in left_open(folder)] == ["id-1"]


def test_a_driver_without_a_home_uploads_all_the_same(tmp_path):
    (tmp_path / "file").touch()
    with contextlib.closing(NotedTransfers(tmp_path / "file", must_note=False)) as noted:
        noted.save_asked(ASKED)
        assert len(noted.asked_uploads()) == 1


@pytest.mark.row("C-04")
@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
def test_a_note_is_its_owners_alone(folder, noted):
    before = os.umask(0)
    try:
        noted.save_asked(ASKED)
    finally:
        os.umask(before)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(each.stat().st_mode) for each in folder.iterdir()} == {0o600}


@pytest.mark.row("D-07")
def test_the_queue_of_another_is_read_and_takes_no_change(tmp_path, folder, noted, row):
    path = tmp_path / "transfers.sqlite"
    with contextlib.closing(open_transfers(tmp_path, keep_queue=True)) as queue:
        batch = queue.add_batch(Batch("b", Destination("bucket"), PROFILE))
        queue.add_transfers([Transfer(batch.id, "/x", HERE, multipart=opened(row).multipart)])
        noted.save_asked(ASKED)
        die(noted)
        with contextlib.closing(
            open_transfers(tmp_path, keep_queue=True, reads_queue=True)
        ) as read:
            assert [each.upload_id for each in read.asked_uploads()] == ["id-1", None]
            read.forget_asked(1)
            with pytest.raises(JournalUnwritable, match="written"):
                read.remove([1])
        assert len(queue.ids()) == 1
    assert path.exists()
