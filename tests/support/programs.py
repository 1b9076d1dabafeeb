"""Other programs that tests drive: skipped where they are not installed, stopped when done."""

import shutil
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest


def need_programs(packages: Mapping[str, str]) -> None:
    """Skips the test unless all programs are there; `packages`: program -> its Debian package."""
    missing = {package for program, package in packages.items() if shutil.which(program) is None}
    if missing:
        pytest.skip(f"needs: sudo apt-get install {' '.join(sorted(missing))}")


@contextmanager
def running(
    command: Sequence[str | Path],
    log: Path,
    *,
    environment: Mapping[str, str] | None = None,
    standard_input: str = "",
    pass_fds: Sequence[int] = (),
) -> Iterator[subprocess.Popen[str]]:
    """Starts `command`, its output going to `log`, and stops it at the end, politely at first."""
    with log.open("w") as output:
        process = subprocess.Popen(
            [str(word) for word in command],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=output,
            text=True,
            pass_fds=pass_fds,
        )
    try:
        assert process.stdin is not None
        process.stdin.write(standard_input)
        process.stdin.close()
        yield process
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_until(
    condition: Callable[[], object],
    process: subprocess.Popen[str],
    log: Path,
    *,
    timeout_seconds: float = 20,
) -> None:
    """Waits for `condition`; an error that quotes `log` when `process` ends or never gets there."""
    ends_by = time.monotonic() + timeout_seconds
    while not condition():
        if process.poll() is not None or time.monotonic() > ends_by:
            raise RuntimeError(f"{process.args!r} did not get ready:\n{log.read_text()}")
        time.sleep(0.01)
