"""What holds for every test: its own world, and nothing left running after it."""

import itertools
import os
import signal
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

from tests.support.isolation import isolate, only_loopback_connections

pytest_plugins = [
    "tests.support.canary_watch",
    "tests.support.leaving",
    "tests.support.message_bus",
    "tests.support.secret_service",
    "tests.support.servers",
    "tests.support.xvfb",
]

_home_numbers = itertools.count()


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    if hasattr(signal, "SIGHUP"):
        # Whoever starts the tests with nohup ignores it, and so would all that they start.
        signal.signal(signal.SIGHUP, signal.SIG_DFL)
    # Before anything imports botocore, keyring or Qt: they read their settings only once.
    home = tempfile.TemporaryDirectory(prefix="s3gui-tests-", ignore_cleanup_errors=True)
    config.add_cleanup(home.cleanup)
    isolate(os.environ, Path(home.name))
    # A worker of pytest-xdist ignores Ctrl-C, and every process that it starts would as well.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    # A time limit for one example says more about the machine than about the program.
    hypothesis.settings.register_profile("s3gui", deadline=None)
    hypothesis.settings.load_profile("s3gui")


@pytest.fixture(scope="session", autouse=True)
def _on_this_machine() -> Iterator[None]:
    with only_loopback_connections():
        yield


@pytest.fixture(autouse=True)
def _fresh_s3gui_home(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    home = tmp_path_factory.getbasetemp() / f"s3gui-home-{next(_home_numbers)}"
    monkeypatch.setenv("S3GUI_HOME", str(home))


@pytest.fixture(autouse=True)
def _no_thread_left_behind() -> Iterator[None]:
    """A thread that is not a daemon keeps the program from ending: none may outlive its test."""
    before = set(threading.enumerate())
    yield
    ends_by = time.monotonic() + 5
    for thread in threading.enumerate():
        if thread not in before and not thread.daemon:
            thread.join(timeout=max(0, ends_by - time.monotonic()))
            if thread.is_alive():
                pytest.fail(f"This test left its thread {thread.name!r} running.")
