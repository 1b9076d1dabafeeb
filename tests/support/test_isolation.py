import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.isolation import isolate


def test_what_a_person_has_set_up_is_not_seen(tmp_path: Path) -> None:
    environment = {
        "AWS_PROFILE": "production",
        "HOME": "/home/somebody",
        "https_proxy": "http://proxy:3128",
        "NO_PROXY": "*",
        "DBUS_SESSION_BUS_ADDRESS": "unix:path=/run/user/1000/bus",
        "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
        "LC_ALL": "de_DE.UTF-8",
        "PATH": "/usr/bin",
    }
    isolate(environment, tmp_path)
    kept = {name for name, value in environment.items() if str(tmp_path) not in value}
    assert kept == {
        "AWS_EC2_METADATA_DISABLED",
        "LANG",
        "PATH",
        "PYTHON_KEYRING_BACKEND",
        "QT_QPA_PLATFORM",
        "TERM",
        "TZ",
    }
    assert environment["PATH"] == "/usr/bin"
    assert environment["PYTHON_KEYRING_BACKEND"] == "keyring.backends.fail.Keyring"


def test_every_folder_of_the_isolated_home_exists_and_every_aws_file_is_empty() -> None:
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_RUNTIME_DIR"):
        assert Path(os.environ[name]).is_dir()
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        assert Path(os.environ[name]).read_bytes() == b""


def test_each_test_has_an_s3gui_home_nobody_used_before() -> None:
    assert not Path(os.environ["S3GUI_HOME"]).exists()


def test_the_keyring_of_the_person_is_out_of_reach_here_and_in_child_processes() -> None:
    import keyring
    from keyring.errors import NoKeyringError

    with pytest.raises(NoKeyringError):
        keyring.get_password("s3gui", "anybody")
    child = subprocess.run(
        [sys.executable, "-c", "import keyring; keyring.get_password('s3gui', 'anybody')"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "NoKeyringError" in child.stderr


@pytest.mark.parametrize("address", [("192.0.2.1", 443), ("example.org", 443)])
def test_a_connection_to_another_machine_fails_the_test(address: tuple[str, int]) -> None:
    with (
        socket.socket() as connecting,
        pytest.raises(pytest.fail.Exception, match="Tests stay on this machine"),
    ):
        connecting.connect(address)


def test_a_connection_on_this_machine_is_fine() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        socket.create_connection(listening.getsockname(), timeout=5).close()
