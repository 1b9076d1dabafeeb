"""Makes the frozen program: PyInstaller's folder, slimmed, the same bytes from the same commit."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from environment import BUILD, build_environment, python, source_date_epoch
from icons import icons
from slim_icu import slim_icu
from version import TOP, VERSION

FROZEN = BUILD / "frozen" / "s3gui"
_SELF_TEST_SECONDS = 120


def freeze() -> None:
    """Fill `FROZEN`, and prove that what was made starts."""
    shutil.rmtree(FROZEN.parent, ignore_errors=True)
    icons()
    script = TOP / "packaging" / "licences.py"
    subprocess.run([python(), script, BUILD / "THIRD-PARTY.txt"], check=True)
    if sys.platform == "win32":
        _write_version_information()
    subprocess.run(
        [
            *(python(), "-m", "PyInstaller", "--noconfirm", "--log-level=WARN"),
            *("--distpath", FROZEN.parent, "--workpath", BUILD / "pyinstaller"),
            TOP / "packaging" / "pyinstaller" / "s3gui.spec",
        ],
        check=True,
        env=build_environment(),
    )
    if sys.platform.startswith("linux"):
        _slim()
    _settle_modes_and_times()
    self_test(FROZEN / ("s3gui-cli.exe" if sys.platform == "win32" else "s3gui"))


def self_test(program: Path) -> None:
    """Raises where the program does not say that everything is there, in time."""
    subprocess.run([program, "--self-test"], check=True, timeout=_SELF_TEST_SECONDS)


def _slim() -> None:
    libraries = [path for path in FROZEN.rglob("*.so*") if not path.is_symlink()]
    for library in libraries:
        if library.name.startswith("libicudata"):
            slim_icu(library)
        if "lib-dynload" in library.parts or library.name.startswith("libpython"):
            # Where the build machine keeps its own Python is no place to look in elsewhere.
            subprocess.run(["patchelf", "--remove-rpath", library], check=True)
        subprocess.run(["strip", "--strip-unneeded", library], check=True)


def _settle_modes_and_times() -> None:
    time = int(source_date_epoch())
    for path in [FROZEN, *FROZEN.rglob("*")]:
        if path.is_symlink():
            continue
        is_program = path.is_dir() or path.parent == FROZEN
        path.chmod(0o755 if is_program else 0o644)
        os.utime(path, (time, time))


def _write_version_information() -> None:
    numbers = ", ".join([*VERSION.split("."), "0"])
    template = (TOP / "packaging" / "windows" / "version_info.txt").read_text()
    BUILD.mkdir(exist_ok=True)
    (BUILD / "version_info.txt").write_text(
        template.replace("@NUMBERS@", numbers).replace("@VERSION@", VERSION)
    )


def weigh() -> str:
    """A table of what the frozen program's weight is, in MB (10^6 bytes)."""
    kinds: dict[str, int] = {}
    for path in FROZEN.rglob("*"):
        if path.is_file() and not path.is_symlink():
            kind = _kind(path.relative_to(FROZEN).as_posix())
            kinds[kind] = kinds.get(kind, 0) + path.stat().st_size
    rows = sorted(kinds.items(), key=lambda row: -row[1])
    lines = [f"| {kind} | {size / 1e6:.1f} |" for kind, size in rows]
    total = f"| **together** | **{sum(kinds.values()) / 1e6:.1f}** |"
    return "\n".join(["| what | MB |", "|---|---|", *lines, total])


def _kind(name: str) -> str:
    for part, kind in (
        ("libicu", "ICU (text for Qt)"),
        ("PySide6/Qt/plugins", "Qt's plug-ins"),
        ("PySide6/Qt/translations", "Qt's own texts in other languages"),
        ("PySide6/Qt/lib", "Qt"),
        ("PySide6", "Qt for Python"),
        ("shiboken6", "Qt for Python"),
        ("libpython", "Python"),
        ("python3", "Python"),
        ("base_library", "Python"),
        ("awscrt", "AWS common runtime (checksums, sign-in)"),
        ("botocore", "botocore's description of S3"),
        ("cryptography", "cryptography (for the keyring)"),
        ("libcrypto", "OpenSSL"),
        ("libssl", "OpenSSL"),
        ("s3gui/_resources", "icons and languages"),
    ):
        if part in name:
            return kind
    return "the program, its Python packages, and small libraries"
