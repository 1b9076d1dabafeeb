"""The figures of docs/reliability.md, measured: `python -m tests.stress [G1 G2 ...]`.

Prints JSON to standard output and a table to standard error; ends with 1 when one failed.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import random
import sys
import tempfile
import time
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from pathlib import Path

from tests.stress.figure import Figure, merged, shares
from tests.support.isolation import isolate


def main() -> int:
    arguments = _arguments()
    with tempfile.TemporaryDirectory(prefix="s3gui-stress-") as home:
        isolate(os.environ, Path(home))
        from tests.stress.figures import FIGURES

        known = {figure.id: figure for figure in FIGURES}
        unknown = set(arguments.figures) - set(known)
        if unknown:
            sys.stderr.write(f"There is no figure {', '.join(sorted(unknown))}.\n")
            return 2
        results = [_measure(known[each], arguments) for each in arguments.figures or list(known)]
    sys.stdout.write(json.dumps(results, indent=2) + "\n")
    _draw(results)
    return 1 if any(result["failures"] for result in results) else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.stress", description=__doc__)
    parser.add_argument("figures", nargs="*", metavar="FIGURE", help="such as G1; all if none")
    parser.add_argument("--scale", choices=["full", "ci"], default="full")
    parser.add_argument("--count", type=int, help="how often, instead of what the scale says")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(2**32))
    parser.add_argument("--jobs", type=int, default=2, help="processes that share a figure")
    return parser.parse_args()


def _measure(figure: Figure, arguments: argparse.Namespace) -> dict[str, object]:
    wanted = arguments.count or (figure.full if arguments.scale == "full" else figure.ci)
    jobs = 1 if figure.is_whole else arguments.jobs
    sys.stderr.write(f"{figure.id}: {wanted} {figure.title} ...\n")
    started = time.monotonic()
    from tests.stress.figures import run_share

    with ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn")) as pool:
        runs = [
            pool.submit(run_share, figure.id, count, arguments.seed + place)
            for place, count in enumerate(shares(wanted, jobs))
        ]
        outcome = merged([run.result() for run in runs])
    if not outcome.not_run and outcome.done < wanted:
        outcome.failures.append(f"only {outcome.done} of {wanted} were done")
    seconds = round(time.monotonic() - started, 1)
    said = f"{len(outcome.failures)} failures" if outcome.failures else "passed"
    sys.stderr.write(f"{figure.id}: {outcome.not_run or said}, {seconds} s: {outcome.facts}\n")
    names = {"figure": figure.id, "title": figure.title, "seed": arguments.seed, "jobs": jobs}
    return {**names, "seconds": seconds, **asdict(outcome)}


def _draw(results: Iterable[dict[str, object]]) -> None:
    lines = [("figure", "what", "n", "result", "seconds", "seed")]
    for result in results:
        failures, not_run = result["failures"], result["not_run"]
        said = f"not run: {not_run}" if not_run else "passed"
        if isinstance(failures, list) and failures:
            said = f"FAILED {len(failures)} times, first: {str(failures[0])[:120]}"
        shown = ("figure", "title", "done")
        ended = (said, result["seconds"], result["seed"])
        lines.append(tuple(str(each) for each in (*(result[name] for name in shown), *ended)))
    widths = [max(len(line[place]) for line in lines) for place in range(len(lines[0]))]
    for line in lines:
        cells = [cell.ljust(width) for cell, width in zip(line, widths, strict=True)]
        sys.stderr.write("  ".join(cells).rstrip() + "\n")


if __name__ == "__main__":
    raise SystemExit(main())
