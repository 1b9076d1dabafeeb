"""C-11, S-08 and figure G13: whatever a server answers costs little and is no false success."""

import json
import os
import random
import subprocess
import sys
import time

import pytest

from s3gui.adapters.s3 import connect
from s3gui.adapters.s3_bounds import Bounds
from s3gui.core.errors import BadAnswer, S3guiError, ServiceUnavailable, Unreachable
from s3gui.core.profile import Credentials, Profile, Secret
from tests.support.fuzzed_answers import fuzzed_answer, is_success
from tests.support.hostile_server import MEMORY_BOMBS, hostile_server, plain
from tests.support.operations import OPERATIONS

SEED = int(os.environ.get("RELIABILITY_SEED", random.SystemRandom().randrange(2**32)))
FUZZED = int(os.environ.get("RELIABILITY_FUZZED", "25"))
MIB = 1024 * 1024
MOST_GROWTH_BYTES = 64 * MIB


def store_at(endpoint_url: str, **bounds: float):
    profile = Profile("id", "Hostile", provider_id="practice", endpoint_url=endpoint_url)
    credentials = Credentials("AKIAHOSTILE000000001", Secret("hostile-secret-0123456789abcdefgh"))
    return connect(profile, credentials, bounds=Bounds(**bounds))


@pytest.mark.row("C-11")
@pytest.mark.row("G13")
@pytest.mark.skipif(sys.platform != "linux", reason="reads the memory's size from /proc")
@pytest.mark.parametrize("name", MEMORY_BOMBS)
def test_no_answer_takes_more_than_64_mebibytes_or_a_minute(name):
    bomb = MEMORY_BOMBS[name]

    def content(line: str):
        return [plain("204 No Content", b"")] if line.startswith("DELETE") else bomb(line)

    operations = ["put_object", "list_objects", "complete_multipart"]
    with hostile_server(content) as server:
        child = subprocess.run(
            [sys.executable, "-m", "tests.support.hostile_child", server.endpoint_url, *operations],
            capture_output=True,
            text=True,
            timeout=200,
            check=False,
        )
    assert child.returncode == 0, child.stderr
    found = json.loads(child.stdout)
    for operation, cost in found.items():
        assert cost["grown_bytes"] <= MOST_GROWTH_BYTES, (operation, cost)
        assert cost["seconds"] < 60, (operation, cost)
        assert cost["error"] is not None, operation


@pytest.mark.row("S-08")
@pytest.mark.parametrize(
    "operation", ["list_buckets", "list_objects", "list_parts", "list_multipart_uploads"]
)
@pytest.mark.parametrize(
    "body",
    [b"", b"ok", b"<Other/>", b"<html>Welcome</html>", b"<!DOCTYPE html><html/>", b"{}"],
    ids=["nothing", "text", "another document", "web page", "web page with a type", "JSON"],
)
def test_a_list_that_is_none_is_not_taken_for_an_empty_one(operation, body):
    with hostile_server(lambda _: [plain("200 OK", body)]) as server, pytest.raises(BadAnswer):
        OPERATIONS[operation](store_at(server.endpoint_url))


@pytest.mark.row("S-08")
@pytest.mark.parametrize(
    "operation", ["list_buckets", "list_objects", "list_parts", "list_multipart_uploads"]
)
@pytest.mark.parametrize("status", ["201 Created", "226 IM Used"])
def test_an_error_inside_of_another_success_than_200_is_no_empty_list(operation, status):
    answer = plain(status, b"<Error><Code>SlowDown</Code></Error>")
    with hostile_server(lambda _: [answer]) as server, pytest.raises(BadAnswer):
        OPERATIONS[operation](store_at(server.endpoint_url))


@pytest.mark.row("S-08")
@pytest.mark.parametrize("operation", ["create_multipart", "complete_multipart"])
@pytest.mark.parametrize(
    "body",
    [
        b"<Other><UploadId>id</UploadId><ETag>etag</ETag></Other>",
        b"<InitiateMultipartUploadResult/>",
        b"<CompleteMultipartUploadResult/>",
        b"<CompleteMultipartUploadResult><ETag>etag</ETag>",
        b"<InitiateMultipartUploadResult><UploadId>id</UploadId>",
    ],
    ids=["another root", "no id", "no ETag", "cut after the ETag", "cut after the id"],
)
def test_a_document_that_is_not_the_wanted_one_is_no_success(operation, body):
    with (
        hostile_server(lambda _: [plain("200 OK", body)]) as server,
        pytest.raises((BadAnswer, ServiceUnavailable)) as raised,
    ):
        OPERATIONS[operation](store_at(server.endpoint_url))
    assert raised.value.retryable


