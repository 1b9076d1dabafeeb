"""Results as Markdown and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from statistics import median
from typing import Any

from tests.benchmarks.compare import Result
from tests.benchmarks.contestants import S3GUI
from tests.benchmarks.goals import GOALS
from tests.benchmarks.jobs import GIB, MIB, Job
from tests.benchmarks.measure import Figures

_HEADINGS = (
    "program",
    "wall s",
    "its time / s3gui's",
    "goal",
    "its CPU / s3gui's",
    "CPU",
    "peak MB",
    "pairs",
)


def table(result: Result) -> str:
    """One job's figures, as median (least-most); a goal that was missed is in bold."""
    rows = [_HEADINGS, ("---",) * len(_HEADINGS)]
    rows.append(_row(S3GUI, result.job, result.own()))
    for peer, pairs in result.pairs.items():
        if not pairs:
            continue
        ratios = result.wall_ratios(peer)
        rows.append(
            _row(
                peer,
                result.job,
                [theirs for _, theirs in pairs],
                _spread(ratios),
                _verdict(GOALS.get(result.job.name, {}).get(peer), ratios),
                _spread(result.cpu_ratios(peer)),
                str(len(pairs)),
            )
        )
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join([f"### {result.job.name}: {result.job.title}", "", *lines, ""])


def cells(results: Sequence[Result]) -> str:
    """Every goal in one table: the wall ratio, how it stands to the goal, and the CPU ratio."""
    peers = list({peer: None for goals in GOALS.values() for peer in goals})
    rows = [("job", *peers), ("---",) * (len(peers) + 1)]
    rows += [(result.job.name, *(_cell(result, peer) for peer in peers)) for result in results]
    return "\n".join(["### Goals", "", *("| " + " | ".join(row) + " |" for row in rows), ""])


def _cell(result: Result, peer: str) -> str:
    goal = GOALS.get(result.job.name, {}).get(peer)
    if goal is None or not result.pairs.get(peer):
        return ""
    ratios = result.wall_ratios(peer)
    cpu = median(result.cpu_ratios(peer))
    return f"{median(ratios):.2f}; {_verdict(goal, ratios)}; CPU {cpu:.2f}"


def as_json(result: Result) -> dict[str, Any]:
    return {
        "job": asdict(result.job),
        "pairs": {
            peer: [[asdict(ours), asdict(theirs)] for ours, theirs in pairs]
            for peer, pairs in result.pairs.items()
        },
        "sink": result.reports,
    }


def _cost(job: Job, runs: Sequence[Figures]) -> str:
    seconds = median(run.cpu_seconds for run in runs)
    if job.is_of_small_files:
        return f"{seconds / job.files * 1000:.2f} ms a file"
    return f"{seconds / (job.total_size / GIB):.2f} s/GiB"


def _row(
    name: str,
    job: Job,
    runs: Sequence[Figures],
    ratio: str = "1",
    goal: str = "",
    cpu_ratio: str = "1",
    pairs: str = "",
) -> tuple[str, ...]:
    wall = _spread([run.wall_seconds for run in runs])
    peak = f"{max(run.peak_memory for run in runs) / MIB:.0f}"
    return (name, wall, ratio, goal, cpu_ratio, _cost(job, runs), peak, pairs)


def _spread(values: Sequence[float]) -> str:
    return f"{median(values):.2f} ({min(values):.2f}-{max(values):.2f})"


def _verdict(goal: float | None, ratios: Sequence[float]) -> str:
    if goal is None:
        return ""
    return f"≥ {goal:g}" if median(ratios) >= goal else f"**≥ {goal:g}**"
