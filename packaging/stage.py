"""Lays out what a Linux package installs: program, menu entry, icons, manual, completions."""

from __future__ import annotations

import gzip
import os
import re
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

from environment import build_environment, python, source_date_epoch
from freeze import FROZEN
from icons import icons
from version import TOP, VERSION

_LINUX = TOP / "packaging" / "linux"
_COMMAND = re.compile(r"^  s3gui ([a-z][a-z-]+)\b", re.MULTILINE)


def build_date() -> str:
    return datetime.fromtimestamp(int(source_date_epoch()), UTC).strftime("%Y-%m-%d")


def stage(root: Path, library: str = "lib/s3gui") -> None:
    """Fill `root`, which stands for /usr: bin, `library` (the program), share."""
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(FROZEN, root / library, symlinks=True)
    (root / "bin").mkdir()
    (root / "bin" / "s3gui").symlink_to(Path("..") / library / "s3gui")
    stage_shared(root / "share")


def stage_shared(share: Path) -> None:
    """Fill `share` with what a desktop and its shells look for in /usr/share."""
    shutil.rmtree(share, ignore_errors=True)
    _write(share / "applications" / "s3gui.desktop", _filled("s3gui.desktop"))
    name = "io.github.s3gui.s3gui.metainfo.xml"
    _write(share / "metainfo" / name, _filled(name))
    for drawn in sorted(icons().glob("*x*.png")):
        _copy(drawn, share / "icons" / "hicolor" / drawn.stem / "apps" / "s3gui.png")
    vector = TOP / "resources" / "app" / "icon.svg"
    _copy(vector, share / "icons" / "hicolor" / "scalable" / "apps" / "s3gui.svg")
    subprocess.run(
        [python(), TOP / "packaging" / "complete_shells.py", share, *commands()],
        check=True,
        env=build_environment(),
    )
    manual = _filled("s3gui.1.in").replace("@COMMANDS@", _manual_of_commands())
    path = share / "man" / "man1" / "s3gui.1.gz"
    path.parent.mkdir(parents=True)
    path.write_bytes(gzip.compress(manual.encode(), mtime=0))


def settle_times(root: Path) -> None:
    """Give everything below `root` the commit's time and modes that no umask decided."""
    time = int(source_date_epoch())
    for path in [root, *root.rglob("*")]:
        if path.is_symlink():
            os.utime(path, (time, time), follow_symlinks=False)
            continue
        is_program = path.is_dir() or os.access(path, os.X_OK)
        path.chmod(0o755 if is_program else 0o644)
        os.utime(path, (time, time))


def help_of(*command: str) -> str:
    """What the program says of a command, a hundred columns wide."""
    return subprocess.run(
        [python(), "-m", "s3gui", *command, "--help"],
        cwd=TOP,
        env={**build_environment(), "COLUMNS": "79", "NO_COLOR": "1"},
        check=True,
        capture_output=True,
        text=True,
    ).stdout


def commands() -> list[str]:
    """The words that can follow `s3gui`, in the order of its help."""
    return list(dict.fromkeys(_COMMAND.findall(help_of())))


def _manual_of_commands() -> str:
    sections = []
    for command in commands():
        text = help_of(command).rstrip().replace("\\", "\\e").replace("-", "\\-")
        lines = [f"\\&{line}" if line[:1] in {".", "'"} else line for line in text.splitlines()]
        sections.append("\n".join([f'.SH "s3gui {command}"', ".nf", *lines, ".fi"]))
    return "\n".join(sections)


def _filled(name: str) -> str:
    text = (_LINUX / name).read_text()
    return text.replace("@VERSION@", VERSION).replace("@DATE@", build_date())


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
