"""Figures whose loops are tests of the suite already (G12, G13, G15): as those, or more often."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from tests.stress.figure import Outcome

_TOP = Path(__file__).parents[2]
_FUZZED_OPERATIONS = 13
_FRONT_DOORS = (
    *("tests/e2e", "tests/gui/test_app.py", "tests/gui/test_keyring_banner.py", "tests/driver"),
    *("tests/cli/test_end_to_end.py", "tests/cli/test_leaving.py"),
    "tests/reliability/test_secrets.py",
    *("tests/reliability/test_hosts.py", "tests/reliability/test_proxies.py"),
)
"""What people do with the window, the command line and the driver, on real servers."""


def run_hostile_answers(folder: Path, count: int, seed: int) -> Outcome:
    """So many fuzzed answers in all, and the answers without end or measure."""
    each = -(-count // _FUZZED_OPERATIONS)
    environment = {"RELIABILITY_FUZZED": str(each), "RELIABILITY_SEED": str(seed)}
    outcome = _run_tests(folder, ["tests/reliability/test_hostile_answers.py"], environment)
    outcome.done = each * _FUZZED_OPERATIONS if not outcome.failures else 0
    return outcome


def run_canaries(folder: Path, count: int, _seed: int) -> Outcome:
    """`count` tests or more of the front doors, all logged at DEBUG; then the search."""
    outcome = _run_tests(folder, _FRONT_DOORS, {"CANARY_DEBUG": "1"})
    outcome.expect(outcome.facts["tests"] >= count, f"only {outcome.facts['tests']} tests")
    outcome.expect(outcome.facts.get("hits") == 0, "secrets were found, or not looked for")
    return outcome


def run_bad_certificates(folder: Path, count: int, _seed: int) -> Outcome:
    """Every kind of bad server that is known, `count` or more."""
    outcome = _run_tests(folder, ["tests/reliability/test_certificates_refused.py"], {})
    outcome.expect(outcome.facts["tests"] >= count, f"only {outcome.facts['tests']} tests")
    return outcome


def _run_tests(folder: Path, places: Iterable[str], environment: dict[str, str]) -> Outcome:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *places]
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
    told = re.search(r"^canaries: (.+)$", done.stdout, re.MULTILINE)
    for number, fact in re.findall(r"([\d.]+) (\w+)", told[1] if told else ""):
        outcome.count("seconds of the search" if fact == "s" else fact, float(number))
    failed = [line for line in done.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
    outcome.failures += failed
    outcome.expect(done.returncode == 0 or failed, done.stdout[-500:])
    return outcome
