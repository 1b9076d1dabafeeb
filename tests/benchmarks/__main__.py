"""s3gui and its peers, each job in turn, on this machine: `python -m tests.benchmarks`.

Prints a table for each job. Needs no network once the peers are installed, and Linux.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import ssl
import sys
import time
from importlib.metadata import version
from pathlib import Path

from s3gui import __version__
from tests.benchmarks import large, link, start, window
from tests.benchmarks.compare import Bench, Result, compare
from tests.benchmarks.contestants import CEILING, COMMANDS, S3GUI
from tests.benchmarks.goals import GOALS
from tests.benchmarks.jobs import JOBS, shortened
from tests.benchmarks.peers import Peers, make_peers
from tests.benchmarks.service import TOP, make_certificate
from tests.benchmarks.table import as_json, cells, table

_PEERS = [name for name in COMMANDS if name not in {S3GUI, CEILING}]
_SHORT_JOBS = ["a-https", "a-http", "b-http", "b-https", "c-https"]
_SHORT_PEERS = ["s5cmd", "obstore"]


def main() -> None:
    chosen = _arguments()
    started_at = time.monotonic()
    peers = make_peers(chosen.folder / "peers")
    versions = _versions(peers.versions())
    _write("\n".join(["## Versions", "", *versions, ""]))
    if chosen.what == "jobs":
        _compare(chosen, peers, versions)
    elif chosen.what == "link":
        certificate = make_certificate(chosen.folder / "certificates")
        _write(link.run(Bench(chosen.folder, peers, certificate)))
    elif chosen.what == "window":
        runs = chosen.pairs or (1 if chosen.short else 3)
        _write(window.run(chosen.folder, is_short=chosen.short, runs=runs))
    elif chosen.what == "start":
        _write(start.run(chosen.folder, runs=chosen.pairs or 7))
    else:
        _write(large.run(chosen.folder, is_short=chosen.short))
    _write(f"{(time.monotonic() - started_at) / 60:.1f} minutes.")


def _compare(chosen: argparse.Namespace, peers: Peers, versions: list[str]) -> None:
    bench = Bench(chosen.folder, peers, make_certificate(chosen.folder / "certificates"))
    results: list[Result] = []
    for name in chosen.job or (_SHORT_JOBS if chosen.short else JOBS):
        job = shortened(JOBS[name]) if chosen.short else JOBS[name]
        against = chosen.peer or (_SHORT_PEERS if chosen.short else _PEERS)
        against = [peer for peer in against if peer != CEILING]
        if CEILING in GOALS[name] and (not chosen.peer or CEILING in chosen.peer):
            against.append(CEILING)
        result = compare(bench, job, against, chosen.pairs or (2 if chosen.short else 5))
        _write(table(result))
        results.append(result)
        if chosen.json:
            content = {"versions": versions, "results": [as_json(each) for each in results]}
            chosen.json.write_text(json.dumps(content, indent=1))
    _write(cells(results))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument(
        "what",
        nargs="?",
        default="jobs",
        choices=["jobs", "link", "window", "start", "large"],
        help="s3gui beside its peers (the default), or s3gui alone: on a long line, in the "
        "window, how soon it starts, and with large numbers and sizes",
    )
    parser.add_argument("--short", action="store_true", help="two minutes, for daily use")
    parser.add_argument("--job", nargs="+", choices=JOBS)
    parser.add_argument("--peer", nargs="+", choices=[*_PEERS, CEILING])
    parser.add_argument("--pairs", type=int, help="how often; 5, or 2 with --short")
    parser.add_argument("--json", type=Path, help="also every single run, to this file")
    parser.add_argument("--folder", type=Path, default=TOP / ".benchmarks", help="where files go")
    return parser.parse_args()


def _versions(peers: dict[str, str]) -> list[str]:
    machine = f"{platform.system()} {platform.release()}, {platform.machine()}"
    return [
        f"- {time.strftime('%Y-%m-%d')}, {machine}, {os.cpu_count()} processors",
        f"- Python {platform.python_version()}, {ssl.OPENSSL_VERSION}",
        f"- s3gui {__version__} with botocore {version('botocore')}",
        "- " + ", ".join(f"{name} {number}" for name, number in peers.items()),
    ]


def _write(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
