"""Rows C, where secrets are kept and who gets to know them."""

import contextlib
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import threading
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest

from s3gui.adapters.credentials import CredentialKeeper
from s3gui.adapters.credentials_patience import Patience
from s3gui.bootstrap import open_workspace
from s3gui.core.errors import CredentialsMissing, CredentialsOfAnotherHost, KeyringUnavailable
from s3gui.core.profile import Profile, Secret
from tests.support import canary
from tests.support.keyrings import HangingKeyring, saved_profile

SECRET = "canary+secret/KEYRING0123456789abcdefghij"


# C-01: no keyring, a locked one, one that hangs.


@pytest.fixture
def hanging():
    with HangingKeyring.while_it_hangs() as keyring:
        yield keyring


def _open_unless_hanging(workspace, profile) -> None:
    with contextlib.suppress(CredentialsMissing, KeyringUnavailable):
        workspace.store(profile)


@pytest.mark.row("C-01")
def test_a_keyring_that_hangs_for_one_connection_holds_up_no_other(tmp_path, hanging):
    with open_workspace(
        transfers_executor=None, parts_executor=None, publish=print, home=tmp_path
    ) as workspace:
        workspace.credentials = CredentialKeeper(lambda: hanging, Patience(patience_seconds=20))
        stuck = replace(LOCAL, id="stuck")
        threading.Thread(target=_open_unless_hanging, args=(workspace, stuck), daemon=True).start()
        assert hanging.is_asked.wait(10)
        practice = workspace.start_practice()
        assert workspace.store(practice).list_buckets()


@contextlib.contextmanager
def silent_bus(folder: Path):
    """A session bus that lets everybody in and never answers a call."""
    path = folder / "bus"
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(path))
        listening.listen()
        guests: list[socket.socket] = []

        def welcome() -> None:
            with contextlib.suppress(OSError):
                while True:
                    guest, _ = listening.accept()
                    guests.append(guest)
                    while (line := guest.recv(1024)) and b"BEGIN" not in line:
                        is_files = b"UNIX_FD" in line
                        guest.sendall(b"AGREE_UNIX_FD\r\n" if is_files else b"OK 0123\r\n")

        threading.Thread(target=welcome, daemon=True).start()
        try:
            yield f"unix:path={path}"
        finally:
            listening.shutdown(socket.SHUT_RDWR)
            for guest in guests:
                guest.close()


_ASK = """
import sys, time
from s3gui.adapters.credentials import CredentialKeeper
from s3gui.adapters.credentials_patience import Patience
from s3gui.core.errors import KeyringUnavailable
from s3gui.core.profile import Profile, Secret
waits = []
keeper = CredentialKeeper(
    patience=Patience(lambda: waits.append(1), notice_seconds=0.2, patience_seconds=1)
)
start = time.monotonic()
for work in (keeper.is_available, lambda: keeper.save(Profile("a", "A"), Secret("s"))):
    try:
        print(work())
    except KeyringUnavailable as error:
        print(error.message)
print(time.monotonic() - start < 15, file=sys.stderr)
"""


