"""Rows N-04 and N-05: uploads over a slow line, and over one that loses 2 % and takes 200 ms."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.stress.figure import Outcome
from tests.support.lossy_line import in_private_network, why_not

_LEAST_SHARE = 0.6
_SECONDS = 900


def run_lossy(folder: Path, mebibytes: int, seed: int) -> Outcome:
    """The program with 4 parts at once must reach 60 % of plain TCP on 4 connections."""
    del folder
    outcome, rates = _measured("lossy", mebibytes, seed)
    if not rates:
        return outcome
    for name, rate in rates.items():
        outcome.count(f"kB/s {name}", round(rate / 1000, 1))
    share = rates["program"] / rates["several"]
    outcome.count("share of plain TCP", round(share, 3))
    outcome.expect(share >= _LEAST_SHARE, f"seed {seed}: {share:.2f} of plain TCP: {rates}")
    return outcome


def run_slow(folder: Path, mebibytes: int, seed: int) -> Outcome:
    """Row N-04: a part that takes longer than silence may last, with the program's own 60 s."""
    del folder
    outcome, found = _measured("slow", mebibytes, seed)
    if not found:
        return outcome
    outcome.count("kB/s program", round(found["program"] / 1000, 1))
    outcome.count("attempts lost", found["attempts lost"])
    outcome.expect(not found["attempts lost"], f"seed {seed}: attempts were lost: {found}")
    return outcome


def _measured(kind: str, mebibytes: int, seed: int) -> tuple[Outcome, dict[str, float]]:
    reason = why_not()
    if reason:
        return Outcome(not_run=reason), {}
    command = [sys.executable, "-m", "tests.stress.lossy_child", str(mebibytes), str(seed), kind]
    done = subprocess.run(
        in_private_network(command), capture_output=True, text=True, timeout=_SECONDS, check=False
    )
    if done.returncode:
        return Outcome(failures=[f"seed {seed}: {done.stderr[-500:]}"]), {}
    return Outcome(done=mebibytes), json.loads(done.stdout)
