import os
import subprocess
import sys
from pathlib import Path

import pytest

_TOP = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("test", "status"),
    [
        ("def test_it(): pass", 0),
        ("def test_it(): assert False", 1),
        ("def helper(): pass", 5),
        ("def test_it(pytestconfig): pytestconfig.add_cleanup(lambda: 1 / 0)", 1),
    ],
    ids=["passed", "failed", "no test", "an error after the last test"],
)
def test_the_status_of_a_run_is_what_pytest_says(tmp_path, test, status):
    (tmp_path / "test_one.py").write_text(test)
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "tests.support.leaving", tmp_path],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(_TOP)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.returncode == status, run.stdout + run.stderr
