"""Row S-12: keys that are taken, and races that are lost."""

import pytest

from s3gui.core.transfer import ConflictRule, TransferState
from s3gui.practice import AFTER_BODY, AFTER_STORING, Spoil, answer, close_connection, spoiled
from tests.support.upload_world import completed, failure_of, in_parts


@pytest.mark.row("S-12")
@pytest.mark.parametrize("size", [0.5, 4])
def test_a_race_that_was_lost_to_our_own_lost_answer_is_our_success(world, size):
    """The first request made the object, its answer was lost, and the second is called a race."""
    operation = "PutObject" if size < 1 else "CompleteMultipartUpload"
    world.server.faults.add(close_connection(AFTER_STORING), operation=operation)
    race = answer("ConditionalRequestConflict", AFTER_BODY)
    world.server.faults.add(race, operation=operation, first=2)
    world.upload(world.file(parts=size))
    assert completed(world)
    assert len(world.server.ledger.commits()) == 1


@pytest.mark.row("S-12")
@pytest.mark.parametrize("operation", ["CreateMultipartUpload", "UploadPart"])
def test_an_operation_that_was_aborted_is_asked_for_again_and_no_other(world, operation):
    """Found by the storms of figure G2 with seed 3: it cost a whole new upload each time."""
    world.server.faults.add(answer("OperationAborted"), operation=operation, times=3)
    world.upload(world.file())
    assert completed(world)
    assert world.requests("CreateMultipartUpload") == (4 if operation[0] == "C" else 1)


@pytest.mark.row("S-08")
def test_a_head_that_is_cut_in_the_middle_says_nothing(world):
    """Found by the storms of figure G2 with seed 1: taken for another's object of no size."""
    world.server.faults.add(close_connection(AFTER_STORING), operation="PutObject")
    world.server.faults.add(spoiled(Spoil.CUT_SHORT), operation="HeadObject", times=2)
    world.upload(world.file(parts=0.5))
    assert completed(world)
    assert len(world.server.ledger.commits()) == 1


@pytest.mark.row("S-12")
@pytest.mark.parametrize("parts", [0.5, 4])
@pytest.mark.parametrize(
    ("rule", "state"),
    [(ConflictRule.SKIP, TransferState.SKIPPED), (ConflictRule.FAIL, TransferState.FAILED)],
)
def test_a_key_that_is_taken_at_the_last_moment_is_treated_by_the_rule(world, parts, rule, state):
    last = "PutObject" if parts < 1 else "CompleteMultipartUpload"
    world.server.faults.add(answer("PreconditionFailed", AFTER_BODY), operation=last)
    world.upload(world.file(parts=parts), options=in_parts(on_conflict=rule))
    assert world.row().state is state
    assert world.server.ledger.commits() == []
    assert world.open_uploads() == set()


@pytest.mark.row("S-12")
@pytest.mark.parametrize(
    ("operation", "code", "uploads", "parts_sent"),
    [
        ("PutObject", "ConditionalRequestConflict", 0, 0),
        ("PutObject", "OperationAborted", 0, 0),
        ("CompleteMultipartUpload", "ConditionalRequestConflict", 2, 8),
        ("CompleteMultipartUpload", "OperationAborted", 1, 4),
    ],
)
def test_a_race_is_run_again_as_s3_wants_it(world, operation, code, uploads, parts_sent):
    """A put again; a completion again after OperationAborted, else a new upload."""
    world.server.faults.add(answer(code, AFTER_BODY), operation=operation)
    world.upload(world.file(parts=4 if uploads else 0.5))
    assert completed(world)
    assert world.requests("CreateMultipartUpload") == uploads
    assert world.requests("UploadPart") == parts_sent
    assert world.requests(operation) == 2
    assert world.open_uploads() == set()


@pytest.mark.row("S-12")
@pytest.mark.parametrize("operation", ["PutObject", "CompleteMultipartUpload"])
@pytest.mark.parametrize("code", ["ConditionalRequestConflict", "OperationAborted"])
def test_a_race_that_is_always_lost_is_given_up(world, operation, code):
    rule = world.server.faults.add(answer(code, AFTER_BODY), operation=operation, times=None)
    world.upload(world.file(parts=4 if operation == "CompleteMultipartUpload" else 0.5))
    told = {"OperationAborted": "operation-aborted"}.get(code, "write-conflict")
    assert failure_of(world).code == told
    assert rule.hits <= 12
