"""One command as a whole process: its time, its processor time, its memory."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.benchmarks.service import TOP

_LOG_TAIL_BYTES = 2000


@dataclass(frozen=True, slots=True)
class Command:
    words: list[str]
    environment: dict[str, str] = field(default_factory=dict)
    on_terminal: bool = False


@dataclass(frozen=True, slots=True)
class Figures:
    """`peak_memory` in bytes, of the largest of the command's processes."""

    wall_seconds: float
    cpu_seconds: float
    peak_memory: int
    started_at: float
    """Monotonic seconds."""


class CommandFailed(Exception):
    """A benchmarked command did not end well; holds what it said."""


def measure(
    words: Sequence[str],
    environment: Mapping[str, str],
    log: Path,
    *,
    standard_input: int = subprocess.DEVNULL,
    on_terminal: bool = False,
) -> Figures:
    """Run the command to its end. Raises CommandFailed.

    What it says goes to `log`; `on_terminal` gives it a terminal for standard error, as a person
    would who watches its progress.
    """
    with log.open("wb") as output:
        reader: threading.Thread | None = None
        error_output: int = output.fileno()
        if on_terminal:
            watching, error_output = os.openpty()
            reader = threading.Thread(target=_copy, args=(watching, log), daemon=True)
        started_at = time.monotonic()
        process = subprocess.Popen(
            words,
            env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8", **environment},
            cwd=TOP,
            stdin=standard_input,
            stdout=output,
            stderr=error_output,
        )
        if reader is not None:
            os.close(error_output)
            reader.start()
        _, status, usage = os.wait4(process.pid, 0)
        wall_seconds = time.monotonic() - started_at
        process.returncode = os.waitstatus_to_exitcode(status)
        if reader is not None:
            reader.join()
    if process.returncode:
        said = log.read_bytes()[-_LOG_TAIL_BYTES:].decode(errors="replace")
        raise CommandFailed(f"{' '.join(words)} ended with {process.returncode}:\n{said}")
    return Figures(
        wall_seconds,
        usage.ru_utime + usage.ru_stime,
        usage.ru_maxrss * 1024,
        started_at,
    )


def run_command(
    command: Command, folder: Path, *, standard_input: int = subprocess.DEVNULL
) -> Figures:
    """As `measure`; the log is in `folder`."""
    return measure(
        command.words,
        command.environment,
        folder / "command.log",
        standard_input=standard_input,
        on_terminal=command.on_terminal,
    )


def _copy(terminal: int, log: Path) -> None:
    with log.open("ab") as copy, suppress(OSError):  # Linux says EIO where it means the end
        while data := os.read(terminal, 65536):
            copy.write(data)
    os.close(terminal)
