"""Makes Windows' packages: the installer (NSIS) and the portable .zip.

On another system the installer is compiled over that system's frozen program, which shows that the
script compiles and packs, and no more.
"""

from __future__ import annotations

import subprocess
import sys
import time
import zipfile
from pathlib import Path

from environment import build_environment, source_date_epoch
from freeze import FROZEN
from icons import icons
from sign import sign_windows
from version import TOP, VERSION

DIST = TOP / "dist"


def build_installer() -> Path:
    """Returns dist/s3gui-VERSION-setup.exe."""
    if sys.platform == "win32":
        sign_windows(FROZEN / "s3gui.exe", FROZEN / "s3gui-cli.exe")
    DIST.mkdir(exist_ok=True)
    installer = DIST / f"s3gui-{VERSION}-setup.exe"
    given = {
        "VERSION": VERSION,
        "NUMBERS": f"{VERSION}.0",
        "STAGED": str(FROZEN),
        "ICON": str(icons() / "s3gui.ico"),
        "LICENSE": str(TOP / "LICENSE"),
        "OUTPUT": str(installer),
    }
    subprocess.run(
        [
            *("makensis", "-V2", "-INPUTCHARSET", "UTF8", "-WX"),
            *(f"-D{name}={value}" for name, value in given.items()),
            TOP / "packaging" / "windows" / "s3gui.nsi",
        ],
        check=True,
        env=build_environment(),
    )
    sign_windows(installer)
    return installer


def build_zip() -> Path:
    """Returns dist/s3gui-VERSION-windows.zip: unpack it anywhere and start s3gui.exe."""
    DIST.mkdir(exist_ok=True)
    packed = DIST / f"s3gui-{VERSION}-windows.zip"
    # ZIP knows no time before 1980, and no odd seconds.
    when = time.gmtime(max(int(source_date_epoch()), 315_532_800))[:6]
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in sorted(FROZEN.rglob("*")):
            if path.is_file():
                name = f"s3gui-{VERSION}/{path.relative_to(FROZEN).as_posix()}"
                entry = zipfile.ZipInfo(name, when)
                entry.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(entry, path.read_bytes())
    return packed
