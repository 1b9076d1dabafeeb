"""Rows S-10, S-11, S-13 and S-17: parts and uploads that the service lost, or will not list."""

from dataclasses import replace
from threading import Event

import pytest

from s3gui.core.errors import AccessDenied
from s3gui.core.provider import AWS
from s3gui.core.provider import Limits as ServiceLimits
from s3gui.core.transfer import ConflictRule, Destination, TransferState
from s3gui.engine.source import MemoryBody
from s3gui.practice import AFTER_BODY, answer, delay
from tests.fakes.object_store import Call, FakeObjectStore
from tests.support.upload_world import (
    BUCKET,
    PART,
    SECONDS,
    UploadWorld,
    completed,
    failure_of,
    in_parts,
    told,
)


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
