from contextlib import closing

import pytest

from s3gui.adapters.transfer_db import TransferDb
from s3gui.cli.leftovers import table
from s3gui.cli.looking import age_seconds
from s3gui.core.errors import AccessDenied
from s3gui.core.profile import Profile
from s3gui.core.transfer import (
    Batch,
    Destination,
    MultipartUpload,
    Transfer,
    TransferState,
    UploadOptions,
)
from s3gui.engine.leftovers import Leftover, Owner


@pytest.fixture
def add_upload(state):
    """Opens an upload on the service, with a row in the queue."""

    def add(key, row_state=TransferState.CANCELLED):
        state.home.mkdir(exist_ok=True)
        multipart = state.store.create_multipart(Destination("bucket", key), UploadOptions())
        journal = TransferDb.open(state.home / "transfers.sqlite")
        batch = journal.add_batch(Batch("b", Destination("bucket"), Profile("aws:", "Amazon S3")))
        row = Transfer(
            batch.id, key, Destination("bucket", key), multipart=multipart, state=row_state
        )
        journal.add_transfers([row])
        journal.close()
        return multipart.upload_id

    return add


@pytest.fixture
def theirs(state):
    multipart = state.store.create_multipart(Destination("bucket", "theirs"), UploadOptions())
    return multipart.upload_id


def open_ids(state):
    return {each.multipart.upload_id for each in state.store.open_uploads()}


def test_nothing_left_open_is_said(run_here):
    result = run_here("leftovers")
    assert (result.status, result.output, result.errors) == (0, "", "Nothing is left open.\n")


def test_what_is_open_is_listed_with_whose_it_is(run_here, add_upload):
    upload_id = add_upload("a b.bin")
    result = run_here("leftovers")
    assert result.status == 0
    [line] = result.output.splitlines()
    assert "ours, cancelled" in line
    assert "s3://bucket/a b.bin" in line
    assert line.endswith(upload_id)


def test_abort_drops_what_no_transfer_goes_on_with_and_nothing_else(
    run_here, state, add_upload, theirs
):
    add_upload("gone")
    wanted = add_upload("wanted", TransferState.PAUSED)
    result = run_here("leftovers", "--abort", "--json")
    assert result.status == 0
    assert open_ids(state) == {wanted, theirs}
    assert [each["event"] for each in result.events] == [
        "leftover",
        "leftover",
        "aborted",
        "note",
        "summary",
    ]
    assert "1 upload was kept" in result.events[3]["message"]
    assert result.summary["aborted"] == 1
    assert result.summary["leftovers"] == 2
    assert result.events[0]["owner"] == "ours"


def test_those_of_others_are_shown_on_request_only(run_here, add_upload, theirs):
    add_upload("gone")
    assert theirs not in run_here("leftovers").output
    result = run_here("leftovers", "--all", "--json")
    owners = {each["upload_id"]: each["owner"] for each in result.events[:-1]}
    assert owners[theirs] == "others"


def test_the_upload_of_another_is_dropped_only_by_its_id_and_a_yes(run_here, state, theirs):
    for words in (["--abort", "--all"], ["--abort", "--upload", theirs]):
        result = run_here("leftovers", "s3://bucket", *words)
        assert open_ids(state) == {theirs}
        assert result.status == 0
    assert "--yes" in result.errors
    run_here("leftovers", "s3://bucket", "--abort", "--upload", theirs, "--yes")
    assert open_ids(state) == set()


def test_an_upload_that_is_wanted_is_dropped_only_by_its_id_and_a_yes(run_here, state, add_upload):
    wanted = add_upload("wanted", TransferState.FAILED)
    assert "1 upload was kept" in run_here("leftovers", "--abort").errors
    assert "was kept" not in run_here("leftovers", "--abort", "--upload", wanted).errors
    assert open_ids(state) == {wanted}
    run_here("leftovers", "--abort", "--upload", wanted, "--yes")
    assert open_ids(state) == set()


def test_an_id_that_is_not_there_is_wrong_usage_and_drops_nothing(run_here, state, add_upload):
    other = add_upload("gone")
    result = run_here("leftovers", "--abort", "--upload", "nonsense")
    assert result.status == 2
    assert "nonsense" in result.errors
    assert open_ids(state) == {other}


def test_only_old_ones_are_listed_and_dropped(run_here, state, add_upload):
    add_upload("young")
    add_upload("old")
    young = next(each for each in state.store.open_uploads() if each.multipart.key == "young")
    young.started_at = young.started_at.replace(year=2999)
    run_here("leftovers", "--abort", "--older-than", "1d")
    assert open_ids(state) == {young.multipart.upload_id}


@pytest.mark.row("S-13")
def test_a_service_that_does_not_list_uploads_is_noted_and_no_failure(run_here, state, add_upload):
    upload_id = add_upload("gone")
    state.store.fail("list_multipart_uploads", AccessDenied("No."), times=99)
    result = run_here("leftovers", "--json")
    assert result.status == 0
    assert "cannot be seen" in result.errors
    assert result.events[0]["event"] == "note"
    assert result.events[1]["upload_id"] == upload_id


def test_a_service_that_does_not_let_go_is_said_and_fails(run_here, state, add_upload):
    add_upload("gone")
    state.store.fail("abort_multipart", AccessDenied("No way."), times=99)
    result = run_here("leftovers", "--abort")
    assert result.status == 1
    assert "No way." in result.errors


def test_the_queue_of_another_process_is_read_and_nothing_is_dropped(run_here, state, add_upload):
    upload_id = add_upload("gone")
    with closing(TransferDb.open(state.home / "transfers.sqlite")):
        state.is_in_use = True
        result = run_here("leftovers", "--json")
        assert result.status == 0
        assert "only read" in result.errors
        assert result.events[1]["upload_id"] == upload_id
        refused = run_here("leftovers", "--abort")
    assert refused.status == 1
    assert "queue" in refused.errors
    assert open_ids(state) == {upload_id}


def test_the_table_is_aligned_and_shows_what_is_not_known():
    profile = Profile("p", "P")
    rows = [
        Leftover(profile, MultipartUpload("b", "k", "1"), Owner.OURS, 0.0, 3, 15_000_000),
        Leftover(profile, MultipartUpload("b", "line\nbreak", "2"), Owner.PROBABLY_OURS),
    ]
    first, second = table(rows, now=86_400 * 2)
    assert first.index("s3://") == second.index("s3://")
    assert "\n" not in second
    assert "3 parts" in first


@pytest.mark.parametrize("text", ["", "7", "d7", "7 days", "-1d", "٣d"])
def test_what_is_no_age_is_refused(text):
    with pytest.raises(Exception, match="not an age"):
        age_seconds(text)
