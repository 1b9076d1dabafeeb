"""Figure G10: a pause or a cancel is shown within a second, whatever a request is waiting for."""

import time
from contextlib import contextmanager
from threading import Event

import pytest

from s3gui.adapters import s3_opening
from s3gui.core.events import TransferChanged
from s3gui.core.transfer import Destination, TransferState
from tests.support.chaos.toxics import DOWN, Bandwidth, Drip, Silence
from tests.support.upload_world import BUCKET, SECONDS, UploadWorld, in_parts, upload_world

SHOWN_SECONDS = 1.0
LOADED_SECONDS = 2.0
"""What a loaded machine may take beyond."""

REQUESTS = {
    "looking": "^HEAD",
    "naming": r"^POST .*\?uploads",
    "sending a part": "partNumber=2",
    "finishing": "^POST .*uploadId",
}


@pytest.fixture
def world(tmp_path):
    with upload_world(tmp_path, line_seed=1) as world:
        yield world


@contextmanager
def running(world: UploadWorld, parts: float = 4):
    with world.queue() as queue:
        queue.start()
        queue.add([world.file(parts=parts)], Destination(BUCKET, ""), in_parts(), world.profile)
        yield queue


def shown(world: UploadWorld, state: TransferState, since: float) -> None:
    """The state is told, and saved, in time: that is, when no request is under way any more."""
    ends_by = since + SHOWN_SECONDS + LOADED_SECONDS
    while not any(
        isinstance(each, TransferChanged) and each.transfer.state is state for each in world.events
    ):
        assert time.monotonic() < ends_by, f"not {state} in time"
        time.sleep(0.01)
    assert world.row().state is state


def wait_until(condition) -> None:
    ends_by = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < ends_by
        time.sleep(0.01)


@pytest.mark.row("G10")
@pytest.mark.parametrize("reason", ["pause", "cancel"])
@pytest.mark.parametrize("request_", REQUESTS.values(), ids=REQUESTS)
def test_a_stop_is_shown_at_once_while_an_answer_does_not_come(world, request_, reason):
    silence = world.line.add(Silence(direction=DOWN, only=request_, at=-1))
    with running(world) as queue:
        wait_until(lambda: silence.hits)
        asked_at = time.monotonic()
        if reason == "pause":
            queue.pause([world.row().id])
            shown(world, TransferState.PAUSED, asked_at)
        else:
            queue.cancel([world.row().id])
            shown(world, TransferState.CANCELLED, asked_at)
        wait_until(lambda: is_quiet(world))
        assert time.monotonic() - asked_at < 5 + LOADED_SECONDS
        world.line.clear()


@pytest.mark.row("G10")
@pytest.mark.parametrize(
    "toxic",
    [
        Silence(only="partNumber=2", at=0),
        Drip(only="partNumber=2", seconds=0.2),
        Bandwidth(only="partNumber=2", bytes_per_second=500),
    ],
    ids=["silence", "drip", "slow"],
)
def test_a_stop_is_shown_at_once_while_a_body_does_not_get_through(world, toxic):
    world.line.add(toxic)
    with running(world) as queue:
        wait_until(lambda: toxic.hits)
        asked_at = time.monotonic()
        queue.pause([world.row().id])
        shown(world, TransferState.PAUSED, asked_at)
        world.line.clear()
        queue.resume([world.row().id])
        assert queue.wait_until_idle(SECONDS)
    # What was in flight may have arrived after all, and was sent again.
    sent = [each.part_number for each in world.server.ledger.records("UploadPart")]
    world.overwritten_parts = frozenset(each for each in sent if sent.count(each) > 1)
    assert len(world.overwritten_parts) <= 3
    world.check()
    assert world.row().state is TransferState.COMPLETED


@pytest.mark.row("G10")
def test_a_cancel_is_shown_before_the_service_has_let_go_of_the_upload(world):
    part = world.line.add(Silence(only="partNumber=3", at=0))
    abort = world.line.add(Silence(direction=DOWN, only="^DELETE", at=-1))
    with running(world) as queue:
        wait_until(lambda: part.hits)
        asked_at = time.monotonic()
        queue.cancel([world.row().id])
        shown(world, TransferState.CANCELLED, asked_at)
        assert world.row().multipart is not None, "named until it is gone"
        wait_until(lambda: abort.hits)
        world.line.clear()
        assert queue.wait_until_idle(SECONDS)
    assert world.row().multipart is None
    assert world.open_uploads() == set()
    world.check()


@pytest.mark.row("G10")
def test_a_stop_while_a_name_is_looked_up_does_not_wait_for_the_resolver(world, monkeypatch):
    asked, answered = Event(), Event()

    def hang(*args, **kwargs):
        asked.set()
        answered.wait(SECONDS)
        raise OSError("nobody is there")

    with running(world, parts=0.5) as queue:
        assert queue.wait_until_idle(SECONDS)
        world.line.cut_connections()
        monkeypatch.setattr(s3_opening, "_is_number", lambda _host: False)
        monkeypatch.setattr(s3_opening.socket, "getaddrinfo", hang)
        queue.add([world.file("b.bin")], Destination(BUCKET, ""), in_parts(), world.profile)
        assert asked.wait(SECONDS)
        asked_at = time.monotonic()
        queue.pause([world.rows()[1].id])
        wait_until(lambda: world.rows()[1].state is TransferState.PAUSED)
        assert time.monotonic() - asked_at < SHOWN_SECONDS + LOADED_SECONDS
        answered.set()


def is_quiet(world: UploadWorld) -> bool:
    """No byte passes within a fifth of a second."""
    before = dict(world.line.bytes)
    time.sleep(0.2)
    return world.line.bytes == before
