"""Checks what goes into a Linux desktop: menu, store, manual, completions, and the packages."""

from __future__ import annotations

import gzip
import subprocess
from pathlib import Path

from environment import BUILD
from stage import stage_shared
from try_completions import try_completions
from version import TOP

DIST = TOP / "dist"


def check() -> str:
    """Raises where a check finds something. A package that is not in dist/ is left out."""
    share = BUILD / "check" / "share"
    stage_shared(share)
    _silent("desktop-file-validate", *share.glob("applications/*.desktop"))
    for store in share.glob("metainfo/*.xml"):
        subprocess.run(
            ["appstreamcli", "validate", "--pedantic", "--no-net", store],
            check=True,
            stdout=subprocess.DEVNULL,
        )
    for manual in share.glob("man/man1/*.gz"):
        _silent("groff", "-ww", "-k", "-Kutf8", "-man", "-Tutf8", "-z", given=_unpacked(manual))
    try_completions(share)
    for package in DIST.glob("*.deb"):
        subprocess.run(["lintian", "--fail-on", "error,warning", package], check=True)
    for package in DIST.glob("*.rpm"):
        subprocess.run(["rpm", "--checksig", "--nosignature", package], check=True)
    return "menu entry, store entry, manual, completions and packages are in order"


def _silent(*command: str | Path, given: bytes = b"") -> None:
    """Whatever the command says is a finding."""
    done = subprocess.run(
        command, input=given, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
    )
    if done.returncode or done.stdout:
        raise SystemExit(f"{command[0]}: {done.stdout.decode(errors='replace')}")


def _unpacked(path: Path) -> bytes:
    return gzip.decompress(path.read_bytes())
