"""Makes the .rpm where rpmbuild is at hand. Installed on an RPM system by nobody yet."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from environment import BUILD, build_environment
from stage import settle_times, stage
from version import TOP, VERSION

DIST = TOP / "dist"


def build_rpm() -> Path:
    """Returns dist/s3gui-VERSION-1.MACHINE.rpm."""
    work = BUILD / "rpm"
    shutil.rmtree(work, ignore_errors=True)
    staged = work / "staged"
    stage(staged / "usr")
    settle_times(staged)
    template = (TOP / "packaging" / "linux" / "s3gui.spec.in").read_text()
    spec = work / "s3gui.spec"
    spec.write_text(template.replace("@VERSION@", VERSION).replace("@STAGED@", str(staged)))
    subprocess.run(
        ["rpmbuild", "-bb", "--quiet", "--define", f"_topdir {work / 'top'}", spec],
        check=True,
        env=build_environment(),
    )
    (made,) = (work / "top" / "RPMS").rglob("*.rpm")
    DIST.mkdir(exist_ok=True)
    return Path(shutil.move(made, DIST / made.name))
