"""Keeps the tests out of the world of whoever runs them: settings, secrets, screen and network."""

import ipaddress
import os
import socket
import time
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from pathlib import Path

import pytest

# Tests run with these removed, whatever they say: each changes what a library does behind our back.
_REMOVED_PREFIXES = ("AWS_", "LC_", "S3GUI_", "XDG_")
_REMOVED = {
    "BOTO_CONFIG",
    "COLUMNS",
    "DBUS_SESSION_BUS_ADDRESS",
    "DISPLAY",
    "FORCE_COLOR",
    "LANGUAGE",
    "LINES",
    "NO_COLOR",
    "QT_QPA_PLATFORMTHEME",
    "QT_SCALE_FACTOR",
    "QT_STYLE_OVERRIDE",
    "WAYLAND_DISPLAY",
    "XAUTHORITY",
}


def isolate(environment: MutableMapping[str, str], home: Path) -> None:
    """Rewrites `environment` so that everything personal lies in `home`, an empty directory.

    Child processes inherit it, so what is said here holds for them as well.
    """
    for name in list(environment):
        upper = name.upper()
        if upper in _REMOVED or upper.startswith(_REMOVED_PREFIXES) or upper.endswith("_PROXY"):
            del environment[name]

    for name, folder in {
        "HOME": "home",
        "USERPROFILE": "home",
        "APPDATA": "home/roaming",
        "LOCALAPPDATA": "home/local",
        "XDG_CONFIG_HOME": "home/config",
        "XDG_DATA_HOME": "home/data",
        "XDG_STATE_HOME": "home/state",
        "XDG_CACHE_HOME": "home/cache",
        "XDG_RUNTIME_DIR": "runtime",
        "S3GUI_HOME": "s3gui",
    }.items():
        (home / folder).mkdir(mode=0o700, parents=True, exist_ok=True)
        environment[name] = str(home / folder)

    for name, file in {
        "AWS_CONFIG_FILE": "aws-config",
        "AWS_SHARED_CREDENTIALS_FILE": "aws-credentials",
    }.items():
        (home / file).touch()
        environment[name] = str(home / file)
    environment["AWS_EC2_METADATA_DISABLED"] = "true"

    # A keyring that refuses everything: no test can reach the real one by forgetting something.
    # The tests of secrets bring a Secret Service of their own (secret_service.py).
    environment["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"
    # No test keeps the computer awake that it runs on.
    environment["DBUS_SYSTEM_BUS_ADDRESS"] = f"unix:path={home}/nowhere/system-bus"
    environment["QT_QPA_PLATFORM"] = "offscreen"
    environment["LANG"] = "C.UTF-8"
    environment["TERM"] = "xterm-256color"
    environment["TZ"] = "UTC"
    if environment is os.environ and hasattr(time, "tzset"):
        time.tzset()


@contextmanager
def only_loopback_connections() -> Iterator[None]:
    """Fails, with a sentence, every test that connects to another machine."""
    allowed = {"connect": socket.socket.connect, "connect_ex": socket.socket.connect_ex}

    def connect(self: socket.socket, address: object) -> None:
        _refuse_other_machines(self, address)
        allowed["connect"](self, address)  # type: ignore[arg-type]

    def connect_ex(self: socket.socket, address: object) -> int:
        _refuse_other_machines(self, address)
        return allowed["connect_ex"](self, address)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", connect)
        patch.setattr(socket.socket, "connect_ex", connect_ex)
        yield


def _refuse_other_machines(connecting: socket.socket, address: object) -> None:
    if connecting.family not in {socket.AF_INET, socket.AF_INET6}:
        return
    host = address[0] if isinstance(address, tuple) else address
    try:
        if host == "localhost" or ipaddress.ip_address(str(host)).is_loopback:
            return
    except ValueError:
        pass
    pytest.fail(f"Tests stay on this machine, but this one wanted to connect to {address!r}.")
