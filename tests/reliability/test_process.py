"""Rows P-01 to P-07: what may happen to the process in the middle of an upload."""

import contextlib
import json
import os
import resource
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from s3gui.adapters.logs import hide_secrets_in_logs
from s3gui.adapters.transfer_codec import TRANSFER_COLUMNS, batch_row, transfer_row
from s3gui.adapters.transfer_db import TransferDb
from s3gui.adapters.transfer_schema import MIGRATIONS
from s3gui.core.events import PartFailed
from s3gui.core.transfer import Batch, Destination, Transfer, TransferState
from s3gui.engine.concurrency import Concurrency
from s3gui.engine.means import Means
from s3gui.engine.overlap import Overlap
from s3gui.engine.room import Room
from s3gui.engine.source import FileSource, MemoryBody
from s3gui.engine.stop import Stop
from s3gui.engine.upload import upload
from s3gui.practice import AFTER_BODY, delay
from tests.stress.figure import a_seed
from tests.stress.kills import run_kills, run_kills_at_system_calls
from tests.support import canary
from tests.support.upload_world import BUCKET, PART, SECONDS, completed, in_parts, upload_world


@pytest.mark.row("P-01")
@pytest.mark.timeout(280)
def test_a_hundred_kills_lose_nothing_and_cost_no_more_than_what_was_in_flight(tmp_path):
    """Figure G1 in small; `python -m tests.stress G1` runs it in full."""
    outcome = run_kills(tmp_path, 100, a_seed())
    assert outcome.failures == []
    assert outcome.done == 100


@pytest.mark.row("P-01")
def test_kills_at_chosen_system_calls_lose_nothing(tmp_path):
    outcome = run_kills_at_system_calls(tmp_path, 10, a_seed())
    if outcome.not_run:
        pytest.skip(outcome.not_run)
    assert outcome.failures == []


@pytest.mark.row("P-01")
@pytest.mark.parametrize("provider_id", ["practice", "generic"])
def test_a_put_that_was_stored_before_the_kill_is_found_and_not_called_anothers(
    tmp_path, provider_id
):
    """The kill comes after the service stored the object and before its answer is written down."""
    with upload_world(tmp_path, provider_id=provider_id) as world:
        path = world.file(parts=0.5)
        world.upload(path)
        [row] = world.rows()
        world.journal.save(
            Transfer(
                **{
                    **{name: getattr(row, name) for name in row.__dataclass_fields__},
                    "state": TransferState.RUNNING,
                    "stored": None,
                    "ended_at": None,
                }
            )
        )
        with world.queue() as queue:
            queue.start()
            assert queue.wait_until_idle(SECONDS)
        assert completed(world)
        assert len(world.server.ledger.commits()) == 1
        world.check()


@pytest.mark.row("P-03")
def test_an_unexpected_exception_fails_one_transfer_and_the_pool_keeps_its_size(
    world, monkeypatch, caplog
):
    """Afterwards two are sent at once as before: each waits for another. The log has no secret."""
    hide_secrets_in_logs()
    send, two = world.store.upload_part, threading.Barrier(2)

    def broken(multipart, *arguments, **names):
        if multipart.key == "bad.bin":
            raise RuntimeError(f"a fault of ours, x-amz-security-token: {canary.TOKEN}")
        two.wait(SECONDS)
        return send(multipart, *arguments, **names)

    monkeypatch.setattr(world.store, "upload_part", broken)
    bad, *good = [world.file("bad.bin"), *(world.file(f"{number}.bin") for number in range(6))]
    world.upload(bad, *good, parts_at_once=2)
    states = {row.destination.key: row.state for row in world.rows()}
    assert states.pop("bad.bin") is TransferState.FAILED
    assert set(states.values()) == {TransferState.COMPLETED}
    failed = next(row for row in world.rows() if row.state is TransferState.FAILED)
    assert failed.failure.code == "unexpected"
    assert failed.failure.detail.startswith("RuntimeError: a fault of ours")
    assert "Traceback" not in failed.failure.message + failed.failure.detail
    assert "Traceback" in caplog.text
    assert canary.hits((failed.failure.detail + caplog.text).encode()) == []
    monkeypatch.setattr(world.store, "upload_part", send)
    with world.queue() as queue:
        queue.start()
        queue.retry_failed()
        assert queue.wait_until_idle(SECONDS)
    assert completed(world)