@pytest.mark.row("C-01")
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux keeps its keyring behind D-Bus")
def test_a_bus_that_never_answers_is_given_up():
    with (
        tempfile.TemporaryDirectory(prefix="s3gui-bus-") as folder,
        silent_bus(Path(folder)) as address,
    ):
        environment = {**os.environ, "DBUS_SESSION_BUS_ADDRESS": address}
        del environment["PYTHON_KEYRING_BACKEND"]
        done = subprocess.run(
            [sys.executable, "-c", _ASK],
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert done.stderr.strip() == "True", done.stderr
    available, said = done.stdout.splitlines()
    assert available == "False"
    assert "keyring" in said


@pytest.mark.row("C-01")
@pytest.mark.secret_service
def test_the_command_line_says_in_one_line_that_the_keyring_is_locked(
    locked_secret_service, practice_service
):
    home = Path(os.environ["S3GUI_HOME"])
    saved_profile(home, practice_service)
    done = locked_secret_service.run(
        [sys.executable, "-m", "s3gui", "buckets", "--profile", "Work"]
    )
    assert done.returncode == 1
    assert done.stdout == ""
    # On a slow computer it is said meanwhile that it is waited for.
    lines = [line for line in done.stderr.splitlines() if not line.startswith("Waiting for")]
    assert lines == [
        (
            "The system's keyring is locked or does not answer. "
            "Unlock it, or use the AWS_* variables or an AWS profile."
        )
    ]


# C-02: no keyring but the operating system's.


@pytest.mark.row("C-02")
@pytest.mark.secret_service
@pytest.mark.parametrize(
    "backend", ["keyring.backends.null.Keyring", "keyring.backends.fail.Keyring", "no.such.Thing"]
)
def test_an_environment_that_names_another_backend_never_gets_a_secret(secret_service, backend):
    environment = {**secret_service.environment, "PYTHON_KEYRING_BACKEND": backend}
    done = subprocess.run(
        [sys.executable, "-c", _ASK],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    available, said = done.stdout.splitlines()
    assert available == "False", done.stderr
    assert "keyring" in said


@pytest.mark.row("C-02")
def test_a_backend_that_writes_plain_text_is_not_used_where_it_is_configured(tmp_path):
    """As keyrings.alt does it: a module that keyring's own configuration names."""
    (tmp_path / "plain").mkdir()
    (tmp_path / "plain" / "plain_text.py").write_text(
        "from pathlib import Path\n"
        "from keyring.backend import KeyringBackend\n"
        "class Keyring(KeyringBackend):\n"
        "    priority = 20\n"
        "    def get_password(self, service, username): return None\n"
        "    def set_password(self, service, username, password):\n"
        f"        Path({str(tmp_path)!r}, 'leaked').write_text(password)\n"
    )
    config = tmp_path / "config" / "python_keyring"
    config.mkdir(parents=True)
    (config / "keyringrc.cfg").write_text(
        f"[backend]\ndefault-keyring=plain_text.Keyring\nkeyring-path={tmp_path / 'plain'}\n"
    )
    environment = {**os.environ, "XDG_CONFIG_HOME": str(tmp_path / "config")}
    del environment["PYTHON_KEYRING_BACKEND"]
    done = subprocess.run(
        [sys.executable, "-c", _ASK],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stdout.splitlines()[0] == "False", done.stderr
    assert not (tmp_path / "leaked").exists()


# C-07: an endpoint that changed in the file, by hand or by an import.

LOCAL = Profile("work", "Work", "generic", "http://127.0.0.1:1", access_key_id="AKIA")


class MemoryKeyring:
    def __init__(self) -> None:
        self.kept: dict[str, str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get(username)

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[username]


@pytest.mark.row("C-07")
def test_a_connection_whose_endpoint_was_edited_sends_nothing_there(tmp_path):
    with socket.socket() as stranger:
        stranger.bind(("127.0.0.1", 0))
        stranger.listen()
        stranger.settimeout(0.2)
        with open_workspace(
            transfers_executor=None, parts_executor=None, publish=print, home=tmp_path
        ) as workspace:
            kept = MemoryKeyring()
            workspace.credentials = CredentialKeeper(lambda: kept)
            workspace.profiles.save(LOCAL)
            workspace.credentials.save(LOCAL, Secret(SECRET))
            file = tmp_path / "profiles.json"
            port = stranger.getsockname()[1]
            file.write_text(file.read_text().replace("127.0.0.1:1", f"127.0.0.1:{port}"))
            (edited,) = workspace.profiles.all()
            assert edited.endpoint_url == f"http://127.0.0.1:{port}"
            with pytest.raises(CredentialsOfAnotherHost, match="was saved for"):
                workspace.store(edited).list_buckets()
        with pytest.raises(TimeoutError):
            stranger.accept()


@pytest.mark.row("C-07")
def test_no_file_can_send_the_credentials_of_an_aws_profile_to_an_endpoint(tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    row = {
        "id": "imported",
        "name": "Archive",
        "provider_id": "generic",
        "endpoint_url": "https://s3.evil.example",
        "aws_profile": "",
    }
    (home / "profiles.json").write_text(json.dumps({"version": 1, "profiles": [row]}))
    with open_workspace(
        transfers_executor=None, parts_executor=None, publish=print, home=home
    ) as workspace:
        (profile,) = workspace.profiles.all()
        with pytest.raises(CredentialsOfAnotherHost, match=r"s3\.evil\.example"):
            workspace.store(profile)


# C-03: canaries, with everything logged.


@pytest.mark.row("C-03")
def test_everything_logged_of_an_upload_holds_no_canary(moto_service, tmp_path):
    """At DEBUG botocore writes the session token, the signature and the signed headers."""
    home, bucket = Path(os.environ["S3GUI_HOME"]), moto_service.new_bucket()
    (tmp_path / "large").write_bytes(os.urandom(11 * 1024**2))
    (tmp_path / "small").write_text("small")
    log = home / "support.log"
    home.mkdir()
    environment = {
        **os.environ,
        "AWS_ACCESS_KEY_ID": "AKIACANARY",
        "AWS_SECRET_ACCESS_KEY": canary.SECRET,
        "AWS_SESSION_TOKEN": canary.TOKEN,
    }
    options = ["--endpoint-url", moto_service.endpoint_url, "--log-file", str(log), "--debug"]
    # An upload that goes well has no need of botocore; a list of buckets has.
    for command in (["upload", "large", "small", f"s3://{bucket}/", "--json"], ["buckets"]):
        done = subprocess.run(
            [sys.executable, "-m", "s3gui", *command, *options],
            env=environment,
            cwd=tmp_path,
            capture_output=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert canary.hits(done.stdout + done.stderr) == []
    text = log.read_text()
    assert "botocore" in text
    assert "CanonicalRequest" in text
    assert "x-amz-security-token:[hidden]" in text
    assert not re.search(r"Signature=[0-9a-f]{64}", text)
    assert re.search(r"PUT /bucket-\d+/small HTTP/1.1: 200 in 0\.\d+ s, request \S", text)
    assert list(canary.hits_in_files(home)) == []


@pytest.mark.row("C-03")
def test_an_error_that_holds_secrets_is_told_without_them(tmp_path):
    """A proxy with a password, an AWS profile with a wrong secret: what libraries say of them."""
    environment = {
        **os.environ,
        "AWS_ACCESS_KEY_ID": "AKIACANARY",
        "AWS_SECRET_ACCESS_KEY": canary.SECRET,
        "AWS_SESSION_TOKEN": canary.TOKEN,
        "HTTPS_PROXY": f"http://user:{quote(canary.PASSWORD)}@127.0.0.1:1",
        "AWS_DEFAULT_REGION": "eu-central-1",
    }
    log = tmp_path / "log"
    done = subprocess.run(
        [sys.executable, "-m", "s3gui", "buckets", "--debug", "--log-file", str(log)],
        env=environment,
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr
    assert canary.hits(done.stderr + log.read_bytes()) == []
