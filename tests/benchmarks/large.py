"""Large numbers and sizes: a million files as a plan, 100 GiB and an endless stream really sent."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.benchmarks.contestants import upload_command
from tests.benchmarks.jobs import GIB, MIB
from tests.benchmarks.measure import Figures, measure, run_command
from tests.benchmarks.service import BUCKET, Service, sink

_FILES_IN_A_FOLDER = 10_000
_PLAN = """
import sys
from concurrent.futures import ThreadPoolExecutor
from s3gui.bootstrap import open_workspace
from s3gui.core.transfer import Destination, UploadOptions
from s3gui.core.profile import Profile

pool = ThreadPoolExecutor(1)
workspace = open_workspace(
    transfers_executor=pool, parts_executor=pool, publish=lambda event: None
)
profile = Profile(id="plan", name="plan")
workspace.queue.add([sys.argv[1]], Destination("bucket", "plan/"), UploadOptions(), profile)
(count,) = workspace.queue.counts().values()
assert count.files == int(sys.argv[2]), count
workspace.close()
"""


def run(folder: Path, *, is_short: bool) -> str:
    """The table, as Markdown. A hundredth of it where `is_short`."""
    part = 100 if is_short else 1
    rows = [
        _row(f"plan of {files:,} files", _plan(folder, files))
        for files in (10_000 // part, 1_000_000 // part)
    ]
    with sink(None) as service:
        for size in (GIB // part, 100 * GIB // part):
            figures = _upload_sparse(folder, size, service)
            rows.append(_row(f"sparse file of {size / GIB:g} GiB, http", figures))
        for size in (GIB // part, 60 * GIB // part):
            figures = _upload_stream(folder, size, service)
            rows.append(_row(f"stream of {size / GIB:g} GiB from 5 MiB parts, http", figures))
    heading = ["| what | wall s | CPU s | peak MB |", "| --- | --- | --- | --- |"]
    return "\n".join([*heading, *rows, ""])


def _plan(folder: Path, files: int) -> Figures:
    source = folder / f"plan-{files}"
    _make_links(source, files)
    words = [sys.executable, "-c", _PLAN, str(source), str(files)]
    return measure(words, {"S3GUI_HOME": str(_new_home(folder))}, folder / "large.log")


def _make_links(source: Path, files: int) -> None:
    """`files` names below `source`, of one inode a folder: a million inodes take long to make."""
    for start in range(0, files, _FILES_IN_A_FOLDER):
        place = source / f"{start:07}"
        if place.exists():
            continue
        place.mkdir(parents=True)
        first = place / f"{start:07}.bin"
        first.write_bytes(b"x")
        for number in range(start + 1, min(files, start + _FILES_IN_A_FOLDER)):
            os.link(first, place / f"{number:07}.bin")


def _upload_sparse(folder: Path, size: int, service: Service) -> Figures:
    source = folder / "sparse.bin"
    with source.open("wb") as file:
        file.truncate(size)
    place = f"s3://{BUCKET}/sparse-{size}/"
    return run_command(upload_command(service, _new_home(folder), str(source), place), folder)


def _upload_stream(folder: Path, size: int, service: Service) -> Figures:
    place = f"s3://{BUCKET}/stream-{size}"
    part_size = ("--part-size", str(5 * MIB))
    command = upload_command(service, _new_home(folder), "-", place, *part_size)
    with subprocess.Popen(["head", "-c", str(size), "/dev/zero"], stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        return run_command(command, folder, standard_input=writer.stdout.fileno())


def _new_home(folder: Path) -> Path:
    home = folder / "home"
    shutil.rmtree(home, ignore_errors=True)
    return home


def _row(what: str, figures: Figures) -> str:
    memory = figures.peak_memory / MIB
    return f"| {what} | {figures.wall_seconds:.1f} | {figures.cpu_seconds:.1f} | {memory:.0f} |"
