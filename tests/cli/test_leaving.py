import itertools
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from s3gui.practice import PracticeServer, delay
from tests.cli.conftest import Program, Result
from tests.cli.runs import FIVE_MIB_PARTS, MIB, PART, check_schema

# Leaving off.


def interrupted(program: Program, large: Path, number: signal.Signals) -> Result:
    """A signal after the first part was acknowledged."""
    arguments = ("upload", large, "s3://practice/", *FIVE_MIB_PARTS, "--json")
    with program.start(*arguments, "--endpoint-url", program.endpoint_url) as started:
        started.wait_for_event(
            lambda event: event["event"] == "progress" and event["acknowledged_bytes"] > 0
        )
        started.process.send_signal(number)
        return started.wait()


def is_at_rest(server: PracticeServer) -> bool:
    """Waits until all that a program sent is in the ledger, though it has ended."""
    ends_by = time.monotonic() + 10
    while server.open_connections and time.monotonic() < ends_by:
        time.sleep(0.005)
    return not server.open_connections


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_upload_keeps_its_parts_and_goes_on_where_it_was(
    program: Program, practice, large, number
) -> None:
    slow = practice.server.faults.add(delay(0.2), operation="UploadPart", times=None)
    result = interrupted(program, large, number)
    check_schema(result)
    assert result.status == 130
    assert result.summary["is_interrupted"]
    assert result.summary["states"] == {"paused": 1}
    assert "s3gui resume" in result.errors
    assert practice.keys() == set()

    (kept,) = (each["sent_bytes"] for each in result.events if each.get("state") == "paused")
    assert is_at_rest(practice.server)
    sent_before = practice.server.ledger.count("UploadPart")
    practice.server.faults.remove(slow)
    resumed = program.run("resume", "--json")
    check_schema(resumed)
    assert resumed.status == 0
    assert practice.read("large.bin") == large.read_bytes()
    # What was answered to a program that was leaving may be sent again.
    sent_again = practice.server.ledger.count("UploadPart") - sent_before
    assert sent_again == 6 - -(-kept // PART)


def test_a_request_that_nobody_answers_does_not_keep_the_command_from_leaving(
    program: Program, practice, large
) -> None:
    hang = practice.server.faults.add(delay(60), operation="UploadPart", part_number=3, times=None)
    arguments = ("upload", large, "s3://practice/", *FIVE_MIB_PARTS, "--json")
    with program.start(*arguments, "--endpoint-url", program.endpoint_url) as started:
        started.wait_for_event(
            lambda event: event["event"] == "progress" and event["acknowledged_bytes"] == 2 * PART
        )
        before = time.monotonic()
        started.process.send_signal(signal.SIGINT)
        result = started.wait()
    assert time.monotonic() - before < 3
    check_schema(result)
    assert result.status == 130

    practice.server.faults.remove(hang)
    assert program.run("resume").status == 0
    assert practice.read("large.bin") == large.read_bytes()


def test_a_second_interruption_ends_at_once(program: Program, practice, large) -> None:
    practice.server.faults.add(delay(60), operation="UploadPart", times=None)
    arguments = ("upload", large, "s3://practice/", *FIVE_MIB_PARTS, "--json")
    with program.start(*arguments, "--endpoint-url", program.endpoint_url) as started:
        started.wait_for_event(
            lambda event: event["event"] == "transfer" and event["state"] == "running"
        )
        before = time.monotonic()
        started.process.send_signal(signal.SIGINT)
        started.wait_for_event(lambda event: event["event"] == "note")
        started.process.send_signal(signal.SIGINT)
        result = started.wait()
    assert time.monotonic() - before < 1
    assert result.status == 130
    assert result.events[-1]["event"] != "summary"


def test_an_interrupted_stream_leaves_nothing_on_the_service(program: Program, practice) -> None:
    arguments = ("upload", "-", "s3://practice/stream", "--json")
    with program.start(*arguments, "--endpoint-url", program.endpoint_url) as started:
        started.process.stdin.write(os.urandom(11 * MIB))
        started.process.stdin.flush()
        started.wait_for_event(
            lambda event: event["event"] == "progress" and event["acknowledged_bytes"] >= PART
        )
        started.process.send_signal(signal.SIGINT)
        result = started.wait()
    check_schema(result)
    assert result.status == 130
    assert result.summary["states"] == {"cancelled": 1}
    assert [each["state"] for each in result.events if "state" in each].count("cancelled") == 1
    with practice.client() as client:
        assert "Uploads" not in client.list_multipart_uploads(Bucket="practice")
    assert practice.keys() == set()


# Who listens.


def test_a_reader_that_leaves_does_not_stop_the_upload_but_fails_the_command(
    program: Program, practice, large
) -> None:
    arguments = ("upload", large, "s3://practice/", "--json")
    with program.start(*arguments, "--endpoint-url", program.endpoint_url) as started:
        started.wait_for_event(lambda event: True)
        started.process.stdout.close()
        status = started.process.wait(30)
    assert status == 1
    assert practice.read("large.bin") == large.read_bytes()
    assert b"Traceback" not in b"".join(started._errors)
    assert b"Standard output was closed" in b"".join(started._errors)


@pytest.mark.parametrize(
    ("arguments", "status"),
    [("buckets", 1), ("--version", 1), ("upload file s3://practice/ --json", 1)],
)
def test_closed_standard_output_is_never_taken_for_success(
    program: Program, practice, arguments, status
) -> None:
    (program.folder / "file").write_text("x")
    command = " ".join(program.command(arguments))
    if "--version" not in arguments:
        command += f" --endpoint-url {program.endpoint_url}"
    # Without a buffer it is argparse that meets the closed door, not whoever empties the buffer.
    for closing, unbuffered in itertools.product((">&-", ">/dev/full"), ("", "1")):
        done = subprocess.run(
            ["sh", "-c", f"{command} --on-conflict replace {closing}"]
            if "upload" in arguments
            else ["sh", "-c", f"{command} {closing}"],
            env={**program.environment, "PYTHONUNBUFFERED": unbuffered},
            cwd=program.folder,
            capture_output=True,
            check=False,
            timeout=60,
        )
        assert done.returncode == status
        assert b"Traceback" not in done.stderr


def test_without_any_open_stream_the_upload_still_works(program: Program, practice) -> None:
    (program.folder / "file").write_text("x")
    command = " ".join(program.command("upload file s3://practice/"))
    done = subprocess.run(
        ["sh", "-c", f"{command} --endpoint-url {program.endpoint_url} <&- >&- 2>&-"],
        env=program.environment,
        cwd=program.folder,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0
    assert practice.keys() == {"file"}
