"""The command line as people use it, against the practice server."""

import json
import os
import signal
import socket
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from s3gui import cli
from s3gui.practice import delay
from tests.cli.conftest import Practice, Program
from tests.cli.runs import FIVE_MIB_PARTS, MIB, PART, check_schema


def anonymous_status(practice: Practice, key: str) -> int:
    url = f"{practice.service.endpoint_url}/{practice.bucket}/{key}"
    try:
        with urllib.request.urlopen(url) as answer:
            return answer.status
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code


# What lands.


def test_a_file_lands_byte_for_byte_with_its_type_and_metadata(
    upload_here, practice, tmp_path
) -> None:
    source = tmp_path / "page.html"
    source.write_bytes(b"<p>" * 1000)
    result = upload_here(source, "s3://practice/web/", "--metadata", "owner=me", "--json")
    check_schema(result)
    assert result.status == 0
    assert practice.read("web/page.html") == source.read_bytes()
    head = practice.head("web/page.html")
    assert head["ContentType"] == "text/html"
    assert head["Metadata"] == {"owner": "me"}


def test_a_large_file_lands_in_parts(upload_here, practice, large) -> None:
    result = upload_here(large, "s3://practice/exact/key", "--part-size", "5MiB", "--json")
    check_schema(result)
    assert result.status == 0
    assert practice.read("exact/key") == large.read_bytes()
    assert practice.server.ledger.count("UploadPart", status=200) == 6


def test_a_tree_keeps_its_structure(upload_here, practice, tmp_path) -> None:
    top = tmp_path / "tree"
    expected = {}
    for name in ("a.txt", "deep/er/b.txt", "deep/ü ö+&?#%41.txt", "empty"):
        path = top / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"" if name == "empty" else name.encode())
        expected[f"x/tree/{name}"] = path.read_bytes()
    assert upload_here(top, "s3://practice/x/").status == 0
    assert {key: practice.read(key) for key in sorted(practice.keys())} == expected


@pytest.mark.parametrize(("acl", "status"), [("public-read", 200), ("private", 403)])
def test_the_canned_acl_decides_who_may_read(upload_here, practice, tmp_path, acl, status) -> None:
    source = tmp_path / "notice"
    source.write_text("for all?")
    assert upload_here(source, "s3://practice/", "--acl", acl).status == 0
    assert anonymous_status(practice, "notice") == status


@pytest.mark.parametrize("size", [0, 9, 12 * MIB])
def test_standard_input_lands_at_its_key(program: Program, practice, size: int) -> None:
    data = os.urandom(size)
    result = program.run(
        *("upload", "-", "s3://practice/from/pipe.bin", "--json"),
        *("--endpoint-url", program.endpoint_url),
        standard_input=data,
    )
    check_schema(result)
    assert result.status == 0
    assert practice.read("from/pipe.bin") == data


def test_an_aws_profile_brings_its_own_keys(program: Program, practice, tmp_path) -> None:
    (tmp_path / "credentials").write_text(
        "[work]\n"
        f"aws_access_key_id = {practice.service.access_key_id}\n"
        f"aws_secret_access_key = {practice.service.secret_access_key}\n"
    )
    (program.folder / "file").write_text("x")
    with_profile = program.changed(
        AWS_SHARED_CREDENTIALS_FILE=str(tmp_path / "credentials"),
        AWS_ENDPOINT_URL=program.endpoint_url,
        AWS_ACCESS_KEY_ID="AKIANOTTHISONE000000",
    )
    result = with_profile.run("upload", "file", "s3://practice/", "--profile", "work")
    (tmp_path / "credentials").unlink()  # the one file where a secret belongs
    assert result.status == 0
    assert practice.keys() == {"file"}


# What is refused.


@pytest.mark.parametrize(
    ("rule", "status", "keys", "data"),
    [
        ("fail", 1, {"note.txt"}, b"theirs"),
        ("skip", 0, {"note.txt"}, b"theirs"),
        ("replace", 0, {"note.txt"}, b"mine"),
        ("rename", 0, {"note.txt", "note (1).txt"}, b"theirs"),
    ],
)
def test_a_key_that_exists_is_treated_by_the_rule(
    upload_here, practice, tmp_path, rule, status, keys, data
) -> None:
    with practice.client() as client:
        client.put_object(Bucket="practice", Key="note.txt", Body=b"theirs")
    (tmp_path / "note.txt").write_bytes(b"mine")
    result = upload_here(tmp_path / "note.txt", "s3://practice/", "--on-conflict", rule)
    assert result.status == status
    assert practice.keys() == keys
    assert practice.read("note.txt") == data


def test_a_bucket_that_does_not_exist_is_named(upload_here, large) -> None:
    result = upload_here(large, "s3://no-such-bucket/", "--json")
    check_schema(result)
    assert result.status == 1
    assert "The bucket “no-such-bucket” does not exist" in result.errors


def test_wrong_keys_are_told_without_telling_them(upload_here, monkeypatch, large) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "not-the-secret-key")
    result = upload_here(large, "s3://practice/", "--json", "--debug")
    check_schema(result)
    assert result.status == 1
    assert "does not accept these credentials" in result.errors
    assert "not-the-secret-key" not in result.errors + result.output


def test_no_keys_at_all_are_told_with_how_to_give_them(
    practice, large, capsys, monkeypatch
) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID", raising=False)
    url = practice.service.endpoint_url
    assert cli.main(["upload", str(large), "s3://practice/", "--endpoint-url", url]) == 1
    assert "AWS_ACCESS_KEY_ID" in capsys.readouterr().err


