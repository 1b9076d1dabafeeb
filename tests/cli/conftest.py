"""The command line without a network, and with the practice server."""

import itertools
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Self

import pytest

from s3gui import cli
from s3gui.adapters.credentials import CredentialKeeper
from s3gui.adapters.settings_file import PreferencesFile, ProfileFile, SettingsFile
from s3gui.adapters.transfer_db import QueueInUse
from s3gui.adapters.transfer_opening import open_transfers
from s3gui.bootstrap import Workspace
from s3gui.cli.job import UploadJob
from s3gui.engine.queue import Pools
from s3gui.practice import PracticeServer
from tests.fakes.clock import FakeClock
from tests.fakes.object_store import FakeObjectStore
from tests.support.canary_watch import wants_debug
from tests.support.servers import Service

_LOGGING = [["upload"], ["resume"], ["buckets"], ["verify"], ["leftovers"]]
_log_numbers = itertools.count()


@dataclass
class State:
    """The state of a program whose service is a fake: what `open_workspace` opens, every time."""

    home: Path
    store: FakeObjectStore = field(default_factory=FakeObjectStore)
    aws_profile_names: list[str] = field(default_factory=list)
    profiles_used: list[Any] = field(default_factory=list, repr=False)
    kept_queues: list[bool] = field(default_factory=list, repr=False)
    is_in_use: bool = False
    pools: Pools | None = None

    def open_workspace(
        self,
        *,
        transfers_executor,
        parts_executor,
        publish,
        keep_queue=True,
        reads_queue=False,
        settings=None,
        keyring_waits=None,
        waits_for_first_answer=True,
    ):
        if self.is_in_use and keep_queue and not reads_queue:
            raise QueueInUse
        self.kept_queues.append(keep_queue)
        self.home.mkdir(exist_ok=True)
        saved = SettingsFile(self.home / "settings.json")
        chosen = settings(saved.load()) if settings else saved.load()
        transfers = open_transfers(self.home, keep_queue=keep_queue, reads_queue=reads_queue)
        workspace = Workspace(
            self.home,
            profiles=self.profiles,
            preferences=PreferencesFile(self.home / "preferences.json"),
            settings=saved,
            credentials=CredentialKeeper(),
            transfers=transfers,
            ask_for_code=None,
            queue_set_aside=transfers.set_aside,
        )
        workspace.store = self._store
        workspace.aws_profile_names = lambda: self.aws_profile_names
        self.pools = Pools(
            transfers_executor,
            parts_executor,
            chosen.files_at_once,
            chosen.parts_at_once,
            waits_for_first_answer=waits_for_first_answer,
        )
        self.clock = FakeClock()
        workspace.give_queue(self.pools, publish, self.clock)
        workspace.queue.bandwidth.follow(chosen.schedule)
        self.bandwidth = workspace.queue.bandwidth
        return workspace

    @property
    def profiles(self) -> ProfileFile:
        return ProfileFile(self.home / "profiles.json")

    def _store(self, profile):
        self.profiles_used.append(profile)
        return self.store


@dataclass(frozen=True)
class Result:
    """What a command left behind. `events` are the JSON lines of standard output."""

    status: int
    output: str
    errors: str

    @property
    def events(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.output.splitlines()]

    @property
    def summary(self) -> dict[str, Any]:
        return self.events[-1]


@pytest.fixture
def state(tmp_path: Path) -> State:
    return State(tmp_path / "state")


@pytest.fixture
def run_here(state: State, capsys: pytest.CaptureFixture[str]) -> Callable[..., Result]:
    """Runs a command in this process, on the fake service."""

    def run(*argv: object) -> Result:
        status = cli.main([str(word) for word in argv], open_workspace=state.open_workspace)
        return Result(status, *capsys.readouterr())

    return run


@dataclass(frozen=True)
class Practice:
    """A practice server of one test's own, with a bucket that takes every ACL."""

    server: PracticeServer
    service: Service
    bucket: str = "practice"

    def client(self):
        return self.service.client()

    def keys(self) -> set[str]:
        with self.client() as client:
            return {
                row["Key"] for row in client.list_objects_v2(Bucket=self.bucket).get("Contents", [])
            }

    def read(self, key: str) -> bytes:
        with self.client() as client:
            return client.get_object(Bucket=self.bucket, Key=key)["Body"].read()

    def head(self, key: str) -> dict[str, Any]:
        with self.client() as client:
            return client.head_object(Bucket=self.bucket, Key=key)


