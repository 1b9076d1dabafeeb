"""Rows N-01 to N-07 and N-09: what the network may do to an upload.

The invariants I1 to I4 and I8 are checked after every test, from the server's ledger.
"""

import os
import random
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest

from s3gui.adapters.s3_bounds import Bounds
from s3gui.adapters.transfer_db import TransferDb
from s3gui.core.events import ConnectionHeld, ConnectionReleased, PartCompleted, PartProgress
from s3gui.core.transfer import Destination, TransferState, UploadOptions, WaitingFor
from s3gui.practice import AFTER_STORING, close_connection
from tests.stress.flaps import run_flaps
from tests.support.chaos.toxics import (
    DOWN,
    UP,
    Bandwidth,
    Latency,
    Loss,
    LostReply,
    Reset,
    Silence,
    SlowClose,
)
from tests.support.upload_world import (
    BUCKET,
    PART,
    PARTS_OF_CHILD,
    SECONDS,
    HastyClock,
    UploadWorld,
    completed,
    in_parts,
    upload_world,
)

SEED = int(os.environ.get("RELIABILITY_SEED", random.SystemRandom().randrange(2**32)))
FLAPS = int(os.environ.get("RELIABILITY_FLAPS", "12"))


@pytest.fixture
def world(tmp_path):
    with a_world(tmp_path) as world:
        yield world


@contextmanager
def a_world(tmp_path, **bounds: float):
    with upload_world(tmp_path, line_seed=SEED, bounds=Bounds(**bounds)) as world:
        yield world
        world.line.clear()
        world.line.link_up()
        world.check()


def held(world: UploadWorld) -> list[ConnectionHeld]:
    return [each for each in world.events if isinstance(each, ConnectionHeld)]


def times_sent(world: UploadWorld) -> dict[int, int]:
    """By number of part: requests that the server saw to their end."""
    records = world.server.ledger.records("UploadPart")
    numbers = [record.part_number for record in records]
    return {number: numbers.count(number) for number in numbers}


