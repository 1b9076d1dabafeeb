"""Makes macOS' image: a .dmg with the .app that PyInstaller laid out and signed."""

from __future__ import annotations

import platform
import shutil
import subprocess
from pathlib import Path

from environment import BUILD, build_environment
from freeze import FROZEN
from sign import notarise, prove_macos
from version import TOP, VERSION

DIST = TOP / "dist"
_BUNDLE = FROZEN.parent / "s3gui.app"


def build_dmg() -> Path:
    """Returns dist/s3gui-VERSION-MACHINE.dmg: the program beside a link to /Applications.

    Needs macOS, and the step `frozen` before.
    """
    prove_macos(_BUNDLE)
    layout = BUILD / "dmg"
    shutil.rmtree(layout, ignore_errors=True)
    shutil.copytree(_BUNDLE, layout / "s3gui.app", symlinks=True)
    (layout / "Applications").symlink_to("/Applications")
    DIST.mkdir(exist_ok=True)
    image = DIST / f"s3gui-{VERSION}-{platform.machine()}.dmg"
    subprocess.run(
        [
            *("hdiutil", "create", "-ov", "-format", "ULMO", "-volname", f"s3gui {VERSION}"),
            *("-srcfolder", layout, image),
        ],
        check=True,
        env=build_environment(),
    )
    notarise(image)
    return image
