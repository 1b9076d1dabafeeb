"""Rows S-01 to S-09 and the figure G11: what a server may answer.

The invariants I1 to I4 and I8 are checked after every test, from the server's ledger.
"""

import pytest

from s3gui.adapters.s3_bounds import Bounds
from s3gui.core.events import ConnectionHeld
from s3gui.core.transfer import (
    Batch,
    Destination,
    MultipartUpload,
    Transfer,
    TransferState,
    UploadOptions,
    WaitingFor,
)
from s3gui.engine.concurrency import Concurrency
from s3gui.practice import (
    AFTER_BODY,
    AFTER_STORING,
    BEFORE_BODY,
    answer,
    delay,
    error_inside_200,
    whitespace,
)
from tests.support.upload_world import (
    BUCKET,
    SECONDS,
    completed,
    connect_small,
    failure_of,
    in_parts,
    upload_world,
)


@pytest.mark.row("S-01")
@pytest.mark.parametrize(
    "operation",
    ["HeadObject", "CreateMultipartUpload", "UploadPart", "CompleteMultipartUpload"],
)
@pytest.mark.parametrize(
    "code",
    ["InternalError", "BadGateway", "ServiceUnavailable", "GatewayTimeout", "TooManyRequests"],
)
def test_what_passes_is_tried_again_with_jitter_on_each_operation(world, operation, code):
    rule = world.server.faults.add(answer(code), operation=operation, times=3)
    world.upload(world.file())
    assert completed(world)
    assert rule.hits == 3
    assert len(world.clock.pauses) == 3
    assert all(0 <= pause <= 20 for pause in world.clock.pauses)


@pytest.mark.row("S-01")
@pytest.mark.parametrize("moment", [BEFORE_BODY, AFTER_BODY, AFTER_STORING])
def test_a_small_file_survives_an_error_at_any_moment_and_is_stored_once(world, moment):
    world.server.faults.add(answer("InternalError", moment), operation="PutObject", times=2)
    world.upload(world.file(parts=0.5))
    assert completed(world)
    assert len(world.server.ledger.commits(key="file.bin")) == 1


@pytest.mark.row("S-01")
@pytest.mark.parametrize("code", ["InternalError", "ServiceUnavailable", "TooManyRequests"])
def test_what_passes_is_tried_again_when_parts_are_listed_and_an_upload_is_dropped(world, code):
    refused = answer("AccessDenied")
    world.server.faults.add(refused, operation="UploadPart", part_number=4, times=None)
    listing = world.server.faults.add(answer(code), operation="ListParts", times=3)
    abort = world.server.faults.add(answer(code), operation="AbortMultipartUpload", times=3)
    with world.queue(parts_at_once=1) as queue:
        queue.start()
        queue.add([world.file()], Destination(BUCKET, ""), in_parts(), world.profile)
        assert queue.wait_until_idle(SECONDS)
        queue.retry_failed()
        assert queue.wait_until_idle(SECONDS)
        assert listing.hits == 3
        assert world.requests("UploadPart") == 5, "those that are there were not sent again"
        queue.cancel([world.row().id])
        assert queue.wait_until_idle(SECONDS)
    assert abort.hits == 3
    assert world.row().multipart is None
    assert world.open_uploads() == set()


@pytest.mark.row("S-02")
@pytest.mark.row("G11")
def test_a_service_that_slows_half_of_the_requests_is_asked_less_and_still_gets_all(
    world, monkeypatch
):
    """And figure G11: at most 2.5 requests for each that is needed."""
    known: dict[Concurrency, list[int]] = {}
    slow_down = Concurrency.slow_down

    def noting(self, now_seconds):
        slow_down(self, now_seconds)
        known.setdefault(self, []).append(self.limit)

    monkeypatch.setattr(Concurrency, "slow_down", noting)
    for first in range(1, 40, 2):
        world.server.faults.add(answer("SlowDown"), operation="UploadPart", first=first)
    with world.queue(parts_at_once=8) as queue:
        queue.start()
        queue.add([world.file(parts=64)], Destination(BUCKET, ""), in_parts(), world.profile)
        assert queue.wait_until_idle(SECONDS)
    assert completed(world)
    [(concurrency, limits)] = known.items()
    assert limits[0] == 4, "halved at the first refusal"
    assert concurrency.limit > min(limits), "regrown when they ended"
    needed = 64 + len(("HeadObject", "CreateMultipartUpload", "CompleteMultipartUpload"))
    assert world.requests() <= 2.5 * needed
    assert max(world.clock.pauses) <= 20