@pytest.mark.row("P-04")
def test_too_little_memory_for_a_part_means_fewer_at_once_and_no_failure(world, monkeypatch):
    send, refused = world.store.upload_part, []

    def hungry(multipart, number, *arguments, **names):
        if len(refused) < 3:
            refused.append(number)
            raise MemoryError
        return send(multipart, number, *arguments, **names)

    monkeypatch.setattr(world.store, "upload_part", hungry)
    world.upload(world.file(parts=8), parts_at_once=4)
    assert completed(world)
    told = [each.message for each in world.events if isinstance(each, PartFailed)]
    assert any("too little memory" in message for message in told)


@pytest.mark.row("P-04")
def test_sixty_four_open_files_are_enough_for_the_command_line(world, tmp_path):
    paths = [world.file(f"many/{number}.bin", parts=1) for number in range(150)]
    large = world.file("many/large.bin", parts=400)
    done = subprocess.run(
        [
            *(sys.executable, "-m", "s3gui", "upload", str(paths[0].parent), f"s3://{BUCKET}/"),
            *("--part-size", "5MiB", "--json", "--endpoint-url", world.server.endpoint_url),
        ],
        env=os.environ
        | {
            "AWS_ACCESS_KEY_ID": world.server.credentials.access_key_id,
            "AWS_SECRET_ACCESS_KEY": world.server.credentials.secret_access_key,
            "PYTHONPATH": os.pathsep.join(sys.path),
        },
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64)),
        capture_output=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr.decode()
    assert len(world.server.ledger.commits()) == 151
    assert world.read("many/large.bin") == large.read_bytes()


@pytest.mark.row("P-06")
def test_a_late_request_of_an_earlier_run_cannot_change_the_object(world, monkeypatch):
    """The old part lands after the new run sent its own, just before Complete lists the parts."""
    complete = world.store.complete_multipart
    late = []

    def with_a_late_part(multipart, parts, checksum, **conditions):
        if not late:
            old = bytes(PART)
            late.append(
                world.store.upload_part(
                    multipart,
                    1,
                    MemoryBody(old),
                    world.store.checksums.of([old]),
                    on_sent=lambda _: None,
                )
            )
        return complete(multipart, parts, checksum, **conditions)

    monkeypatch.setattr(world.store, "complete_multipart", with_a_late_part)
    world.upload(world.file())
    assert completed(world)
    refused = world.server.ledger.records("CompleteMultipartUpload", error_code="InvalidPart")
    assert len(refused) == 1
    world.overwritten_parts = frozenset({1})


@pytest.mark.row("P-06")
def test_a_part_that_still_arrives_when_the_next_run_starts_does_no_harm(world):
    """The request of the closed queue is held by the server until the new run is under way."""
    slow = world.server.faults.add(delay(0.5, AFTER_BODY), operation="UploadPart", times=3)
    path = world.file()
    with world.queue() as queue:
        queue.start()
        queue.add([path], Destination(BUCKET, ""), in_parts(), world.profile)
        deadline = time.monotonic() + SECONDS
        while slow.hits < 3 and time.monotonic() < deadline:
            queue.wait_until_idle(0.01)
        queue.close(timeout_seconds=0)
    with world.queue() as queue:
        queue.start()
        assert queue.wait_until_idle(SECONDS)
    assert completed(world)
    assert len(world.server.ledger.commits()) == 1


@pytest.mark.row("P-07")
def test_the_engine_gives_the_same_guarantees_without_qt_and_without_a_queue(world):
    """Plain Python in one thread and a pool: verified, and resumed without Qt ever loaded."""
    path = world.file()
    world.journal.add_batch(Batch("plain", Destination(BUCKET, ""), world.profile))
    transfer = Transfer(1, str(path), Destination(BUCKET, "file.bin"), options=in_parts())
    [transfer_id] = world.journal.add_transfers([transfer])
    with ThreadPoolExecutor(2) as pool, FileSource(str(path)) as source:
        means = Means(
            world.store,
            world.journal,
            pool,
            world.events.append,
            world.clock,
            Concurrency(8),
            Overlap(),
            Room(),
        )
        done = upload(world.journal.transfer(transfer_id), source, means, Stop())
    assert done.state is TransferState.COMPLETED
    assert done.stored.checksum == world.store.checksums.of([path.read_bytes()])


def start_command_line(world, *arguments, **changes) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "s3gui", *arguments]
    environment = os.environ | {
        "AWS_ACCESS_KEY_ID": world.server.credentials.access_key_id,
        "AWS_SECRET_ACCESS_KEY": world.server.credentials.secret_access_key,
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **changes}
    return subprocess.Popen(command, env=environment, text=True, **streams)


