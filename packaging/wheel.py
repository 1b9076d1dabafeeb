"""Makes the wheel and the sdist for `pip install s3gui`, and checks what they say and hold."""

from __future__ import annotations

import subprocess
import tarfile
import zipfile
from pathlib import Path

from environment import build_environment, python
from version import TOP, VERSION

DIST = TOP / "dist"


def build_wheel() -> list[Path]:
    """Returns the wheel and the sdist in dist/."""
    DIST.mkdir(exist_ok=True)
    subprocess.run(
        [python(), "-m", "build", "--no-isolation", "--outdir", DIST, TOP],
        check=True,
        env=build_environment(),
        stdout=subprocess.DEVNULL,
    )
    wheel = DIST / f"s3gui-{VERSION}-py3-none-any.whl"
    sdist = DIST / f"s3gui-{VERSION}.tar.gz"
    _check_contents(wheel, sdist)
    subprocess.run([python(), "-m", "twine", "check", "--strict", wheel, sdist], check=True)
    return [wheel, sdist]


def _check_contents(wheel: Path, sdist: Path) -> None:
    """Raises where a module or a resource of the repository is missing."""
    with zipfile.ZipFile(wheel) as archive:
        in_wheel = set(archive.namelist())
    with tarfile.open(sdist) as archive:
        in_sdist = {name.partition("/")[2] for name in archive.getnames()}
    modules = {path.relative_to(TOP) for path in (TOP / "s3gui").rglob("*.py")}
    resources = {path.relative_to(TOP) for path in (TOP / "resources").rglob("*.*")}
    for path in sorted(modules | resources | {Path("s3gui/py.typed")}):
        name = path.as_posix()
        packed = name.replace("resources/", "s3gui/_resources/", 1)
        if packed not in in_wheel or name not in in_sdist:
            raise SystemExit(f"{name} is not in both the wheel and the sdist")
