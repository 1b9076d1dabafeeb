"""After all tests: no secret is in any file that was written, nor in what children were given.

With `CANARY_DEBUG=1` everything that is logged in this process goes into such a file, too, as a
user's `--log-file` has it.
"""

import os
import secrets
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from s3gui.practice import credentials as practice_credentials
from tests.support import canary

_SOURCE = str(Path(practice_credentials.__file__).parents[1])
_SECONDS = 30
wants_debug = os.environ.get("CANARY_DEBUG") == "1"
_spawned: list[str] = []
_told: list[str] = []
_given: Counter[str] = Counter()


@pytest.fixture(scope="session", autouse=True)
def _no_secret_leaves_the_keyring(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    base = tmp_path_factory.getbasetemp()
    with ExitStack() as stack:
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        makes = SimpleNamespace(choice=secrets.choice, token_urlsafe=_marked)
        patch.setattr(practice_credentials, "secrets", makes)
        sys.addaudithook(_note_child)
        if wants_debug:
            from s3gui.adapters import logs_file

            patch.setattr(logs_file, "_LARGEST_FILE_BYTES", 0)  # nothing is to be dropped
            stack.enter_context(logs_file.log_to(base / "debug.log", pytest.fail))
        yield
    began_at, seen = time.monotonic(), canary.Seen()
    places = [base, Path(os.environ["HOME"]).parent]
    found = [
        f"{path}: {secret}"
        for place in places
        for path, secret in canary.hits_in_files(place, seconds=_SECONDS, seen=seen)
    ]
    if wants_debug:
        seconds = time.monotonic() - began_at
        _told.append(
            f"canaries: {seen.files} files, {seen.bytes >> 20} MiB, {_given['argument']} children, "
            f"{len(found) + len(_spawned)} hits, {seconds:.1f} s",
        )
    assert found + _spawned == []


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for line in _told:
        terminalreporter.write_line(line)


def _marked(size: int) -> str:
    return canary.MARK + secrets.token_urlsafe(size)[len(canary.MARK) :]


def _note_child(event: str, arguments: tuple[Any, ...]) -> None:
    """Arguments can be seen by everybody on a computer; an environment by the child's children."""
    if event != "subprocess.Popen":
        return
    _executable, argv, _folder, environment = arguments
    words = [argv] if isinstance(argv, str | bytes | os.PathLike) else list(argv)
    _note("argument", b"\0".join(os.fsencode(word) for word in words))
    if _is_started_by_s3gui():
        handed_on = os.environ if environment is None else environment
        _note("environment", b"\0".join(os.fsencode(value) for value in handed_on.values()))


def _note(place: str, content: bytes) -> None:
    _given[place] += 1
    _spawned.extend(f"{place} of a child: {secret}" for secret in canary.hits(content))


def _is_started_by_s3gui() -> bool:
    frame = sys._getframe()
    passed = {__file__, subprocess.__file__}
    while frame is not None and frame.f_code.co_filename in passed:
        frame = frame.f_back
    return frame is not None and frame.f_code.co_filename.startswith(_SOURCE)
