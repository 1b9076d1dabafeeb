"""Rows S-01 to S-17, D-01 and the figure G11: what a server may do to an upload.

The invariants I1 to I4 and I8 are checked after every test, from the server's ledger.
"""

from dataclasses import replace
from threading import Event

import pytest

from s3gui.adapters.s3_bounds import Bounds
from s3gui.adapters.s3_socket import Connection
from s3gui.adapters.transfer_db import TransferDb
from s3gui.core.errors import (
    AccessDenied,
)
from s3gui.core.events import ConnectionHeld, PartFailed
from s3gui.core.provider import AWS
from s3gui.core.provider import Limits as ServiceLimits
from s3gui.core.transfer import (
    Batch,
    ConflictRule,
    Destination,
    MultipartUpload,
    Transfer,
    TransferState,
    UploadOptions,
    WaitingFor,
)
from s3gui.engine.concurrency import Concurrency
from s3gui.engine.source import MemoryBody
from s3gui.practice import (
    AFTER_BODY,
    AFTER_STORING,
    BEFORE_BODY,
    Faults,
    Ledger,
    Spoil,
    answer,
    close_connection,
    delay,
    error_inside_200,
    spoiled,
    whitespace,
)
from tests.fakes.object_store import Call, FakeObjectStore
from tests.support.upload_world import (
    BUCKET,
    PART,
    SECONDS,
    UploadWorld,
    connect_small,
    in_parts,
    upload_world,
)


@pytest.fixture
def world(tmp_path):
    with upload_world(tmp_path) as world:
        yield world
        world.check()


def completed(world: UploadWorld) -> bool:
    return {row.state for row in world.rows()} == {TransferState.COMPLETED}


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


def failure_of(world: UploadWorld):
    row = world.row()
    assert row.state is TransferState.FAILED
    return row.failure


def told(world: UploadWorld) -> list[str]:
    return [each.message for each in world.events if isinstance(each, PartFailed)]


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
    asked, name = (
        (world.store._sender, "send")
        if field == "ETag"
        else (world.store._transfer, "create_multipart_upload")
    )
    ask = getattr(asked, name)
    answers = []

    def forgetful(*arguments, **parameters):
        whole = ask(*arguments, **parameters)
        answers.append(whole)
        return whole if len(answers) > 2 else {**whole, field: ""}

    monkeypatch.setattr(asked, name, forgetful)
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


@pytest.mark.row("S-10")
@pytest.mark.parametrize("code", ["InvalidPart", "InvalidPartOrder", "EntityTooSmall"])
def test_refused_parts_are_compared_with_the_services_list_and_none_is_sent_in_vain(world, code):
    world.server.faults.add(answer(code, AFTER_BODY), operation="CompleteMultipartUpload")
    world.upload(world.file())
    assert completed(world)
    assert world.requests("ListParts") == 1
    assert world.requests("UploadPart") == 4


@pytest.mark.row("S-10")
def test_only_the_part_that_the_service_lost_is_sent_again(world, monkeypatch):
    """Another request put other bytes in its place: what is listed is not what we know."""
    complete = world.store.complete_multipart

    def spoiled(multipart, parts, checksum, **conditions):
        if world.requests("UploadPart") == 4:
            other = bytes(PART)
            world.store.upload_part(
                multipart,
                2,
                MemoryBody(other),
                world.store.checksums.of([other]),
                on_sent=lambda _: None,
            )
        return complete(multipart, parts, checksum, **conditions)

    monkeypatch.setattr(world.store, "complete_multipart", spoiled)
    world.upload(world.file())
    assert completed(world)
    sent = [record.part_number for record in world.server.ledger.records("UploadPart")]
    assert sorted(sent) == [1, 2, 2, 2, 3, 4]
    world.overwritten_parts = frozenset({2})


@pytest.mark.row("S-10")
def test_parts_that_are_refused_for_good_are_a_clear_failure_and_are_dropped(world):
    rule = world.server.faults.add(
        answer("EntityTooSmall", AFTER_BODY), operation="CompleteMultipartUpload", times=None
    )
    world.upload(world.file())
    failure = failure_of(world)
    assert "does not make an object" in failure.message
    assert "EntityTooSmall" in failure.detail
    assert rule.hits == 3
    assert world.open_uploads() == set()


def lose_upload(world: UploadWorld, monkeypatch, at_part: int) -> None:
    """Somebody aborts the upload, once, just before the part is sent."""
    send = world.store.upload_part
    lost = Event()

    def losing(multipart, number, *arguments, **names):
        if number == at_part and not lost.is_set():
            lost.set()
            world.store.abort_multipart(multipart)
        return send(multipart, number, *arguments, **names)

    monkeypatch.setattr(world.store, "upload_part", losing)


