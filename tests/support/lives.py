"""The near side of `life_server`: starts lives, and ends them by SIGKILL."""

from __future__ import annotations

import contextlib
import os
import selectors
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

_TOP = Path(__file__).parents[2]
_PATIENCE_SECONDS = 120
_ATTACH_SECONDS = 20


@dataclass(frozen=True)
class AfterSeconds:
    """Kill it so long after its birth."""

    seconds: float


@dataclass(frozen=True)
class AtSystemCall:
    """Kill it as it enters the `number`-th of these system calls (needs strace)."""

    name: str
    number: int


Death = AfterSeconds | AtSystemCall | None


class Lives:
    """A context manager; `live` may be called again and again, for one life after another."""

    def __init__(self, queue_file: Path, secret_access_key: str, part_bytes: int) -> None:
        self._queue_file = queue_file
        self._secret = secret_access_key
        self._part_bytes = part_bytes

    def __enter__(self) -> Self:
        command = [sys.executable, "-m", "tests.support.life_server"]
        self._process = subprocess.Popen(
            [*command, str(self._queue_file), str(self._part_bytes)],
            cwd=_TOP,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self._tell(self._secret)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        if kind is not None:
            self._process.kill()
        self._process.wait(_PATIENCE_SECONDS)
        self._process.stdout.close()

    def live(self, death: Death = None) -> int:
        """One life, killed so unless it ends before; its status, as of `Popen.returncode`."""
        if isinstance(death, AtSystemCall):
            with tempfile.TemporaryDirectory() as folder:
                pipe = Path(folder, "go")
                os.mkfifo(pipe)
                self._tell(str(pipe))
                with _killed_at(self._said("born"), death):
                    self._let_go(pipe)
                    return self._said("ended")
        self._tell("")
        child = self._said("born")
        if death is not None and not self._has_ended(death.seconds):
            os.kill(child, signal.SIGKILL)
        return self._said("ended")

    def _let_go(self, pipe: Path) -> None:
        """Whoever reads there; it may be killed before it does."""
        while not self._has_ended(0.01):
            with contextlib.suppress(OSError):  # nobody reads yet
                os.close(os.open(pipe, os.O_WRONLY | os.O_NONBLOCK))
                return

    def _tell(self, line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()

    def _said(self, what: str) -> int:
        assert self._has_ended(_PATIENCE_SECONDS), "the life hangs"
        assert self._process.stdout is not None
        word, _, number = self._process.stdout.readline().partition(" ")
        assert word == what, f"it said {word!r} instead of {what!r}"
        return int(number)

    def _has_ended(self, seconds: float) -> bool:
        """Whether it says something before the time is up."""
        assert self._process.stdout is not None
        with selectors.DefaultSelector() as selector:
            selector.register(self._process.stdout, selectors.EVENT_READ)
            return bool(selector.select(seconds))


@contextmanager
def _killed_at(child: int, death: AtSystemCall) -> Iterator[None]:
    inject = f"inject={death.name}:signal=SIGKILL:when={death.number}"
    command = ["strace", "-f", "-p", str(child), "-o", os.devnull]
    with subprocess.Popen(
        [*command, "-e", f"trace={death.name}", "-e", inject], stderr=subprocess.PIPE, text=True
    ) as strace:
        assert strace.stderr is not None
        said = strace.stderr.readline()
        if "attached" not in said:
            os.kill(child, signal.SIGKILL)
            raise RuntimeError(f"strace cannot attach: {said}")
        try:
            yield
        finally:
            try:
                strace.wait(_ATTACH_SECONDS)
            except subprocess.TimeoutExpired:
                strace.kill()


def why_no_kills_at_system_calls() -> str:
    """Empty where strace is there and may attach to a process."""
    if shutil.which("strace") is None:
        return "strace is not installed"
    sleeper = subprocess.Popen(["sleep", "60"])
    try:
        tried = subprocess.run(
            ["strace", "-p", str(sleeper.pid), "-e", "trace=none", "-e", "inject=close:retval=0"],
            stderr=subprocess.PIPE,
            timeout=2,
            check=False,
            text=True,
        )
    except subprocess.TimeoutExpired:
        return ""
    else:
        return f"strace may not attach here: {tried.stderr.strip()[:100]}"
    finally:
        sleeper.kill()
        sleeper.wait()
