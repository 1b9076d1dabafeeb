"""Starting with the user's session: an autostart entry, a LaunchAgent, or a value in the registry.

The entry itself is the truth: whoever takes it away in the system's own settings has turned it off.
"""

from __future__ import annotations

import os
import plistlib
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from subprocess import list2cmdline

from s3gui.adapters.appimage import own_appimage
from s3gui.core.errors import S3guiError
from s3gui.engine.login_start import LoginStart

_LABEL = "io.github.s3gui.s3gui"
_OFF = ("Hidden=true", "X-GNOME-Autostart-enabled=false")


class LoginStartUnavailable(S3guiError):
    code = "login-start-unavailable"
    title = "Starting at login cannot be changed"
    hint = "Use the settings of the system for programs that start at login."


def login_start(
    *,
    platform: str = sys.platform,
    environment: Mapping[str, str] = os.environ,
    home: Path | None = None,
) -> LoginStart:
    """That of this system, for this copy of the program."""
    home = home or Path.home()
    command = program_command(environment)
    if platform == "win32":
        return RunKey(command)
    if platform == "darwin":
        return LaunchAgent(home / "Library/LaunchAgents", command)
    config = environment.get("XDG_CONFIG_HOME", "")
    # The specification says to ignore a path that is not absolute.
    folder = Path(config) if os.path.isabs(config) else home / ".config"  # noqa: PTH117
    return AutostartEntry(folder / "autostart", command)


def program_command(environment: Mapping[str, str] = os.environ) -> list[str]:
    """What starts this copy's window."""
    if not getattr(sys, "frozen", False):
        # -P: nothing is imported from the folder that it runs in.
        return [sys.executable, "-P", "-m", "s3gui"]
    # An AppImage is mounted elsewhere each time.
    return [own_appimage(environment, Path(sys.executable)) or sys.executable]


class AutostartEntry:
    """freedesktop.org: Desktop Application Autostart Specification 0.5."""

    def __init__(
        self, folder: Path, command: Sequence[str], *, sandbox: Path = Path("/.flatpak-info")
    ) -> None:
        self._path = folder / "s3gui.desktop"
        self._command = command
        self._sandbox = sandbox

    def is_on(self) -> bool:
        try:
            lines = self._path.read_text("utf-8", "surrogateescape").splitlines()
        except OSError:
            return False
        return not any(line.replace(" ", "") in _OFF for line in lines)

    def turn(self, *, on: bool) -> None:
        if on and self._sandbox.exists():
            raise LoginStartUnavailable("A program in a sandbox cannot start itself at login.")
        # Once the program is gone, a session passes over an entry whose TryExec is not there.
        text = (
            "[Desktop Entry]\nType=Application\nName=s3gui\n"
            f"TryExec={_as_string(self._command[0])}\nExec={exec_line(self._command)}\n"
            "Icon=s3gui\nTerminal=false\n"
        )
        _write(self._path, text.encode("utf-8", "surrogateescape") if on else None)


class LaunchAgent:
    """macOS: launchd.plist(5). Not run on a Mac so far."""

    def __init__(self, folder: Path, command: Sequence[str]) -> None:
        self._path = folder / f"{_LABEL}.plist"
        self._command = command

    def is_on(self) -> bool:
        return self._path.is_file()

    def turn(self, *, on: bool) -> None:
        content = {
            "Label": _LABEL,
            "ProgramArguments": list(self._command),
            "RunAtLoad": True,
            "ProcessType": "Interactive",
        }
        _write(self._path, plistlib.dumps(content) if on else None)


class RunKey:
    """Windows: HKEY_CURRENT_USER, Run. Not run on Windows so far."""

    def __init__(self, command: Sequence[str]) -> None:
        self.line = list2cmdline(_without_console(command))

    def is_on(self) -> bool:
        return _has_run_value()

    def turn(self, *, on: bool) -> None:
        try:
            _set_run_value(self.line if on else None)
        except OSError as error:
            raise LoginStartUnavailable(detail=str(error)) from error


if sys.platform == "win32":
    import winreg

    _RUN = r"Software\Microsoft\Windows\CurrentVersion\Run"
    _VALUE = "s3gui"

    def _has_run_value() -> bool:
        try:
            with winreg.OpenKey(winreg.HKEY_CURRENT_USER, _RUN) as key:
                winreg.QueryValueEx(key, _VALUE)
        except OSError:
            return False
        return True

    def _set_run_value(line: str | None) -> None:
        with winreg.CreateKey(winreg.HKEY_CURRENT_USER, _RUN) as key:
            if line is not None:
                winreg.SetValueEx(key, _VALUE, 0, winreg.REG_SZ, line)
            elif _has_run_value():
                winreg.DeleteValue(key, _VALUE)
else:

    def _has_run_value() -> bool:
        return False

    def _set_run_value(line: str | None) -> None:
        raise OSError(f"no registry for {line}")


def exec_line(command: Sequence[str]) -> str:
    """The value of Exec: arguments in quotes, percent signs doubled, then escaped as any string."""
    return _as_string(" ".join(f'"{_in_quotes(each)}"' for each in command))


def _as_string(text: str) -> str:
    escapes = {"\\": r"\\", "\n": r"\n", "\t": r"\t", "\r": r"\r"}
    return "".join(escapes.get(character, character) for character in text)


def _in_quotes(argument: str) -> str:
    for character in ("\\", '"', "`", "$"):
        argument = argument.replace(character, f"\\{character}")
    return argument.replace("%", "%%")


def _without_console(command: Sequence[str]) -> list[str]:
    """Of Python's two programs the one that opens no console."""
    program, *others = command
    quiet = Path(program).with_name("pythonw.exe")
    is_python = Path(program).name.lower() == "python.exe"
    return [str(quiet) if is_python and quiet.is_file() else program, *others]


def _write(path: Path, content: bytes | None) -> None:
    """None takes the file away. Raises LoginStartUnavailable."""
    try:
        if content is None:
            path.unlink(missing_ok=True)
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        # In one step: a session that begins at this moment reads all of it or nothing.
        new = path.with_name(f".{path.name}.new")
        new.write_bytes(content)
        new.replace(path)
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else str(error)
        raise LoginStartUnavailable(
            f"“{path}” cannot be changed: {reason}.", detail=str(error)
        ) from error
