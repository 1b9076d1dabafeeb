"""What every step builds with: one place, one time, one Python with exactly the pinned packages."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path

from version import TOP

BUILD = TOP / "build"
_ENVIRONMENT = BUILD / "venv"
_REQUIREMENTS = ("requirements.txt", "requirements-build.txt")


def source_date_epoch() -> str:
    """When the commit was made, in seconds: the time that everything built from it carries."""
    given = os.environ.get("SOURCE_DATE_EPOCH")
    if given:
        return given
    return subprocess.run(
        ["git", "log", "-1", "--format=%ct"], cwd=TOP, check=True, capture_output=True, text=True
    ).stdout.strip()


def build_environment() -> dict[str, str]:
    """What makes a build repeatable: one time, one order of sets, one language."""
    return {
        **os.environ,
        "LC_ALL": "C.UTF-8",
        "PYTHONHASHSEED": "0",
        "SOURCE_DATE_EPOCH": source_date_epoch(),
        "TZ": "UTC",
    }


def python() -> Path:
    """The build's own Python, with exactly the pinned packages; made where it is missing."""
    inside = _ENVIRONMENT / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    requirements = [TOP / "packaging" / name for name in _REQUIREMENTS]
    made_from = _ENVIRONMENT / "made-from"
    wanted = "".join(path.read_text() for path in requirements)
    if not made_from.is_file() or made_from.read_text() != wanted:
        venv.create(_ENVIRONMENT, clear=True, with_pip=True)
        install = [inside, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        for path in requirements:
            subprocess.run([*install, "--require-hashes", "-r", path], check=True)
        made_from.write_text(wanted)
    return inside