def test_a_host_that_refuses_is_told_within_ten_seconds(large, capsys, practice) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    before = time.monotonic()
    argv = ["upload", str(large), "s3://practice/", "--endpoint-url", url]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ACCESS_KEY_ID", practice.service.access_key_id)
        patch.setenv("AWS_SECRET_ACCESS_KEY", practice.service.secret_access_key)
        assert cli.main(argv) == 1
    assert time.monotonic() - before < 10
    assert "127.0.0.1 cannot be reached" in capsys.readouterr().err


def test_an_acl_that_the_bucket_refuses_is_told_with_what_to_do(
    upload_here, practice, large
) -> None:
    practice.server.create_bucket("enforced")
    result = upload_here(large, "s3://enforced/", "--acl", "public-read")
    assert result.status == 1
    assert "does not allow ACLs" in result.errors
    assert "Leave out --acl" in result.errors


def test_what_is_no_file_or_cannot_be_read_harms_nothing_else(
    upload_here, practice, tmp_path, monkeypatch
) -> None:
    real_open = os.open

    def open_unless_forbidden(path, *arguments, **options):
        if os.fspath(path).endswith("secret.txt"):
            raise PermissionError(13, "Permission denied")
        return real_open(path, *arguments, **options)

    monkeypatch.setattr(os, "open", open_unless_forbidden)
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "secret.txt").write_text("x")
    (tmp_path / "good.txt").write_text("good")
    names = ["pipe", "secret.txt", "missing.txt", "good.txt"]
    result = upload_here(*(tmp_path / name for name in names), "s3://practice/", "--json")
    check_schema(result)
    assert result.status == 1
    assert practice.keys() == {"good.txt"}
    assert result.summary["states"] == {"failed": 3, "completed": 1}
    codes = {failure["code"] for failure in result.summary["failures"]}
    assert codes == {"source-not-a-file", "source-unreadable", "source-missing"}


# The queue, and the practice server.


def test_two_commands_at_once_both_store_and_one_says_it_has_no_queue(
    program: Program, practice, large
) -> None:
    hang = practice.server.faults.add(delay(60), operation="UploadPart", times=None)
    (program.folder / "small").write_text("x")
    arguments = ("upload", large, "s3://practice/", *FIVE_MIB_PARTS, "--json")
    with program.start(*arguments, "--endpoint-url", program.endpoint_url) as first:
        first.wait_for_event(lambda event: event["event"] == "transfer")
        second = program.run(
            *("upload", "small", "s3://practice/", "--endpoint-url", program.endpoint_url)
        )
        assert second.status == 0
        assert second.errors.startswith("Another s3gui has the queue")
        assert program.run("resume").status == 1
        practice.server.faults.remove(hang)
        first.process.kill()
    assert program.run("resume").status == 0
    assert practice.keys() == {"small", "large.bin"}


@pytest.mark.row("P-01")
def test_an_upload_from_a_pipe_that_was_killed_is_listed_and_dropped_as_ours(
    program: Program,
) -> None:
    here = ("s3://practice/", "--endpoint-url", program.endpoint_url, "--json")
    arguments = ("upload", "-", "s3://practice/dump.sql", *FIVE_MIB_PARTS, *here[1:])
    with program.start(*arguments) as started:
        started.process.stdin.write(bytes(PART + 1))
        started.process.stdin.flush()
        started.wait_for_event(lambda event: event.get("acknowledged_bytes") == PART)
        while_it_runs = program.run("leftovers")
        started.process.kill()
        started.process.wait()
    assert while_it_runs.errors == "Nothing is left open.\n"
    [left, summary] = program.run("leftovers", *here).events
    assert (left["owner"], left["key"], left["parts"]) == ("ours", "dump.sql", 1)
    assert (left["is_wanted"], summary["exit_code"]) == (False, 0)
    assert program.run("leftovers", *here, "--abort").summary["aborted"] == 1
    assert program.run("leftovers", *here).summary["leftovers"] == 0


def test_the_practice_server_runs_in_the_foreground_until_ctrl_c(
    program: Program, tmp_path
) -> None:
    with program.start("practice", "--ready-json") as started:
        ready = json.loads(started.process.stdout.readline())
        (program.folder / "file").write_text("x")
        there = program.changed(
            AWS_ACCESS_KEY_ID=ready["access_key_id"],
            AWS_SECRET_ACCESS_KEY=ready["secret_access_key"],
            AWS_ENDPOINT_URL=ready["endpoint_url"],
        )
        assert there.run("upload", "file", "s3://practice/").status == 0
        assert there.run("buckets").output.startswith("practice  us-east-1")
        started.process.send_signal(signal.SIGINT)
        assert started.wait().status == 0


def test_no_secret_reaches_the_disk_or_the_output(program: Program, practice, large) -> None:
    practice.server.faults.add(delay(0), operation="UploadPart")
    outputs = [
        program.run(
            "upload", large, to, "--endpoint-url", program.endpoint_url, "--json", "--debug"
        )
        for to in ("s3://practice/", "s3://missing-bucket/")
    ]
    secret = practice.service.secret_access_key
    for result in outputs:
        assert secret not in result.output + result.errors
    home = Path(program.environment["S3GUI_HOME"])
    files = [path for path in home.rglob("*") if path.is_file()]
    assert files
    for path in files:
        assert secret.encode() not in path.read_bytes()
        assert path.stat().st_mode & 0o077 == 0
