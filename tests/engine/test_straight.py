"""A small file fares the same on the straight line and on the ordinary road."""

import dataclasses
import os
from functools import partial

import pytest

from s3gui.core.acl import CannedAcl
from s3gui.core.checksum import Checksum
from s3gui.core.errors import (
    AccessDenied,
    AlreadyExists,
    BadAnswer,
    BadDigest,
    KeyTooLong,
    S3guiError,
    ServiceUnavailable,
    SourceChanged,
    Throttled,
    Unreachable,
    VerificationFailed,
    WriteConflict,
)
from s3gui.core.events import PartFailed, TransferChanged
from s3gui.core.transfer import (
    ConflictRule,
    Destination,
    SourceIdentity,
    Transfer,
    TransferState,
    UploadOptions,
)
from s3gui.engine.concurrency import Concurrency
from s3gui.engine.means import Means
from s3gui.engine.overlap import Overlap
from s3gui.engine.room import Room
from s3gui.engine.source import FileSource
from s3gui.engine.steps import Pause, at_one_go
from s3gui.engine.stop import Stop, Stopped, StopReason
from s3gui.engine.straight import may_go_straight, upload_small
from s3gui.engine.upload import upload
from tests.engine.conftest import SMALL
from tests.fakes.clock import FakeClock
from tests.fakes.object_store import FakeObjectStore

HERE = Destination("bucket", "raw/page.html")
DATA = os.urandom(95)
REPLACE = UploadOptions(on_conflict=ConflictRule.REPLACE)


class Road:
    """One file, and one way to send it."""

    def __init__(self, send, folder, journal, pool, provider=SMALL):
        self.send = send
        self.path = folder / f"page-{id(self)}.html"
        self.path.write_bytes(DATA)
        self.store = FakeObjectStore(provider)
        self.events = []
        self.stop = Stop()
        self.clock = FakeClock()
        self.concurrency = Concurrency(8)
        self.means = Means(
            store=self.store,
            journal=journal,
            parts_executor=pool,
            publish=self.events.append,
            clock=self.clock,
            concurrency=self.concurrency,
            overlap=Overlap(),
            room=Room(),
        )

    def run(self, options, destination, **changes):
        """How it ended, in what a test can compare."""
        row = Transfer(1, str(self.path), destination, 95, options, **changes)
        (saved,) = self.means.journal.add_transfers([row])
        transfer = self.means.journal.transfer(saved)
        ended = None
        try:
            with FileSource(self.path) as source:
                ended = self.send(transfer, source, self.means, self.stop)
        except (S3guiError, Stopped) as error:
            ended = error
        return {
            "ended": _comparable(ended),
            "calls": [call.operation for call in self.store.calls],
            "data": self.store.data(HERE),
            "failures": [
                (each.message, each.will_retry)
                for each in self.events
                if isinstance(each, PartFailed)
            ],
            "pauses": self.clock.pauses,
            "limit": self.concurrency.limit,
            "is_told_to_run": TransferState.RUNNING in _states(self.events),
            "is_told_to_have_ended": TransferState.COMPLETED in _states(self.events),
        }


def _comparable(ended):
    if isinstance(ended, Stopped):
        return ended.reason
    if isinstance(ended, S3guiError):
        return (type(ended), ended.message.rpartition("”")[2])
    stored = dataclasses.replace(ended.stored, request_id="")
    return dataclasses.replace(ended, id=0, source="", identity=None, stored=stored)


def _states(events):
    return [each.transfer.state for each in events if isinstance(each, TransferChanged)]


def _nothing(road):
    pass


def _fails(error, *, times=1, reply_lost=False):
    return lambda road: road.store.fail("put_object", error, times=times, reply_lost=reply_lost)


def _taken(road):
    road.store.put_foreign(HERE, b"theirs")


def _taken_at_the_last_moment(road):
    road.store.before["put_object"] = lambda _: _taken(road)


def _changes(road):
    def change(event):
        road.events.append(event)
        os.utime(road.path, (1, 1))

    road.means = dataclasses.replace(road.means, publish=change)


def _grows_beyond_one_request(road):
    road.path.write_bytes(DATA + bytes(45))  # the fake's services take 100 bytes in one


def _paused(road):
    road.stop.request(StopReason.PAUSED)


def _cancelled_meanwhile(road):
    road.store.before["put_object"] = lambda _: road.stop.request(StopReason.CANCELLED)


def _answer_changed(road, **changes):
    put = road.store.put_object
    road.store.put_object = lambda *args, **kwargs: dataclasses.replace(
        put(*args, **kwargs), **changes
    )


def _look_fails(error, times, road):
    _answer_changed(road, checksum=None)
    road.store.fail("head", error, times=times)


SCENES = {
    "nothing goes wrong": _nothing,
    "an answer is lost on its way": _fails(Unreachable(was_connected=True), reply_lost=True),
    "an answer is lost twice": _fails(ServiceUnavailable(), times=2, reply_lost=True),
    "the service is away for a while": _fails(ServiceUnavailable(), times=4),
    "the service is away": _fails(ServiceUnavailable(), times=99),
    "nobody is there": _fails(Unreachable(was_connected=False), times=99),
    "the service asks to slow down": _fails(Throttled(), times=2),
    "it is refused": _fails(AccessDenied()),
    "the answer is not S3's": _fails(BadAnswer()),
    "bytes are damaged thrice": _fails(BadDigest(), times=3),
    "bytes are always damaged": _fails(BadDigest(), times=99),
    "a race is lost": _fails(WriteConflict(), times=2),
    "a race is lost to our own lost answer": _fails(WriteConflict(), reply_lost=True),
    "memory is short": _fails(MemoryError()),
    "the key is taken": _taken,
    "the key is taken at the last moment": _taken_at_the_last_moment,
    "the file changes": _changes,
    "the file is large by now": _grows_beyond_one_request,
    "it is paused before": _paused,
    "the stored object is another": partial(
        _answer_changed, checksum=Checksum("CRC64NVME", "AAAAAAAAAAA=")
    ),
    "the answer proves nothing": partial(_answer_changed, checksum=None),
    "the look at it fails for a while": partial(_look_fails, ServiceUnavailable(), 3),
    "the look at it fails": partial(_look_fails, ServiceUnavailable(), 99),
    "nobody can look at it": partial(_look_fails, Unreachable(was_connected=False), 99),
    "it may not be looked at": partial(_look_fails, AccessDenied(), 1),
}
ORDINARY = partial(upload, settles_later=True)


