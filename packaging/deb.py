"""Makes the .deb: Python, Qt and the program in one folder; the system's libraries are Debian's."""

from __future__ import annotations

import gzip
import hashlib
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

from environment import BUILD, build_environment, source_date_epoch
from stage import settle_times, stage
from version import TOP, VERSION

DIST = TOP / "dist"
_DEB = TOP / "packaging" / "linux" / "deb"
_LIBRARY = "usr/lib/s3gui"
_DEBIANS = ("bz2", "crypto", "expat", "ffi", "lzma", "sqlite3", "ssl", "xcb-", "z")
"""Libraries that the bundle carries for other systems: Debian's own get Debian's updates."""


def build_deb() -> Path:
    """Returns dist/s3gui_VERSION_ARCHITECTURE.deb."""
    root = BUILD / "deb"
    shutil.rmtree(root, ignore_errors=True)
    stage(root / "usr")
    zsh = root / "usr" / "share" / "zsh"
    # Where Debian's zsh looks; everybody else's looks into site-functions.
    (zsh / "site-functions").rename(zsh / "vendor-completions")
    for name in _DEBIANS:
        for library in (root / _LIBRARY / "_internal").glob(f"lib{name}*.so*"):
            library.unlink()
    architecture = _said_by("dpkg", "--print-architecture")
    documents = root / "usr" / "share" / "doc" / "s3gui"
    documents.mkdir(parents=True)
    shutil.copyfile(_DEB / "copyright", documents / "copyright")
    _write_changelog(documents / "changelog.gz")
    overrides = root / "usr" / "share" / "lintian" / "overrides" / "s3gui"
    overrides.parent.mkdir(parents=True)
    shutil.copyfile(_DEB / "lintian-overrides", overrides)
    (root / "DEBIAN").mkdir()
    control = (_DEB / "control").read_text()
    for name, value in {
        "@VERSION@": VERSION,
        "@ARCHITECTURE@": architecture,
        "@INSTALLED_SIZE@": str(_installed_kib(root / "usr")),
        "@DEPENDS@": _dependencies(root),
    }.items():
        control = control.replace(name, value)
    (root / "DEBIAN" / "control").write_text(control)
    (root / "DEBIAN" / "md5sums").write_text(_md5sums(root))
    settle_times(root)
    DIST.mkdir(exist_ok=True)
    package = DIST / f"s3gui_{VERSION}_{architecture}.deb"
    subprocess.run(
        ["dpkg-deb", "--build", "--root-owner-group", "-Zxz", "-z6", root, package],
        check=True,
        env=build_environment(),
    )
    return package


def _dependencies(root: Path) -> str:
    """What the program's libraries need of Debian's, as Debian's own tool finds it."""
    work = BUILD / "shlibdeps"
    (work / "debian").mkdir(parents=True, exist_ok=True)
    (work / "debian" / "control").write_text("Source: s3gui\n\nPackage: s3gui\nArchitecture: any\n")
    library = root / _LIBRARY
    files = [library / "s3gui", *(path for path in library.rglob("*.so*") if path.is_file())]
    inside = sorted({path.parent for path in files})
    found = subprocess.run(
        [
            *("dpkg-shlibdeps", "-O", "--ignore-missing-info", "--warnings=0"),
            *(f"-l{folder}" for folder in inside),
            *(f"-e{path}" for path in files),
        ],
        cwd=work,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return found.strip().removeprefix("shlibs:Depends=")


def _write_changelog(path: Path) -> None:
    made = datetime.fromtimestamp(int(source_date_epoch()), UTC)
    when = made.strftime("%a, %d %b %Y %H:%M:%S +0000")
    lines = [
        f"s3gui ({VERSION}) stable; urgency=medium",
        "",
        "  * What is new is told in the project's CHANGELOG.md.",
        "",
        f" -- The s3gui developers <s3gui@users.noreply.github.com>  {when}",
    ]
    path.write_bytes(gzip.compress(("\n".join(lines) + "\n").encode(), mtime=0))


def _md5sums(root: Path) -> str:
    files = sorted(path for path in (root / "usr").rglob("*") if path.is_file())
    rows = []
    for path in files:
        if not path.is_symlink():
            digest = hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()
            rows.append(f"{digest}  {path.relative_to(root)}\n")
    return "".join(rows)


def _installed_kib(root: Path) -> int:
    """As Debian counts: each file in whole KiB, each folder and link one."""
    sizes = [
        -(-path.stat().st_size // 1024) if path.is_file() and not path.is_symlink() else 1
        for path in root.rglob("*")
    ]
    return sum(sizes)


def _said_by(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
