"""Makes macOS' packages: s3gui.app out of the frozen program, and the .dmg that carries it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from freeze import BUILD, FROZEN, build_environment
from sign import notarise, sign_macos
from stage import icons
from version import TOP, VERSION

DIST = TOP / "dist"


def build_app() -> Path:
    """Returns build/macos/s3gui.app; on another system it shows the layout, and no more."""
    bundle = BUILD / "macos" / "s3gui.app"
    shutil.rmtree(bundle.parent, ignore_errors=True)
    contents = bundle / "Contents"
    programs = contents / "MacOS"
    shutil.copytree(FROZEN, programs, symlinks=True)
    # Apple's rules: programs in MacOS, libraries in Frameworks; the starter follows the link.
    (programs / "_internal").rename(contents / "Frameworks")
    (programs / "_internal").symlink_to("../Frameworks")
    (contents / "Resources").mkdir()
    shutil.copyfile(icons() / "s3gui.icns", contents / "Resources" / "s3gui.icns")
    template = (TOP / "packaging" / "macos" / "Info.plist.in").read_text()
    (contents / "Info.plist").write_text(template.replace("@VERSION@", VERSION))
    (contents / "PkgInfo").write_text("APPL????")
    if sys.platform == "darwin":
        sign_macos(bundle)
    return bundle


def build_dmg() -> Path:
    """Returns dist/s3gui-VERSION.dmg: the program beside a link to /Applications. Needs macOS."""
    layout = BUILD / "dmg"
    shutil.rmtree(layout, ignore_errors=True)
    shutil.copytree(build_app(), layout / "s3gui.app", symlinks=True)
    (layout / "Applications").symlink_to("/Applications")
    DIST.mkdir(exist_ok=True)
    image = DIST / f"s3gui-{VERSION}.dmg"
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
