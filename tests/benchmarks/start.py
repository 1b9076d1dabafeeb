"""How long it takes until something is there."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from statistics import median

from tests.benchmarks.contestants import upload_command
from tests.benchmarks.measure import Command, Figures, run_command
from tests.benchmarks.service import BUCKET, Service, sink
from tests.benchmarks.window import open_once

_GOALS = "Goals: --version <= 0.1 s, one small file <= 0.7 s, window painted <= 0.6 s."


def run(folder: Path, *, runs: int) -> str:
    """The table, as Markdown."""
    lines = [
        _GOALS,
        "",
        "| command | wall s | CPU s | peak MB |",
        "| --- | --- | --- | --- |",
    ]
    small = folder / "small.bin"
    small.parent.mkdir(parents=True, exist_ok=True)
    small.write_bytes(bytes(10 * 1024))
    with sink(None) as service:
        version = [_version(folder) for _ in range(runs)]
        upload = [_upload(folder, service, small, number) for number in range(runs)]
        visible = [open_once(folder, service)["visible_seconds"] for _ in range(runs)]
    lines += [_row("s3gui --version", version), _row("s3gui upload, one small file", upload)]
    lines.append(f"| the window is painted | {_spread(visible)} | | |")
    return "\n".join([*lines, ""])


def _version(folder: Path) -> Figures:
    return run_command(Command([sys.executable, "-m", "s3gui", "--version"]), folder)


def _upload(folder: Path, service: Service, small: Path, number: int) -> Figures:
    home = folder / "home"
    shutil.rmtree(home, ignore_errors=True)
    place = f"s3://{BUCKET}/{number}/"
    return run_command(upload_command(service, home, str(small), place), folder)


def _row(name: str, runs: list[Figures]) -> str:
    wall = _spread([each.wall_seconds for each in runs])
    cpu = _spread([each.cpu_seconds for each in runs])
    return f"| {name} | {wall} | {cpu} | {max(each.peak_memory for each in runs) / 1024**2:.0f} |"


def _spread(values: list[float]) -> str:
    return f"{median(values):.2f} ({min(values):.2f}-{max(values):.2f})"
