"""Row N-05: an upload over a line of 10 Mbit that loses 2 % and takes 200 ms, beside plain TCP."""

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
    reason = why_not()
    if reason:
        return Outcome(not_run=reason)
    command = [sys.executable, "-m", "tests.stress.lossy_child", str(mebibytes), str(seed)]
    done = subprocess.run(
        in_private_network(command), capture_output=True, text=True, timeout=_SECONDS, check=False
    )
    if done.returncode:
        return Outcome(failures=[f"seed {seed}: {done.stderr[-500:]}"])
    rates: dict[str, float] = json.loads(done.stdout)
    outcome = Outcome(done=mebibytes)
    for name, rate in rates.items():
        outcome.count(f"kB/s {name}", round(rate / 1000, 1))
    share = rates["program"] / rates["several"]
    outcome.count("share of plain TCP", round(share, 3))
    outcome.expect(share >= _LEAST_SHARE, f"seed {seed}: {share:.2f} of plain TCP: {rates}")
    return outcome