@pytest.mark.row("P-02")
@pytest.mark.parametrize(
    ("number", "seconds"),
    [(signal.SIGTERM, 0.2), (signal.SIGTERM, 30), (signal.SIGINT, 30), (signal.SIGHUP, 0.2)],
)
def test_a_signal_ends_the_command_line_within_three_seconds_and_nothing_is_lost(
    world, number, seconds
):
    """Also while a request is under way that nobody answers for half a minute."""
    large = world.file("large.bin", parts=400)
    slow = world.server.faults.add(
        delay(seconds, AFTER_BODY), operation="UploadPart", first=3, times=None
    )
    arguments = ("upload", str(large), f"s3://{BUCKET}/", "--part-size", "5MiB", "--json")
    with start_command_line(
        world, *arguments, "--endpoint-url", world.server.endpoint_url
    ) as process:
        assert world.server.ledger.wait_for(2, "UploadPart", status=200, timeout_seconds=SECONDS)
        answered = world.server.ledger.records("UploadPart", status=200)
        # What is answered to a process that is leaving may be sent again.
        world.overwritten_parts = frozenset(range(1, 81)) - {each.part_number for each in answered}
        asked_at = time.monotonic()
        process.send_signal(number)
        output, errors = process.communicate(timeout=SECONDS)
    assert time.monotonic() - asked_at < 3
    assert process.returncode == 130
    last = json.loads(output.splitlines()[-1])
    assert last["event"] == "summary"
    assert last["is_interrupted"]
    assert "Traceback" not in errors
    assert world.server.ledger.commits() == []

    world.server.faults.remove(slow)
    with start_command_line(world, "resume", "--json") as process:
        process.communicate(timeout=SECONDS)
    assert process.returncode == 0
    assert world.read("large.bin") == large.read_bytes()
    assert len(world.server.ledger.commits()) == 1
    assert world.requests("CreateMultipartUpload") == 1


@pytest.mark.row("P-07")
def test_a_command_whose_output_is_closed_uploads_and_does_not_end_with_zero(world):
    large = world.file("large.bin", parts=100)
    arguments = ("upload", str(large), f"s3://{BUCKET}/", "--json")
    with start_command_line(
        world, *arguments, "--endpoint-url", world.server.endpoint_url
    ) as process:
        process.stdout.close()
        errors = process.stderr.read()
    assert process.returncode == 1
    assert "Traceback" not in errors
    assert world.read("large.bin") == large.read_bytes()


_MIGRATE_AND_DIE = """
import os, signal, sqlite3, sys
from s3gui.adapters.transfer_file import migrate
db = sqlite3.connect(sys.argv[1], isolation_level=None)
steps, last = 0, int(sys.argv[2])
def step():
    global steps
    steps += 1
    if steps == last:
        os.kill(os.getpid(), signal.SIGKILL)
db.set_progress_handler(step, 1)
migrate(db)
print(steps)
"""


def migrate_and_die(path, at_step: int) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", _MIGRATE_AND_DIE, str(path), str(at_step)],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        check=False,
        text=True,
        timeout=SECONDS,
    )


@pytest.mark.row("P-05")
def test_a_kill_inside_a_migration_leaves_a_queue_that_opens_with_every_row(world, tmp_path):
    rows = [
        Transfer(1, f"/{number}", Destination(BUCKET, f"{number}"), size=number)
        for number in range(300)
    ]

    def old_queue(name):
        path = tmp_path / name
        with contextlib.closing(sqlite3.connect(path)) as db:
            db.executescript(f"{MIGRATIONS[0]}; PRAGMA user_version = 1;")
            batch = (1, 1.0, *batch_row(Batch("old", Destination(BUCKET, ""), world.profile)))
            db.execute("INSERT INTO batch VALUES (?, ?, ?, ?, ?, ?)", batch)
            columns = TRANSFER_COLUMNS[: TRANSFER_COLUMNS.index("depth")]
            marks = ", ".join("?" * len(columns))
            db.executemany(
                f"INSERT INTO transfer ({', '.join(columns)}) VALUES ({marks})",
                [transfer_row(each)[: len(columns)] for each in rows],
            )
            db.commit()
        return path

    whole = migrate_and_die(old_queue("whole.sqlite"), at_step=-1)
    steps = int(whole.stdout)
    versions = set()
    for at_step in sorted({1, 2, steps // 3, steps // 2, steps - 2, steps - 1, steps}):
        path = old_queue(f"{at_step}.sqlite")
        assert migrate_and_die(path, at_step).returncode == -signal.SIGKILL
        with contextlib.closing(sqlite3.connect(path)) as db:
            versions.add(db.execute("PRAGMA user_version").fetchone()[0])
        journal = TransferDb.open(path)
        assert journal.set_aside is None
        assert [each.destination for each in journal.transfers(journal.ids())] == [
            each.destination for each in rows
        ]
        journal.close()
    assert 1 in versions
    assert versions <= set(range(1, len(MIGRATIONS) + 1))