@pytest.mark.row("S-02")
def test_a_service_that_slows_many_small_files_at_once_still_gets_all(world):
    """One worker awaits all their answers; from the first on fewer requests may be under way."""
    world.server.faults.add(delay(0.05, AFTER_BODY), operation="PutObject", times=None)
    slowed = answer("SlowDown", AFTER_BODY)
    rule = world.server.faults.add(slowed, operation="PutObject", first=60, times=20)
    files = [world.file(f"{number:03}.bin", parts=0.01) for number in range(150)]
    with world.queue(parts_at_once=None, files_at_once=None) as queue:
        queue.start()
        queue.add(files, Destination(BUCKET, ""), UploadOptions(), world.profile)
        assert queue.wait_until_idle(SECONDS)
    assert completed(world)
    assert rule.hits == 20


@pytest.mark.row("S-03")
def test_a_request_timeout_rewinds_the_body(world):
    rule = world.server.faults.add(
        answer("RequestTimeout", AFTER_BODY), operation="UploadPart", part_number=2, times=2
    )
    world.upload(world.file())
    assert completed(world)
    assert rule.hits == 2


@pytest.mark.row("S-04")
@pytest.mark.parametrize("code", ["BadDigest", "XAmzContentSHA256Mismatch"])
def test_damaged_bytes_are_sent_again_three_times_and_then_called_damaged(world, code):
    rule = world.server.faults.add(
        answer(code, AFTER_BODY), operation="UploadPart", part_number=2, times=None
    )
    world.upload(world.file())
    failure = failure_of(world)
    assert failure.code == "bad-digest"
    assert "damaged on their way" in failure.message
    assert rule.hits == 4
    assert world.server.ledger.commits() == []


@pytest.mark.row("S-04")
def test_bytes_damaged_three_times_arrive_at_the_fourth(world):
    world.server.faults.add(
        answer("BadDigest", AFTER_BODY), operation="UploadPart", part_number=2, times=3
    )
    world.upload(world.file())
    assert completed(world)


@pytest.mark.row("S-05")
@pytest.mark.parametrize("hours", [-30, -1, 1, 30])
@pytest.mark.parametrize("parts", [0.5, 4])
def test_a_clock_that_is_wrong_is_learnt_from_the_answer_and_signed_once_more(world, hours, parts):
    world.server.clock.move(hours * 3600)
    world.upload(world.file(parts=parts))
    assert completed(world)
    refused = world.server.ledger.count(error_code="RequestTimeTooSkewed")
    assert 1 <= refused <= 3, "each thread may meet it once"
    world.server.clock.move(-hours * 3600)


@pytest.mark.row("S-05")
def test_a_clock_that_cannot_be_learnt_is_named_and_waited_for(world):
    world.server.faults.add(answer("RequestTimeTooSkewed"), times=None)
    with world.queue() as queue:
        queue.start()
        queue.add([world.file()], Destination(BUCKET, ""), in_parts(), world.profile)
        assert queue.wait_until_idle(0.5) is False
        [held] = [each for each in world.events if isinstance(each, ConnectionHeld)]
        assert held.waiting_for is WaitingFor.CLOCK
        assert "clock" in held.failure.message
        world.server.faults.clear()
        assert queue.wait_until_idle(SECONDS)
    assert completed(world)


@pytest.mark.row("S-06")
def test_expired_credentials_keep_the_parts_and_the_upload_goes_on_with_new_ones(world):
    world.server.faults.add(answer("ExpiredToken"), operation="UploadPart", first=3, times=None)
    with world.queue(parts_at_once=1) as queue:
        queue.start()
        queue.add([world.file()], Destination(BUCKET, ""), in_parts(), world.profile)
        assert queue.wait_until_idle(SECONDS)
        [held] = [each for each in world.events if isinstance(each, ConnectionHeld)]
        assert held.waiting_for is WaitingFor.CREDENTIALS
        assert world.row().state is TransferState.WAITING
        world.server.faults.clear()
        world.stores[world.profile.id] = connect_small(
            world.profile, world.server.credentials.secret_access_key
        )
        queue.release(world.profile.id)
        assert queue.wait_until_idle(SECONDS)
    assert completed(world)
    assert world.requests("CreateMultipartUpload") == 1


