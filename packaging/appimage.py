"""Makes the AppImage where its project's runtime is at hand: no package registry has one."""

from __future__ import annotations

import os
import platform
import subprocess
from pathlib import Path

from environment import BUILD, build_environment
from stage import settle_times, stage
from version import TOP, VERSION

DIST = TOP / "dist"


def build_appimage() -> Path | None:
    """Returns dist/s3gui-VERSION-MACHINE.AppImage."""
    runtime = os.environ.get("S3GUI_APPIMAGE_RUNTIME")
    if not runtime:
        print("NOT MADE: the AppImage (S3GUI_APPIMAGE_RUNTIME names no runtime)")
        return None
    staged = BUILD / "appimage" / "usr"
    stage(staged)
    settle_times(staged)
    DIST.mkdir(exist_ok=True)
    image = DIST / f"s3gui-{VERSION}-{platform.machine()}.AppImage"
    script = TOP / "packaging" / "linux" / "appimage.sh"
    subprocess.run([script, staged, runtime, image], check=True, env=build_environment())
    return image
