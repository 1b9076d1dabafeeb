"""Makes the .rpm where rpmbuild is at hand.

Each distribution names its packages otherwise; what the program needs is named by its libraries.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

from environment import BUILD, build_environment
from stage import settle_times, stage
from version import TOP, VERSION

DIST = TOP / "dist"
_NEEDED = re.compile(r"\(NEEDED\).*\[(.+)\]")
_GLIBC = re.compile(r"Name: GLIBC_2\.(\d+)")


def build_rpm() -> Path:
    """Returns dist/s3gui-VERSION-1.MACHINE.rpm."""
    work = BUILD / "rpm"
    shutil.rmtree(work, ignore_errors=True)
    staged = work / "staged"
    stage(staged / "usr")
    licence = staged / "usr" / "share" / "licenses" / "s3gui" / "LICENSE"
    licence.parent.mkdir(parents=True)
    shutil.copyfile(TOP / "LICENSE", licence)
    settle_times(staged)
    template = (TOP / "packaging" / "linux" / "s3gui.spec.in").read_text()
    spec = work / "s3gui.spec"
    for name, value in {
        "@VERSION@": VERSION,
        "@STAGED@": str(staged),
        "@REQUIRES@": ", ".join(_requirements(staged)),
    }.items():
        template = template.replace(name, value)
    spec.write_text(template)
    subprocess.run(
        ["rpmbuild", "-bb", "--quiet", "--define", f"_topdir {work / 'top'}", spec],
        check=True,
        env=build_environment(),
    )
    (made,) = (work / "top" / "RPMS").rglob("*.rpm")
    DIST.mkdir(exist_ok=True)
    return Path(shutil.move(made, DIST / made.name))


def _requirements(staged: Path) -> list[str]:
    """The system's libraries that those in the tree ask for, as RPM writes them for 64 bits."""
    files = [path for path in staged.rglob("*") if path.is_file() and not path.is_symlink()]
    programs = [path for path in files if path.read_bytes()[:4] == b"\x7fELF"]
    said = subprocess.run(
        ["readelf", "--dynamic", "--version-info", "--wide", *programs],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    ours = {path.name for path in programs}
    needed = sorted({name for name in _NEEDED.findall(said) if name not in ours})
    newest = max(map(int, _GLIBC.findall(said)))
    return [*(f"{name}()(64bit)" for name in needed), f"libc.so.6(GLIBC_2.{newest})(64bit)"]