def straight(transfer, source, means, stop):
    return at_one_go(upload_small(transfer, source, means, stop))


@pytest.mark.parametrize("options", [UploadOptions(), REPLACE], ids=["new", "replacing"])
@pytest.mark.parametrize("scene", SCENES)
def test_both_roads_lead_to_the_same_end(scene, options, tmp_path, journal, pool):
    ends = []
    for send in (ORDINARY, straight):
        road = Road(send, tmp_path, journal, pool)
        SCENES[scene](road)
        ends.append(road.run(options, HERE))
    assert ends[0] == ends[1]


def test_a_cancel_while_it_is_sent_leaves_no_more_than_the_object_that_was_made(
    tmp_path, journal, pool
):
    road = Road(straight, tmp_path, journal, pool)
    _cancelled_meanwhile(road)
    assert road.run(UploadOptions(), HERE)["calls"] == ["put_object"]


def test_what_goes_straight_is_told_to_run_and_ends_proven(tmp_path, journal, pool):
    road = Road(straight, tmp_path, journal, pool)
    with FileSource(road.path) as source:
        transfer = Transfer(1, str(road.path), HERE, 95, id=7)
        done = straight(transfer, source, road.means, Stop())
    assert _states(road.events) == [TransferState.RUNNING]
    assert done.state is TransferState.COMPLETED
    assert done.stored.checksum == road.store.checksums.of([DATA])
    assert (done.size, done.sent_bytes, done.identity.size) == (95, 95, 95)
    assert done.options.content_type == "text/html"
    assert None not in {done.started_at, done.ended_at}


@pytest.mark.row("S-01")
def test_a_look_that_fails_is_told_at_once_and_done_alone(tmp_path, journal, pool):
    road = Road(straight, tmp_path, journal, pool)
    _look_fails(BadAnswer("A web page."), 2, road)
    (row,) = journal.add_transfers([Transfer(1, str(road.path), HERE, 95)])
    with FileSource(road.path) as source:
        pauses = list(upload_small(journal.transfer(row), source, road.means, Stop()))
    steps = [Pause.STEP, Pause.STEP, Pause.AWAITING, Pause.STEP]
    assert pauses == [*steps, Pause.ALONE]
    assert _states(road.events) == [TransferState.RUNNING, TransferState.VERIFYING]
    assert road.events[-2:] == [PartFailed(row, 0, "A web page.", will_retry=True)] * 2
    assert journal.transfer(row).state is TransferState.VERIFYING


def test_the_options_go_with_it(tmp_path, journal, pool):
    options = UploadOptions(acl=CannedAcl.PUBLIC_READ, metadata=(("a", "b"),), content_type="a/b")
    road = Road(straight, tmp_path, journal, pool)
    road.run(options, HERE)
    assert road.store.object(HERE).options == options


def test_a_key_that_s3_does_not_know_is_never_sent(tmp_path, journal, pool):
    road = Road(straight, tmp_path, journal, pool)
    assert road.run(UploadOptions(), Destination("bucket", "k" * 1025))["ended"][0] is KeyTooLong
    assert road.store.calls == []


@pytest.mark.parametrize(
    ("changes", "provider", "goes"),
    [
        ({}, {}, True),
        ({"started_at": 1.0}, {}, False),
        ({"identity": SourceIdentity(95, 1, 1, 1, 1)}, {}, False),
        ({"options": UploadOptions(part_size=200)}, {}, False),
        ({}, {"conditional_writes": False}, False),
        ({"options": REPLACE}, {"conditional_writes": False}, True),
    ],
)
def test_what_needs_a_look_beforehand_takes_the_ordinary_road(changes, provider, goes):
    transfer = dataclasses.replace(Transfer(1, "/a", HERE, 95), **changes)
    assert may_go_straight(transfer, dataclasses.replace(SMALL, **provider)) is goes


def test_the_scenes_are_what_they_are_called(tmp_path, journal, pool):
    ends = {}
    for scene, arrange in SCENES.items():
        road = Road(straight, tmp_path, journal, pool)
        arrange(road)
        ends[scene] = road.run(UploadOptions(), HERE)["ended"]
    failed = {scene: end[0] for scene, end in ends.items() if isinstance(end, tuple)}
    assert failed == {
        "the service is away": ServiceUnavailable,
        "nobody is there": Unreachable,
        "it is refused": AccessDenied,
        "bytes are always damaged": BadDigest,
        "the key is taken": AlreadyExists,
        "the key is taken at the last moment": AlreadyExists,
        "the file changes": SourceChanged,
        "the stored object is another": VerificationFailed,
        "the look at it fails": ServiceUnavailable,
        "nobody can look at it": Unreachable,
        "it may not be looked at": AccessDenied,
    }
