import subprocess
import sys
import time
from pathlib import Path

import pytest

from s3gui.adapters import practice_process
from s3gui.adapters.practice_process import PracticeFailed, PracticeProcess
from s3gui.adapters.s3 import connect
from s3gui.core.profile import Profile


def _bucket_names(practice: PracticeProcess) -> list[str]:
    profile = Profile(
        "practice",
        "Practice",
        provider_id="practice",
        endpoint_url=practice.endpoint_url,
        region=practice.region,
    )
    return [bucket.name for bucket in connect(profile, practice.credentials).list_buckets()]


def test_it_serves_a_bucket_until_it_is_stopped(tmp_path: Path) -> None:
    practice = PracticeProcess(tmp_path / "practice")

    practice.start()
    assert practice.is_running
    assert _bucket_names(practice) == ["practice"]
    practice.stop()

    assert not practice.is_running
    practice.stop()


def test_what_was_stored_and_its_keys_survive_a_restart(tmp_path: Path) -> None:
    practice = PracticeProcess(tmp_path)
    with practice:
        before = practice.credentials
    with practice:
        assert practice.credentials == before
        assert _bucket_names(practice) == ["practice"]


def test_a_second_server_on_the_same_folder_is_refused_in_words(tmp_path: Path) -> None:
    with PracticeProcess(tmp_path), pytest.raises(PracticeFailed) as caught:
        PracticeProcess(tmp_path).start()

    assert caught.value.detail
    assert "Traceback" not in caught.value.detail


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(PracticeFailed):
        PracticeProcess(tmp_path / "file" / "practice").start()


@pytest.mark.parametrize(
    "program",
    ["import time; time.sleep(60)", "print('hello', flush=True)", "print('{}')", "exit(3)"],
    ids=["silent", "talks otherwise", "says nothing useful", "ends"],
)
def test_a_server_that_does_not_get_ready_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str
) -> None:
    monkeypatch.setattr(practice_process, "_program", lambda: [sys.executable, "-c", program])
    practice = PracticeProcess(tmp_path, start_timeout_seconds=1.0)

    with pytest.raises(PracticeFailed):
        practice.start()

    assert not practice.is_running


def test_the_child_gets_no_credentials_and_no_proxies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_SECRET_ACCESS_KEY", "AWS_PROFILE", "HTTPS_PROXY", "GITHUB_TOKEN"):
        monkeypatch.setenv(name, "canary")
    written = tmp_path / "environment"
    program = f"import os; open({str(written)!r}, 'w').write(repr(dict(os.environ)))"
    monkeypatch.setattr(practice_process, "_program", lambda: [sys.executable, "-c", program])

    with pytest.raises(PracticeFailed):
        PracticeProcess(tmp_path).start()

    assert "PATH" in written.read_text()
    assert "canary" not in written.read_text()


def test_a_frozen_program_starts_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)

    assert practice_process._program() == [sys.executable, "practice"]
    assert "PYTHONPATH" not in practice_process._environment({"PYTHONPATH": "x", "PATH": "y"})


def test_it_does_not_outlive_a_parent_that_is_killed(tmp_path: Path) -> None:
    program = (
        "import sys, time\n"
        "from pathlib import Path\n"
        "from s3gui.adapters.practice_process import PracticeProcess\n"
        "practice = PracticeProcess(Path(sys.argv[1]))\n"
        "practice.start()\n"
        "print('ready', flush=True)\n"
        "time.sleep(60)\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None
    with parent.stdout:
        assert parent.stdout.readline() == "ready\n"
        parent.kill()
        parent.wait()

    # A server that still ran would hold the folder's lock.
    give_up_at = time.monotonic() + 20
    while True:
        try:
            with PracticeProcess(tmp_path) as practice:
                assert practice.is_running
                return
        except PracticeFailed:
            assert time.monotonic() < give_up_at