@pytest.mark.row("S-06")
def test_credentials_that_expire_before_a_look_are_waited_for(world):
    """The refusal of a HEAD has no body: it was taken for a fault of the request."""
    for operation in ("HeadObject", "ListObjectsV2"):
        world.server.faults.add(answer("ExpiredToken"), operation=operation, times=None)
    with world.queue() as queue:
        queue.start()
        queue.add([world.file()], Destination(BUCKET, ""), in_parts(), world.profile)
        assert queue.wait_until_idle(SECONDS)
        [held] = [each for each in world.events if isinstance(each, ConnectionHeld)]
        assert held.waiting_for is WaitingFor.CREDENTIALS
        world.server.faults.clear()
        queue.release(world.profile.id)
        assert queue.wait_until_idle(SECONDS)
    assert completed(world)


@pytest.mark.row("S-07")
@pytest.mark.parametrize(
    ("code", "most"), [("AccessDenied", 12), ("SignatureDoesNotMatch", 4), ("NoSuchBucket", 6)]
)
def test_ten_thousand_files_meet_one_cause_once(world, code, most):
    source = world.file(parts=0.01)
    rule = world.server.faults.add(answer(code), times=None)
    batch = world.journal.add_batch(Batch("many", Destination(BUCKET, ""), world.profile))
    for start in range(0, 10_000, 1000):
        world.journal.add_transfers(
            [
                Transfer(
                    batch_id=batch.id,
                    source=str(source),
                    destination=Destination(BUCKET, f"{start + number}"),
                    size=source.stat().st_size,
                )
                for number in range(1000)
            ]
        )
    with world.queue() as queue:
        queue.start()
        assert queue.wait_until_idle(SECONDS)
        counts = queue.counts()
    assert rule.hits <= most, "one stop for the connection, not 10,000 errors"
    assert TransferState.COMPLETED not in counts or counts[TransferState.COMPLETED].files == 0
    world.server.faults.clear()


@pytest.mark.row("S-08")
@pytest.mark.parametrize("field", ["ETag", "UploadId"])
def test_an_answer_without_what_it_must_hold_is_asked_for_again(world, monkeypatch, field):
    sender = world.store._clients.sender
    name, asked = {
        "ETag": ("send", "UploadPart"),
        "UploadId": ("ask", "CreateMultipartUpload"),
    }[field]
    ask = getattr(sender, name)
    answers = []

    def forgetful(operation, *arguments):
        whole = ask(operation, *arguments)
        if operation != asked:
            return whole
        answers.append(whole)
        return whole if len(answers) > 2 else {**whole, field: ""}

    monkeypatch.setattr(sender, name, forgetful)
    world.upload(world.file(parts=2), parts_at_once=1)
    assert completed(world)
    assert len(answers) == 4 if field == "ETag" else 3
    world.overwritten_parts = frozenset({1})
    for left in world.open_uploads():  # made by the answers without their ids
        world.store.abort_multipart(MultipartUpload(BUCKET, "file.bin", left))


@pytest.mark.row("S-09")
@pytest.mark.parametrize("code", ["InternalError", "SlowDown"])
def test_an_error_inside_a_200_is_no_success(world, code):
    rule = world.server.faults.add(
        error_inside_200(code), operation="CompleteMultipartUpload", times=2
    )
    world.upload(world.file())
    assert completed(world)
    assert rule.hits == 2
    assert len(world.server.ledger.commits()) == 1


@pytest.mark.row("S-09")
def test_blanks_before_the_answer_are_waited_for_as_finishing(tmp_path):
    """For six times as long as the service may be silent."""
    with upload_world(tmp_path, bounds=Bounds(silence_seconds=0.5)) as world:
        world.server.faults.add(whitespace(3), operation="CompleteMultipartUpload")
        with world.queue() as queue:
            queue.start()
            queue.add([world.file()], Destination(BUCKET, ""), in_parts(), world.profile)
            assert world.server.ledger.wait_for(1, "CompleteMultipartUpload")
            assert world.row().state is TransferState.FINISHING
            assert queue.wait_until_idle(SECONDS)
        assert completed(world)
        assert world.requests("CompleteMultipartUpload") == 1
        world.check()