@pytest.mark.row("G13")
@pytest.mark.parametrize("part", ["status", "header", "body"])
def test_one_byte_now_and_then_does_not_put_off_the_end_of_the_time(part):
    start = {"status": b"", "header": b"HTTP/1.1 200 OK\r\nx-slow: "}.get(
        part, b"HTTP/1.1 500 No\r\nContent-Length: 5000\r\n\r\n<Error>"
    )

    def content(_: str):
        yield start
        for _ in range(5000):
            time.sleep(0.1)
            yield b"H" if part == "status" else b"x"

    with hostile_server(content) as server:
        store = store_at(server.endpoint_url, silence_seconds=0.5, answer_seconds=1.0)
        for operation in ("put_object", "upload_part", "create_multipart", "list_parts"):
            began = time.monotonic()
            with pytest.raises(Unreachable, match=r"in time|silent"):
                OPERATIONS[operation](store)
            assert time.monotonic() - began < 10, operation


@pytest.mark.row("C-11")
def test_a_list_whose_pages_go_round_in_a_circle_ends():
    page = (
        b"<ListMultipartUploadsResult><IsTruncated>true</IsTruncated>"
        b"<NextKeyMarker>k</NextKeyMarker><NextUploadIdMarker>u</NextUploadIdMarker>"
        b"</ListMultipartUploadsResult>"
    )
    with hostile_server(lambda _: [plain("200 OK", page)]) as server:
        with pytest.raises(BadAnswer, match="repeat"):
            OPERATIONS["list_multipart_uploads"](store_at(server.endpoint_url))
        assert len(server.requests) <= 3


@pytest.mark.row("C-11")
def test_what_a_document_type_names_is_not_fetched(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("do not read me")
    asked: list[str] = []

    def elsewhere(line: str):
        asked.append(line)
        return [plain("200 OK", b"gotcha")]

    with hostile_server(elsewhere) as other:
        document = (
            f'<!DOCTYPE x [<!ENTITY a SYSTEM "{secret.as_uri()}">'
            f'<!ENTITY b SYSTEM "{other.endpoint_url}/b">'
            f'<!ENTITY % c SYSTEM "{other.endpoint_url}/c"> %c;]>'
            "<Error><Code>&a;&b;</Code></Error>"
        )
        for status in ("200 OK", "400 Bad Request"):
            answer = plain(status, document.encode())
            with hostile_server(lambda _, answer=answer: [answer]) as server:
                with pytest.raises(S3guiError) as raised:
                    OPERATIONS["create_multipart"](store_at(server.endpoint_url))
                assert "do not read me" not in str(raised.value) + raised.value.detail
    assert asked == []


@pytest.mark.row("G13")
@pytest.mark.timeout(900)
def test_fuzzed_answers_neither_crash_nor_pass_for_a_success():
    """Whatever else is raised than S3guiError fails the test; so does a success without proof."""
    drawn = random.Random(SEED)
    answers: list[bytes] = []
    with hostile_server(lambda _: [answers[-1]]) as server:
        store = store_at(server.endpoint_url, silence_seconds=2.0, answer_seconds=4.0)
        for name, call in OPERATIONS.items():
            for number in range(FUZZED):
                answers.append(fuzzed_answer(name, drawn))
                about = f"RELIABILITY_SEED={SEED} {name} {number}: {answers[-1][:500]!r}"
                failure = failure_of(call, store, about)
                if failure is None:
                    assert is_success(name, answers[-1]), about
                else:
                    assert failure.code != "unexpected", about
                    assert failure.message.isprintable(), about


def failure_of(call, store, about: str) -> S3guiError | None:
    try:
        call(store)
    except S3guiError as error:
        return error
    except Exception as error:
        error.add_note(about)
        raise
    return None
