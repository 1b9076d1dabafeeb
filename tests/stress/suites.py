"""Figures whose loops are tests of the suite already (G13, G15): run as those, more often."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.stress.figure import Outcome

_TOP = Path(__file__).parents[2]
_FUZZED_OPERATIONS = 13


def run_hostile_answers(folder: Path, count: int, seed: int) -> Outcome:
    """So many fuzzed answers in all, and the answers without end or measure."""
    each = -(-count // _FUZZED_OPERATIONS)
    environment = {"RELIABILITY_FUZZED": str(each), "RELIABILITY_SEED": str(seed)}
    outcome = _run_tests(folder, "tests/reliability/test_hostile_answers.py", environment)
    outcome.done = each * _FUZZED_OPERATIONS if not outcome.failures else 0
    return outcome


def run_bad_certificates(folder: Path, count: int, _seed: int) -> Outcome:
    """Every kind of bad server that is known, `count` or more."""
    outcome = _run_tests(folder, "tests/reliability/test_certificates_refused.py", {})
    outcome.expect(outcome.facts["tests"] >= count, f"only {outcome.facts['tests']} tests")
    return outcome


def _run_tests(folder: Path, file: str, environment: dict[str, str]) -> Outcome:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", file]
    place = folder / "tmp"
    done = subprocess.run(
        [*command, f"--basetemp={place}", "--timeout=3000"],
        cwd=_TOP,
        env={**os.environ, **environment},
        capture_output=True,
        check=False,
        text=True,
    )
    outcome = Outcome()
    passed = re.search(r"(\d+) passed", done.stdout)
    outcome.facts["tests"] = outcome.done = int(passed[1]) if passed else 0
    failed = [line for line in done.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
    outcome.failures += failed
    outcome.expect(done.returncode == 0 or failed, done.stdout[-500:])
    return outcome
