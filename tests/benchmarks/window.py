"""The window while it uploads at full speed: how late its event loop comes, and its memory."""

from __future__ import annotations

import json
import shutil
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.benchmarks.jobs import JOBS, MIB, Job, make_files, shortened
from tests.benchmarks.measure import measure
from tests.benchmarks.service import CREDENTIALS, Certificate, Service, make_certificate, sink

_SCREEN = Path(__file__).with_name("screen.json")
"""Offscreen's own is 800 by 800 pixels: the window would be opened smaller than people see it."""

_CHILD = """
from s3gui.collecting import collect_rarely
collect_rarely()  # as the program does, before it imports anything
from tests.benchmarks.window_child import main
main()
"""
_JOBS = ("a-https", "b-https", "c-https")
_GOALS = "Goals: p99 < 16 ms, most < 50 ms, peak <= 250 MB."
_HEADINGS = ("job", "run", "upload s", "p50 ms", "p90", "p99", "most", "> 50 ms", "peak MB")


def run(folder: Path, *, is_short: bool, runs: int) -> str:
    """The table, as Markdown."""
    certificate = make_certificate(folder / "certificates")
    rows = [_HEADINGS, ("---",) * len(_HEADINGS)]
    for name in _JOBS:
        job = shortened(JOBS[name]) if is_short else JOBS[name]
        rows += [_row(job, number, _upload(folder, job, certificate)) for number in range(runs)]
    return "\n".join([_GOALS, "", *("| " + " | ".join(row) + " |" for row in rows), ""])


def open_once(folder: Path, service: Service, upload: Sequence[str] = ()) -> dict[str, Any]:
    """What `window_child` says, of a new process with an empty home."""
    home = folder / "home"
    shutil.rmtree(home, ignore_errors=True)
    log = folder / "window.log"
    platform = f"offscreen:configfile={_SCREEN}"
    environment = {**CREDENTIALS, "S3GUI_HOME": str(home), "QT_QPA_PLATFORM": platform}
    place = [service.endpoint_url, str(service.authority or "")]
    words = [sys.executable, "-c", _CHILD, str(time.monotonic())]
    measure([*words, *place, *upload], environment, log)
    said: dict[str, Any] = json.loads(log.read_text().splitlines()[-1])
    return said


def _upload(folder: Path, job: Job, certificate: Certificate) -> dict[str, Any]:
    source = make_files(job, folder)
    with sink(certificate if job.is_tls else None) as service:
        said = open_once(folder, service, [str(source), "window/"])
    if said["states"] != {"completed": job.files}:
        raise RuntimeError(f"{job.name} in the window: {said['states']}")
    return said


def _row(job: Job, number: int, said: dict[str, Any]) -> tuple[str, ...]:
    delays = sorted(1000 * each for each in said["delays"])
    late = sum(each > 50 for each in delays) / len(delays)
    return (
        f"{job.name}: {job.title}",
        str(number + 1),
        f"{said['upload_seconds']:.1f}",
        *(f"{_quantile(delays, share):.1f}" for share in (0.5, 0.9, 0.99)),
        f"{delays[-1]:.0f}",
        f"{late:.1%}",
        f"{said['peak_memory'] / MIB:.0f}",
    )


def _quantile(ascending: Sequence[float], share: float) -> float:
    return ascending[min(len(ascending) - 1, int(share * len(ascending)))]