@pytest.mark.row("S-11")
def test_an_upload_that_is_gone_is_replaced_after_a_look_at_the_object(world, monkeypatch):
    lose_upload(world, monkeypatch, at_part=3)
    world.upload(world.file(), parts_at_once=1)
    assert completed(world)
    operations = [record.operation for record in world.server.ledger.records()]
    lost_at = operations.index("AbortMultipartUpload")
    assert "HeadObject" in operations[lost_at : operations.index("CreateMultipartUpload", lost_at)]
    assert world.requests("CreateMultipartUpload") == 2
    assert any("no longer knows the upload" in message for message in told(world))


@pytest.mark.row("S-11")
def test_an_upload_that_is_gone_is_never_a_success_over_anothers_object(world, monkeypatch):
    path = world.file()
    lose_upload(world, monkeypatch, at_part=3)
    other = b"another's"

    def interfering(multipart, number, *arguments, send=world.store.upload_part, **names):
        if number == 3 and not world.server.ledger.commits():
            world.store.put_object(
                Destination(BUCKET, "file.bin"),
                MemoryBody(other),
                world.store.checksums.of([other]),
                in_parts(),
                only_if_absent=False,
                on_sent=lambda _: None,
            )
        return send(multipart, number, *arguments, **names)

    monkeypatch.setattr(world.store, "upload_part", interfering)
    world.upload(path, options=in_parts(on_conflict=ConflictRule.FAIL), parts_at_once=1)
    assert failure_of(world).code == "already-exists"
    assert world.read("file.bin") == other
    assert world.open_uploads() == set()
    world.foreign_keys = frozenset({"file.bin"})


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


@pytest.mark.row("S-13")
@pytest.mark.parametrize("code", ["AccessDenied", "NotImplemented"])
def test_where_parts_may_not_be_listed_the_journal_is_used_and_the_whole_is_proven(world, code):
    world.server.faults.add(answer(code), operation="ListParts", times=None)
    stuck = world.server.faults.add(
        answer("AccessDenied"), operation="UploadPart", part_number=4, times=1
    )
    path = world.file()
    with world.queue(parts_at_once=1) as queue:
        queue.start()
        queue.add([path], Destination(BUCKET, ""), in_parts(), world.profile)
        assert queue.wait_until_idle(SECONDS)
        assert world.row().state is TransferState.FAILED
        assert stuck.hits == 1
        queue.retry_failed()
        assert queue.wait_until_idle(SECONDS)
    assert completed(world)
    assert world.requests("UploadPart") == 5
    assert world.row().stored.checksum is not None, "the service's own, of the whole object"


@pytest.mark.row("S-13")
@pytest.mark.parametrize("code", ["AccessDenied", "NotImplemented"])
def test_an_abort_is_believed_where_parts_may_not_be_listed(world, code):
    world.server.faults.add(answer(code), operation="ListParts", times=None)
    world.server.faults.add(answer("AccessDenied"), operation="UploadPart", part_number=4)
    with world.queue(parts_at_once=1) as queue:
        queue.start()
        queue.add([world.file()], Destination(BUCKET, ""), in_parts(), world.profile)
        assert queue.wait_until_idle(SECONDS)
        queue.cancel([world.row().id])
        assert queue.wait_until_idle(SECONDS)
    assert world.row().multipart is None
    assert world.open_uploads() == set()


@pytest.mark.row("S-15")
@pytest.mark.parametrize("provider_id", ["practice", "generic"])
@pytest.mark.parametrize("parts", [0.5, 4])
def test_an_etag_under_kms_is_never_taken_for_a_mismatch(tmp_path, provider_id, parts):
    with upload_world(tmp_path, provider_id=provider_id) as world:
        world.upload(world.file(parts=parts), options=in_parts(encryption="aws:kms"))
        assert completed(world)
        world.check()


@pytest.mark.row("S-16")
@pytest.mark.parametrize(
    "limits",
    [
        ServiceLimits(min_part_size=PART, equal_parts=True),
        ServiceLimits(min_part_size=PART, max_parts=4),
        ServiceLimits(min_part_size=2 * PART),
    ],
)
def test_the_plan_obeys_the_services_quirks(world, limits):
    world.store._provider = replace(world.store.provider, limits=limits)
    world.upload(world.file(parts=7.3), options=UploadOptions(part_size=2 * PART))
    world.upload(world.file("second", parts=9), options=UploadOptions(part_size=4 * PART))
    assert completed(world)
    for commit in world.server.ledger.commits():
        sizes = [
            record.bytes_accepted
            for record in world.server.ledger.records("UploadPart", upload_id=commit.upload_id)
            if commit.upload_id
        ]
        assert len(sizes) <= limits.max_parts
        assert len(set(sorted(sizes, reverse=True)[:-1])) <= 1
        assert all(size >= limits.min_part_size for size in sorted(sizes)[1:])


