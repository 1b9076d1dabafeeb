import json
import os
import signal
import subprocess
import sys

import pytest

from s3gui.practice.__main__ import main
from tests.practice.raw_client import RawClient


class Reached:
    """What a raw client needs of a server that runs elsewhere."""

    def __init__(self, ready):
        from s3gui.practice import PracticeCredentials

        self.endpoint_url = ready["endpoint_url"]
        self.credentials = PracticeCredentials(ready["access_key_id"], ready["secret_access_key"])


@pytest.fixture
def run(tmp_path):
    started = []

    def start(*arguments):
        process = subprocess.Popen(
            [sys.executable, "-m", "s3gui.practice", "--root", str(tmp_path / "root"), *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def test_it_tells_its_parent_how_to_reach_it(run):
    process = run("--ready-json", "--bucket", "practice", "--bucket", "second")
    ready = json.loads(process.stdout.readline())
    assert sorted(ready) == ["access_key_id", "endpoint_url", "region", "secret_access_key"]
    with RawClient(Reached(ready)) as raw:
        assert raw.call("HEAD", "/second").headers["x-amz-bucket-region"] == ready["region"]
        public = {"x-amz-acl": "public-read"}
        assert raw.call("PUT", "/practice/key", b"hello", public).status == 200
        assert raw.send("GET", "/practice/key").body == b"hello"


def test_it_ends_with_its_parents_pipe(run):
    process = run("--ready-json", "--until-stdin-closes")
    process.stdout.readline()
    assert process.poll() is None
    out, err = process.communicate(timeout=20)
    assert (process.returncode, out, err) == (0, "", "")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_at_once_when_told_to(run, number):
    process = run("--ready-json", "--until-stdin-closes")
    ready = json.loads(process.stdout.readline())
    with RawClient(Reached(ready)) as raw:
        assert raw.call("GET", "/").status == 200
        process.send_signal(number)
        assert process.wait(timeout=20) == 0
    assert process.stderr.read() == ""


def test_it_tells_a_person_what_to_do(run):
    process = run("--bucket", "practice", "--until-stdin-closes")
    out, _ = process.communicate(timeout=20)
    assert "http://127.0.0.1:" in out
    assert "AWS_SECRET_ACCESS_KEY=" in out
    assert "s3gui upload FILE s3://practice/ --endpoint-url http://127.0.0.1:" in out


def test_a_restart_has_the_same_keys_and_objects(run):
    for turn in range(2):
        process = run("--ready-json", "--until-stdin-closes", "--bucket", "practice")
        ready = json.loads(process.stdout.readline())
        with RawClient(Reached(ready)) as raw:
            if turn == 0:
                first = ready["access_key_id"]
                assert raw.call("PUT", "/practice/key", b"hello").status == 200
            else:
                assert ready["access_key_id"] == first
                assert raw.call("GET", "/practice/key").body == b"hello"
        process.communicate(timeout=20)


def test_what_cannot_start_is_one_sentence(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    (tmp_path / "file").write_text("")
    assert main(["--root", str(tmp_path / "file" / "below")]) == 1
    assert main(["--root", str(tmp_path / "root"), "--bucket", "Not A Bucket"]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 2
    assert lines[0].startswith("The practice server cannot start: ")
    assert lines[1] == "The specified bucket is not valid. (Not A Bucket)"
    for wrong in ([], ["--root", str(tmp_path), "--port", "70000"], ["--root", "x", "--port", "x"]):
        with pytest.raises(SystemExit) as caught:
            main(wrong)
        assert caught.value.code == 2
