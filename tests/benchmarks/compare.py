"""One job, done by s3gui and each peer in turn, and what came of it."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.benchmarks.contestants import COMMANDS, S3GUI, Upload
from tests.benchmarks.jobs import Job, make_files
from tests.benchmarks.measure import CommandFailed, Figures, run_command
from tests.benchmarks.peers import Peers
from tests.benchmarks.service import Certificate, Service, sink

_SLOW_SECONDS = 60
"""A peer that takes longer than this runs once only."""


@dataclass
class Result:
    """`pairs` holds s3gui's run and the peer's that followed it, by peer."""

    job: Job
    pairs: dict[str, list[tuple[Figures, Figures]]] = field(default_factory=dict)
    reports: list[dict[str, Any]] = field(default_factory=list)

    def own(self) -> list[Figures]:
        """s3gui's runs; each may have been the first of more than one pair."""
        runs = [first for pairs in self.pairs.values() for first, _ in pairs]
        return list({run.started_at: run for run in runs}.values())

    def wall_ratios(self, peer: str) -> list[float]:
        return [theirs.wall_seconds / ours.wall_seconds for ours, theirs in self.pairs[peer]]

    def cpu_ratios(self, peer: str) -> list[float]:
        return [theirs.cpu_seconds / ours.cpu_seconds for ours, theirs in self.pairs[peer]]


@dataclass(frozen=True, slots=True)
class Bench:
    """Where the benchmarks' files are, and what they need."""

    folder: Path
    peers: Peers
    certificate: Certificate


def compare(bench: Bench, job: Job, peers: Sequence[str], pairs: int) -> Result:
    """s3gui and the peers in turn, `pairs` times, after one run of s3gui that does not count.

    s3gui runs anew before every second peer at least, so that the two of a pair are close.
    """
    source = make_files(job, bench.folder)
    result = Result(job, {peer: [] for peer in peers})
    with sink(bench.certificate if job.is_tls else None, job.line.options()) as service:
        run = _runs(bench, job, source, service)
        run(S3GUI)
        for number in range(pairs):
            ours: Figures | None = None
            for place, peer in enumerate(peers):
                done = result.pairs[peer]
                if done and done[0][1].wall_seconds > _SLOW_SECONDS:
                    continue
                if ours is None or place % 2 == 0:
                    ours = run(S3GUI)
                try:
                    done.append((ours, run(peer)))
                except CommandFailed as failure:  # one peer's trouble is not the others'
                    sys.stderr.write(f"{failure}\n")
            sys.stderr.write(f"{job.name}: {number + 1} of {pairs}\n")
    result.reports = service.reports
    return result


def run_alone(bench: Bench, job: Job) -> tuple[Figures, list[dict[str, Any]]]:
    """s3gui's one run of the job, and what the sink saw of it."""
    source = make_files(job, bench.folder)
    with sink(bench.certificate if job.is_tls else None, job.line.options()) as service:
        figures = _runs(bench, job, source, service)(S3GUI)
    return figures, service.reports


class _runs:  # noqa: N801 - a function with a memory
    def __init__(self, bench: Bench, job: Job, source: Path, service: Service) -> None:
        self._bench, self._job, self._source, self._service = bench, job, source, service
        self._number = 0

    def __call__(self, contestant: str) -> Figures:
        self._number += 1
        home = self._bench.folder / "home"
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir(parents=True)
        prefix = f"{contestant}-{self._number}/"
        upload = Upload(self._job, self._source, self._service, prefix, home, self._bench.peers)
        return run_command(COMMANDS[contestant](upload), self._bench.folder)
