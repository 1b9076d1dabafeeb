"""How this copy of the program came onto the computer, and so how a newer one comes."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from s3gui.adapters.appimage import own_appimage
from s3gui.core.release import Installation

_PACKAGE = Path(__file__).resolve().parents[1]
_SYSTEM_FOLDER = Path("/usr/lib/s3gui")


def installation(
    *,
    environment: Mapping[str, str] = os.environ,
    executable: Path = Path(sys.executable),
    package: Path = _PACKAGE,
    is_frozen: bool = bool(getattr(sys, "frozen", False)),
    root: Path = Path("/"),
) -> Installation:
    """Judged by where the program lies, never by asking a package manager."""
    if not is_frozen:
        return _of_python(package)
    folder = executable.parent
    is_systems = folder == _SYSTEM_FOLDER
    signs = {
        Installation.FLATPAK: (root / ".flatpak-info").is_file(),
        Installation.APPIMAGE: own_appimage(environment, executable) is not None,
        Installation.WINDOWS_INSTALLER: (folder / "uninstall.exe").is_file(),
        Installation.MACOS_APP: folder.parts[-2:] == ("Contents", "MacOS"),
        Installation.DEB: is_systems and (root / "var/lib/dpkg/info/s3gui.list").is_file(),
        Installation.RPM: is_systems,
    }
    return next((kind for kind, is_there in signs.items() if is_there), Installation.PORTABLE)


def _of_python(package: Path) -> Installation:
    if (package.parent / "pyproject.toml").is_file():
        return Installation.CHECKOUT
    parts = package.parts
    if "pipx" in parts:
        return Installation.PIPX
    if "uv" in parts and "tools" in parts:
        return Installation.UV
    return Installation.PIP
