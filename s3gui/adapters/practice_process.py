"""The practice server as a child process, so that it never shares the window's interpreter."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Self

from s3gui.core.errors import S3guiError
from s3gui.core.profile import Credentials, Secret
from s3gui.core.text import visible

_BUCKET = "practice"
_STOP_TIMEOUT_SECONDS = 5.0
_MAX_DETAIL = 500

_PASSED_ON = frozenset(
    {
        "APPDATA",
        "HOME",
        "LANG",
        "LD_LIBRARY_PATH",
        "LOCALAPPDATA",
        "PATH",
        "SYSTEMROOT",
        "TEMP",
        "TMP",
        "TMPDIR",
        "TZ",
        "USERPROFILE",
        "WINDIR",
    }
)
_PASSED_ON_PREFIXES = ("LC_", "_MEI", "_PYI")
"""PyInstaller's own find the unpacked program."""


class PracticeFailed(S3guiError):
    code = "practice-failed"
    title = "The practice server does not start"
    hint = "Another s3gui may be using it; close that one and try again."


class PracticeProcess:
    """Keeps everything in `folder`. It ends when `stop` is called or when this process ends."""

    def __init__(self, folder: Path, *, start_timeout_seconds: float = 30.0) -> None:
        self._folder = folder
        self._start_timeout_seconds = start_timeout_seconds
        self._process: subprocess.Popen[bytes] | None = None
        self.endpoint_url = ""
        self.region = ""
        self.credentials = Credentials("", Secret(""))

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Blocks until the server listens and its bucket exists. Raises PracticeFailed."""
        self.stop()
        with tempfile.TemporaryFile() as errors:
            try:
                self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                self._process = self._launch(errors)
                ready = json.loads(self._first_line(self._process))
                self.endpoint_url = str(ready["endpoint_url"])
                self.region = str(ready["region"])
                self.credentials = Credentials(
                    str(ready["access_key_id"]), Secret(str(ready["secret_access_key"]))
                )
            except (OSError, ValueError, KeyError, TypeError):
                self.stop()
                raise PracticeFailed(detail=_last_words(errors)) from None

    def stop(self) -> None:
        """Let it end by itself, and end it if it does not."""
        process, self._process = self._process, None
        if process is None:
            return
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.close()
        try:
            process.wait(_STOP_TIMEOUT_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_how: object) -> None:
        self.stop()

    def _launch(self, errors: IO[bytes]) -> subprocess.Popen[bytes]:
        on_windows = sys.platform == "win32"
        return subprocess.Popen(  # noqa: S603 - this program itself, with paths of our own
            [
                *_program(),
                *("--root", str(self._folder)),
                *("--bucket", _BUCKET),
                "--ready-json",
                # Its standard input is a pipe that the system closes with this process.
                "--until-stdin-closes",
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            env=_environment(os.environ),
            cwd=self._folder,
            # Ctrl-C is for this process, which then stops the server in its own time.
            start_new_session=not on_windows,
            creationflags=_windows_flags() if on_windows else 0,
        )

    def _first_line(self, process: subprocess.Popen[bytes]) -> bytes:
        """Empty when the process ended or said nothing in time."""
        lines: list[bytes] = []
        output = process.stdout
        assert output is not None
        reader = threading.Thread(target=lambda: lines.append(output.readline()), daemon=True)
        reader.start()
        reader.join(self._start_timeout_seconds)
        if reader.is_alive():
            process.kill()
            reader.join()
            return b""
        return lines[0]


def _program() -> list[str]:
    if getattr(sys, "frozen", False):
        return [sys.executable, "practice"]
    # -P: nothing is imported from the folder that it runs in.
    return [sys.executable, "-P", "-m", "s3gui.practice"]


def _environment(environment: Mapping[str, str]) -> dict[str, str]:
    """What a server needs: no credentials, no tokens, no proxies."""
    kept = {
        name: value
        for name, value in environment.items()
        if name.upper() in _PASSED_ON or name.startswith(_PASSED_ON_PREFIXES)
    }
    if not getattr(sys, "frozen", False):
        # Wherever this s3gui was imported from, the child takes the same one.
        kept["PYTHONPATH"] = str(Path(__file__).resolve().parents[2])
    return kept


def _windows_flags() -> int:
    return int(
        getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)
        | getattr(subprocess, "CREATE_NO_WINDOW", 0)
    )


def _last_words(errors: IO[bytes]) -> str:
    errors.seek(0)
    return visible(errors.read().decode(errors="replace").strip()[-_MAX_DETAIL:])
