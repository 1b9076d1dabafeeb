"""Makes the portable .tar.gz of Linux: unpack it anywhere and start it, or put it in the menu."""

from __future__ import annotations

import gzip
import io
import os
import platform
import shutil
import tarfile
from pathlib import Path

from environment import BUILD, source_date_epoch
from freeze import FROZEN
from stage import settle_times, stage_shared
from version import TOP, VERSION

DIST = TOP / "dist"


def build_tarball() -> Path:
    """Returns dist/s3gui-VERSION-linux-MACHINE.tar.gz."""
    name = f"s3gui-{VERSION}-linux-{platform.machine()}"
    root = BUILD / "tarball" / name
    shutil.rmtree(root.parent, ignore_errors=True)
    shutil.copytree(FROZEN, root, symlinks=True)
    stage_shared(root / "share")
    menu = root / "menu"
    shutil.copyfile(TOP / "packaging" / "linux" / "menu", menu)
    menu.chmod(0o755)
    shutil.copyfile(TOP / "LICENSE", root / "LICENSE")
    settle_times(root)
    DIST.mkdir(exist_ok=True)
    packed = DIST / f"{name}.tar.gz"
    packed.write_bytes(gzip.compress(_tar(root), compresslevel=9, mtime=0))
    return packed


def _tar(root: Path) -> bytes:
    """Files in the order of their names, owned by nobody in particular, of the commit's time."""
    time = int(source_date_epoch())

    def plain(member: tarfile.TarInfo) -> tarfile.TarInfo:
        member.uid = member.gid = 0
        member.uname = member.gname = "root"
        member.mtime = time
        return member

    whole = io.BytesIO()
    with tarfile.open(fileobj=whole, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for path in [root, *sorted(root.rglob("*"), key=os.fspath)]:
            name = path.relative_to(root.parent).as_posix()
            archive.add(path, name, recursive=False, filter=plain)
    return whole.getvalue()