@pytest.mark.row("N-01")
@pytest.mark.parametrize("at", [0, PART // 2, PART - 1])
def test_a_reset_costs_that_part_alone_and_counts_nothing_twice(world, at):
    # Twice: a connection that was used before is replaced once, without a pause.
    reset = world.line.add(Reset(only="partNumber=1", times=2, at=at))
    world.upload(world.file(), parts_at_once=1)
    assert completed(world)
    assert reset.hits == 2
    assert len(world.clock.pauses) == 1, "one pause, with jitter, before one other attempt"
    assert 0 <= world.clock.pauses[0] <= 0.5
    assert {number: times_sent(world)[number] for number in (2, 3, 4)} == {2: 1, 3: 1, 4: 1}
    progress = [each for each in world.events if isinstance(each, PartProgress)]
    assert all(each.sent <= each.size for each in progress)
    completions = [each.size for each in world.events if isinstance(each, PartCompleted)]
    assert sum(completions) == world.row().sent_bytes == world.row().size == 4 * PART


@pytest.mark.row("N-02")
@pytest.mark.parametrize("reset", [True, False])
def test_a_part_whose_answer_is_lost_is_sent_again_once_and_listed_once(world, reset):
    world.line.add(LostReply(only="partNumber=2", times=1, reset=reset))
    world.overwritten_parts = frozenset({2})
    world.upload(world.file())
    assert completed(world)
    assert times_sent(world) == {1: 1, 2: 2, 3: 1, 4: 1}
    assert world.requests("CompleteMultipartUpload") == 1


@pytest.mark.row("N-02")
def test_a_connection_whose_end_is_heard_late_costs_the_part_that_was_lost_with_it(world):
    slow = world.line.add(SlowClose(direction=DOWN, seconds=0.2))
    lost = world.server.faults.add(close_connection(AFTER_STORING), operation="UploadPart", first=2)
    world.overwritten_parts = frozenset({2})
    world.upload(world.file(), parts_at_once=1)
    assert completed(world)
    assert (lost.hits, slow.hits > 0) == (1, True)
    assert times_sent(world) == {1: 1, 2: 2, 3: 1, 4: 1}


@pytest.mark.row("N-02")
@pytest.mark.parametrize("parts", [0.5, 4])
def test_a_lost_answer_to_the_request_that_makes_the_object_is_no_failure(world, parts):
    only = "^PUT" if parts < 1 else "^POST .*uploadId"
    lost = world.line.add(LostReply(only=only, times=1))
    world.upload(world.file(parts=parts))
    assert completed(world)
    assert lost.hits == 1
    assert len(world.server.ledger.commits()) <= 2


@pytest.mark.row("N-03")
@pytest.mark.parametrize("direction", ["up", "down"])
def test_silence_ends_an_attempt_and_the_next_takes_another_connection(tmp_path, direction):
    with a_world(tmp_path, silence_seconds=0.5) as world:
        silence = Silence(only="partNumber=2", times=1, at=0)
        if direction == "down":
            silence = Silence(direction=DOWN, only="partNumber=2", times=1, at=-1)
            world.overwritten_parts = frozenset({2})
        world.line.add(silence)
        began = time.monotonic()
        world.upload(world.file())
        assert completed(world)
        assert silence.hits == 1
        assert time.monotonic() - began >= 0.5
        assert world.line.connections >= 2


@pytest.mark.row("N-03")
def test_a_host_that_takes_the_connection_and_says_nothing_is_left(tmp_path):
    with a_world(tmp_path, silence_seconds=0.5) as world:
        silence = world.line.add(Silence(only="^HEAD", times=1, of_connection=True))
        world.upload(world.file())
        assert completed(world)
        assert silence.hits == 1


@pytest.mark.row("N-04")
def test_a_slow_line_is_not_taken_for_a_dead_one(tmp_path):
    """A part takes twice as long as the line may be silent; what the proxy holds does not."""
    with a_world(tmp_path, silence_seconds=6.0, answer_seconds=6.0) as world:
        world.line.add(Bandwidth(bytes_per_second=100_000))
        parts = UploadOptions(part_size=20 * PART)
        world.upload(world.file(parts=20.5), options=parts, parts_at_once=1)
        assert completed(world)
        assert times_sent(world) == {1: 1, 2: 1}
        assert world.clock.pauses == []


@pytest.mark.row("N-05")
def test_a_line_that_is_late_and_loses_packets_costs_no_attempt(world):
    """In small, by a proxy; `python -m tests.stress N5` does it with packets, and measures."""
    for direction in (UP, DOWN):
        world.line.add(Latency(direction=direction, seconds=0.1))
        world.line.add(Loss(direction=direction, probability=0.02, seconds=0.2))
    world.line.add(Bandwidth(bytes_per_second=10e6 / 8))
    world.upload(world.file(parts=12), parts_at_once=4)
    assert completed(world)
    assert times_sent(world) == dict.fromkeys(range(1, 13), 1)
    assert world.clock.pauses == []


class PausesCount(HastyClock):
    """Its time is the real one and all that was paused."""

    def steady(self) -> float:
        return super().steady() + sum(self.pauses)


@pytest.mark.row("N-06")
def test_names_that_are_not_found_for_five_minutes_are_waited_for(world, monkeypatch):
    """And soon after they are found again, by the clock of the pauses, it goes on."""
    is_gone = threading.Event()
    real = socket.getaddrinfo

    def getaddrinfo(*arguments, **named):
        if is_gone.is_set():
            raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
        return real(*arguments, **named)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    clock = world.clock = PausesCount()
    gone_after = world.line.add(Reset(only="partNumber=3", at=0))
    with world.queue(parts_at_once=1) as queue:
        queue.start()
        queue.add([world.file()], Destination(BUCKET, ""), in_parts(), world.profile)
        world.line.wait_for(lambda line: gone_after.hits)
        is_gone.set()
        world.line.cut_connections()
        wait_for(lambda: held(world))
        world.line.clear()
        assert world.row().waiting_for is WaitingFor.NETWORK
        assert "its name was not found" in held(world)[0].failure.message
        went_at, known = clock.steady(), times_sent(world)
        wait_for(lambda: clock.steady() > went_at + 300, "five minutes of looks")
        assert times_sent(world) == known
        assert len(held(world)) == 1
        came_back_at, before = clock.steady(), world.requests("UploadPart")
        is_gone.clear()
        wait_for(lambda: world.requests("UploadPart") > before)
        assert clock.steady() - came_back_at <= 15
        assert queue.wait_until_idle(SECONDS)
    assert completed(world)
    assert times_sent(world)[1] == times_sent(world)[2] == 1


@pytest.mark.row("N-06")
def test_a_network_that_is_away_is_waited_for_and_burns_no_attempts(world):
    gone_after = world.line.add(Silence(only="partNumber=3", at=0))
    with world.queue(parts_at_once=1) as queue:
        queue.start()
        queue.add([world.file()], Destination(BUCKET, ""), in_parts(), world.profile)
        world.line.wait_for(lambda line: gone_after.hits)
        world.line.link_down()
        wait_for(lambda: held(world))
        assert world.row().state is TransferState.WAITING
        assert world.row().waiting_for is WaitingFor.NETWORK
        assert "cannot be reached" in held(world)[0].failure.message
        known = times_sent(world)
        pauses = len(world.clock.pauses)
        wait_for(lambda: len(world.clock.pauses) > pauses + 20, "looks, one after the other")
        assert times_sent(world) == known
        assert world.row().state is TransferState.WAITING
        assert len(held(world)) == 1, "one cause is told once"
        world.line.clear()
        world.line.link_up()
        assert queue.wait_until_idle(SECONDS)
    assert completed(world)
    assert any(isinstance(each, ConnectionReleased) for each in world.events)
    assert max(world.clock.pauses) <= 5, "the next look, and so the way back, is near"
    assert times_sent(world)[1] == times_sent(world)[2] == 1


@pytest.mark.row("N-07")
def test_connections_that_the_server_dropped_meanwhile_are_replaced_without_a_word(world):
    world.upload(world.file("one.bin"))
    world.line.cut_connections(reset=False)
    world.line.wait_for(lambda line: not line.open_connections)
    world.upload(world.file("two.bin"))
    assert completed(world)
    assert world.clock.pauses == []


@pytest.mark.row("N-07")
def test_connections_that_died_without_a_sign_are_not_used_after_a_rest(tmp_path):
    with a_world(tmp_path, idle_seconds=0.0, silence_seconds=5.0) as world:
        world.upload(world.file("one.bin"))
        world.line.strand_connections()
        world.upload(world.file("two.bin"))
        assert completed(world)
        assert world.clock.pauses == [], "no attempt was lost on them"


@pytest.mark.row("N-07")
@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGSTOP")
def test_a_process_that_slept_gives_up_its_connections_at_once(tmp_path):
    """The line forgets them meanwhile, and tells nobody."""
    queue_file = tmp_path / "queue.db"
    with upload_world(tmp_path, line_seed=SEED) as world:
        own = world.journal
        file = world.file(parts=100)
        with closing(TransferDb.open(queue_file)) as world.journal, world.queue() as queue:
            queue.add([file], Destination(BUCKET, ""), in_parts(), world.profile)
        slow = world.line.add(Bandwidth(bytes_per_second=400_000))
        with a_life(queue_file, world) as (child, ended):
            assert world.server.ledger.wait_for(3, "UploadPart", timeout_seconds=SECONDS)
            os.kill(child, signal.SIGSTOP)
            world.line.strand_connections()
            world.line.remove(slow)
            assert not select.select([ended], [], [], 11)[0], "it sleeps"
            os.kill(child, signal.SIGCONT)
            woke_at = time.monotonic()
            assert ended.readline() == "ended 0\n"
        assert time.monotonic() - woke_at < 30, "it did not wait for a silence of 60 seconds"
        with closing(TransferDb.open(queue_file)) as world.journal:
            assert completed(world)
            sent = times_sent(world)
            world.overwritten_parts = frozenset(n for n, count in sent.items() if count > 1)
            assert len(world.overwritten_parts) <= PARTS_OF_CHILD
            world.check()
        world.journal = own


@pytest.mark.row("N-09")
def test_a_line_that_goes_up_and_down_completes_and_resends_what_was_in_flight(tmp_path):
    assert run_flaps(tmp_path, FLAPS, SEED).failures == []


def wait_for(condition, what: str = "") -> None:
    ends_by = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < ends_by, what or "it never came to be"
        time.sleep(0.01)


@contextmanager
def a_life(queue_file: Path, world: UploadWorld):
    """The process id of one that goes on with the queue, and the line that will tell its end."""
    parent = subprocess.Popen(
        [sys.executable, "-m", "tests.support.life_server", str(queue_file), str(PART)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with parent:
        parent.stdin.write(world.server.credentials.secret_access_key + "\n\n")
        parent.stdin.flush()
        word, child = parent.stdout.readline().split()
        assert word == "born"
        try:
            yield int(child), parent.stdout
        finally:
            with suppress(ProcessLookupError):
                os.kill(int(child), signal.SIGKILL)
            parent.stdin.close()