@pytest.mark.row("S-16")
def test_what_is_too_large_is_refused_before_the_first_byte(world):
    limits = ServiceLimits(min_part_size=PART, max_object_size=3 * PART)
    world.store._provider = replace(world.store.provider, limits=limits)
    world.upload(world.file())
    assert failure_of(world).code == "too-large"
    assert world.requests("CreateMultipartUpload") == 0
    assert world.requests("UploadPart") == 0


class Leaky(FakeObjectStore):
    """Two parts that were in flight land only after the first and the second abort."""

    late = 2

    def abort_multipart(self, multipart):
        self.calls.append(Call("abort_multipart", multipart.bucket, multipart.key))
        if self.late == 0:
            del self.uploads[multipart.upload_id]
        else:
            self.late -= 1


@pytest.mark.row("S-17")
def test_an_abort_is_repeated_while_parts_land(world):
    store = Leaky(replace(AWS, limits=ServiceLimits(min_part_size=PART)))
    store.fail("upload_part", AccessDenied(), number=4)
    world.stores[world.profile.id] = store
    with world.queue(parts_at_once=1) as queue:
        queue.start()
        queue.add([world.file()], Destination(BUCKET, ""), in_parts(), world.profile)
        assert queue.wait_until_idle(SECONDS)
        assert len(store.open_uploads()) == 1
        queue.cancel([world.row().id])
        assert queue.wait_until_idle(SECONDS)
    assert store.count("abort_multipart") == 3
    assert store.open_uploads() == []
    assert world.row().multipart is None


@pytest.mark.row("S-17")
def test_an_upload_that_never_goes_stays_named(world):
    store = Leaky(replace(AWS, limits=ServiceLimits(min_part_size=PART)))
    store.late = 1000
    store.fail("upload_part", AccessDenied(), number=4)
    world.stores[world.profile.id] = store
    with world.queue(parts_at_once=1) as queue:
        queue.start()
        queue.add([world.file()], Destination(BUCKET, ""), in_parts(), world.profile)
        assert queue.wait_until_idle(SECONDS)
        queue.cancel([world.row().id])
        assert queue.wait_until_idle(SECONDS)
    assert store.count("abort_multipart") == 20
    assert world.row().multipart is not None


@pytest.mark.row("S-17")
def test_a_cancel_while_parts_are_on_their_way_leaves_nothing(world):
    world.server.faults.add(delay(0.2, AFTER_BODY), operation="UploadPart", times=None)
    with world.queue() as queue:
        queue.start()
        queue.add([world.file(parts=12)], Destination(BUCKET, ""), in_parts(), world.profile)
        assert world.server.ledger.wait_for(1, "UploadPart")
        queue.cancel_all()
        assert queue.wait_until_idle(SECONDS)
    assert world.row().state is TransferState.CANCELLED
    assert world.open_uploads() == set()
    assert world.server.ledger.commits() == []


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

    def save_part(self, transfer_id, part, sent_bytes):
        super().save_part(transfer_id, part, sent_bytes)
        self.tape.entries.append(("saved part", part.number))


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


@pytest.mark.row("S-14")
@pytest.mark.parametrize("parts", [0.5, 4])
def test_an_unknown_service_gets_content_md5_and_neither_trailers_nor_new_checksums(
    tmp_path, monkeypatch, parts
):
    with upload_world(tmp_path, provider_id="generic") as world:
        sent: list[dict[str, str]] = []

        def note(request, **_):
            sent.append({name.lower(): value for name, value in request.headers.items()})

        world.store._transfer.meta.events.register("before-send.s3", note)
        write = Connection.write

        def note_head(connection, data):
            lines = bytes(data).partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")
            if lines[0].startswith("PUT /"):
                headers = (line.partition(": ") for line in lines[1:])
                sent.append({name.lower(): value for name, _, value in headers})
            return write(connection, data)

        monkeypatch.setattr(Connection, "write", note_head)
        world.upload(world.file(parts=parts))
        assert completed(world)
        world.check()
    names = {name for headers in sent for name in headers}
    assert not {name for name in names if "checksum" in name or "trailer" in name}
    assert sum("content-md5" in headers for headers in sent) == max(1, int(parts))
    assert all("aws-chunked" not in headers.get("content-encoding", "") for headers in sent)
