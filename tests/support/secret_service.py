"""A real Secret Service (gnome-keyring) on a D-Bus of its own: no screen, no prompt, no root."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.message_bus import bus_running
from tests.support.programs import need_programs, running, wait_until

_PACKAGES = {"dbus-daemon": "dbus", "gnome-keyring-daemon": "gnome-keyring"}


@dataclass(frozen=True)
class SecretService:
    """Where the private bus is; `environment` is a whole environment for a child process."""

    bus_address: str
    environment: dict[str, str]

    def run(
        self, command: Sequence[str], timeout_seconds: float = 60
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=timeout_seconds,
            check=False,
        )


@contextmanager
def secret_service_running(*, locked: bool = False) -> Iterator[SecretService]:
    """The unlocked keyring is empty; in the locked one every call would need a prompt."""
    with ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="s3gui-keyring-"))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)

        address = stack.enter_context(bus_running())
        environment = dict(os.environ, DBUS_SESSION_BUS_ADDRESS=address)
        del environment["PYTHON_KEYRING_BACKEND"]
        keyring_log = folder / "keyring.log"
        keyring = stack.enter_context(
            running(
                ["gnome-keyring-daemon", "--foreground", "--components=secrets"]
                + ([] if locked else ["--unlock"]),
                keyring_log,
                environment=environment
                | {"XDG_DATA_HOME": str(folder), "XDG_RUNTIME_DIR": str(folder)},
                standard_input="a password for the tests",
            )
        )
        wait_until(lambda: _somebody_keeps_secrets(address), keyring, keyring_log)
        yield SecretService(address, environment)


def _somebody_keeps_secrets(bus_address: str) -> bool:
    from jeepney.bus_messages import message_bus
    from jeepney.io.blocking import Proxy, open_dbus_connection

    with open_dbus_connection(bus_address) as connection:
        bus = Proxy(message_bus, connection, timeout=5)
        (answer,) = bus.NameHasOwner("org.freedesktop.secrets")
        return bool(answer)


@pytest.fixture
def secret_service() -> Iterator[SecretService]:
    need_programs(_PACKAGES)
    with secret_service_running() as service:
        yield service


@pytest.fixture
def locked_secret_service() -> Iterator[SecretService]:
    need_programs(_PACKAGES)
    with secret_service_running(locked=True) as service:
        yield service