@pytest.fixture
def practice(tmp_path: Path) -> Iterator[Practice]:
    with PracticeServer(tmp_path / "practice") as server:
        server.create_bucket("practice", acls_enabled=True, public_access_blocked=False)
        service = Service(
            "practice",
            server.endpoint_url,
            server.credentials.access_key_id,
            server.credentials.secret_access_key,
            server.region,
        )
        yield Practice(server, service)


@dataclass(frozen=True)
class Program:
    """`python -m s3gui` as a process of its own, with the practice server's credentials."""

    environment: dict[str, str]
    folder: Path
    endpoint_url: str

    def command(self, *argv: object) -> list[str]:
        words = [str(word) for word in argv]
        if wants_debug and words[:1] in _LOGGING and "--log-file" not in words:
            log = self.folder.parent / f"{next(_log_numbers)}.log"
            words[1:1] = ["--log-file", str(log)]
        return [sys.executable, "-m", "s3gui", *words]

    def run(self, *argv: object, standard_input: bytes = b"", **changes: Any) -> Result:
        done = subprocess.run(
            self.command(*argv),
            env=self.environment,
            cwd=self.folder,
            capture_output=True,
            check=False,
            input=standard_input,
            timeout=60,
            **changes,
        )
        return Result(done.returncode, done.stdout.decode(), done.stderr.decode())

    def start(self, *argv: object, **changes: Any) -> "Started":
        streams = {
            "stdin": subprocess.PIPE,
            "stdout": subprocess.PIPE,
            "stderr": subprocess.PIPE,
            **changes,
        }
        process = subprocess.Popen(
            self.command(*argv), env=self.environment, cwd=self.folder, **streams
        )
        return Started(process)

    def changed(self, **variables: str) -> "Program":
        return replace(self, environment=self.environment | variables)


class Started:
    """A command that runs; its standard error is read beside, so that it never blocks."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.process = process
        self._errors: list[bytes] = []
        self._reader = threading.Thread(target=self._read_errors, daemon=True)
        self._reader.start()
        self._lines: list[bytes] = []

    def _read_errors(self) -> None:
        assert self.process.stderr is not None
        self._errors.append(self.process.stderr.read())

    def wait_for_event(self, is_it: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Read JSON lines until one fits."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.append(line)
            event = json.loads(line)
            if is_it(event):
                return event
        raise AssertionError(f"no such event; on standard error: {self.wait().errors}")

    def wait(self, timeout_seconds: float = 30) -> Result:
        process = self.process
        assert process.stdout is not None
        assert process.stderr is not None
        with process.stdout as output:
            self._lines += output.readlines()
        status = process.wait(timeout_seconds)
        self._reader.join(timeout_seconds)
        process.stderr.close()
        return Result(status, b"".join(self._lines).decode(), b"".join(self._errors).decode())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            if stream is not None:
                stream.close()


@pytest.fixture
def program(practice: Practice, tmp_path: Path) -> Program:
    top = Path(cli.__file__).parents[2]
    environment = os.environ | {
        "AWS_ACCESS_KEY_ID": practice.service.access_key_id,
        "AWS_SECRET_ACCESS_KEY": practice.service.secret_access_key,
        "PYTHONPATH": str(top),
    }
    folder = tmp_path / "here"
    folder.mkdir()
    return Program(environment, folder, practice.service.endpoint_url)


@pytest.fixture
def upload_here(
    practice: Practice, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Result]:
    """Runs `s3gui upload` in this process, to the practice server."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", practice.service.access_key_id)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", practice.service.secret_access_key)

    def upload(*argv: object) -> Result:
        words = [str(word) for word in argv]
        status = cli.main(["upload", *words, "--endpoint-url", practice.service.endpoint_url])
        return Result(status, *capsys.readouterr())

    return upload


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """Six parts of 5 MiB, the last a byte shorter."""
    source = tmp_path / "large.bin"
    source.write_bytes(os.urandom(6 * 5 * 1024**2 - 1))
    return source


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    top = tmp_path / "photos"
    (top / "raw").mkdir(parents=True)
    (top / "index.html").write_text("<p>")
    (top / "raw" / "a.nef").write_bytes(b"raw")
    return top


@pytest.fixture
def interrupt_at(monkeypatch: pytest.MonkeyPatch):
    """Ctrl-C while a part is about to be sent, which waits until that was heard."""
    heard = threading.Event()
    set_aside = UploadJob._set_aside

    def set_aside_and_tell(job: UploadJob) -> None:
        set_aside(job)
        heard.set()

    monkeypatch.setattr(UploadJob, "_set_aside", set_aside_and_tell)

    def interrupt_at(number: int):
        def interrupt(call) -> None:
            if call.number == number and not heard.is_set():
                os.kill(os.getpid(), signal.SIGINT)
                assert heard.wait(10)

        return interrupt

    return interrupt_at
