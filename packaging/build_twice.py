"""Builds this commit twice and says where the two differ, file by file.

    python3 packaging/build_twice.py frozen deb tarball rpm wheel installer bill [--into FOLDER]

What may differ from one machine to the next differs here as well: the time, the name and depth of
the folder, the file system (where /dev/shm is one in memory, it lists files in another order), the
umask, the language, and the time zone. Exits with 1 where anything else differs than that.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

TOP = Path(__file__).resolve().parents[1]
_COMPARED = ("build/frozen", "dist")
_WAYS = (
    ("first", {"LC_ALL": "C.UTF-8", "TZ": "UTC"}, 0o022),
    ("the/second/of/two", {"LC_ALL": "POSIX", "TZ": "Asia/Kathmandu"}, 0o077),
)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("steps", nargs="+")
    parser.add_argument("--into", type=Path, help="keep both products in this folder")
    arguments = parser.parse_args()
    memory = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
    with (
        tempfile.TemporaryDirectory(prefix="s3gui-") as first,
        tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as second,
    ):
        made = [
            _build(Path(folder) / name, arguments.steps, environment, umask)
            for folder, (name, environment, umask) in zip((first, second), _WAYS, strict=True)
        ]
        if arguments.into is not None:
            _keep(made, arguments.into)
        same, lines = 0, []
        for part in _COMPARED:
            found = compare(made[0] / part, made[1] / part)
            lines += [f"{part}/{line}" for line in found]
            same += len(_files(made[0] / part)) - len(found)
    print("\n".join([*lines, f"{same} files are the same, {len(lines)} are not"]))
    return 1 if lines else 0


def compare(first: Path, second: Path) -> list[str]:
    """A line for each file that is not the same in both: its name and what differs."""
    one, two = _files(first), _files(second)
    lines = []
    for name in sorted(one.keys() | two.keys()):
        if name not in one or name not in two:
            lines.append(f"{name}: in the {'second' if name in two else 'first'} only")
        elif one[name] != two[name]:
            differs = [what for what in one[name] if one[name][what] != two[name].get(what)]
            lines.append(f"{name}: {', '.join(differs)}")
    return lines


def _files(root: Path) -> dict[str, dict[str, object]]:
    """What can be told of each file below `root`. Products in dist/ are made when they are made."""
    found: dict[str, dict[str, object]] = {}
    for path in root.rglob("*"):
        state = path.lstat()
        facts: dict[str, object] = {"kind": stat.S_IFMT(state.st_mode)}
        if path.is_symlink():
            facts["target"] = path.readlink()
        elif path.is_file():
            facts["content"] = hashlib.sha256(path.read_bytes()).hexdigest()
        if root.name != "dist" and not path.is_symlink():
            facts |= {"mode": stat.S_IMODE(state.st_mode), "time": int(state.st_mtime)}
        found[path.relative_to(root).as_posix()] = facts
    return found


def _build(folder: Path, steps: list[str], environment: dict[str, str], umask: int) -> Path:
    folder.parent.mkdir(parents=True, exist_ok=True)
    before = os.umask(umask)
    try:
        subprocess.run(["git", "clone", "--quiet", TOP, folder], check=True)
        inherited = {k: v for k, v in os.environ.items() if k != "SOURCE_DATE_EPOCH"}
        subprocess.run(
            [sys.executable, "packaging/build.py", *steps],
            cwd=folder,
            check=True,
            env=inherited | environment,
        )
    finally:
        os.umask(before)
    return folder


def _keep(made: list[Path], into: Path) -> None:
    for number, folder in enumerate(made, 1):
        for part in _COMPARED:
            target = into / str(number) / part
            shutil.rmtree(target, ignore_errors=True)
            shutil.copytree(folder / part, target, symlinks=True)


if __name__ == "__main__":
    sys.exit(main())
