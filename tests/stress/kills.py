"""Figure G1: `python -m tests.stress.kills --kills 1000`. Prints what it found as JSON."""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import time
from pathlib import Path

from tests.support.kill_loop import run_kills


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(2**32))
    arguments = parser.parse_args()
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="s3gui-kills-") as folder:
        report = run_kills(Path(folder), arguments.kills, arguments.seed)
    seconds = round(time.monotonic() - started)
    print(json.dumps({**report.as_json(), "seconds": seconds}, indent=2))  # noqa: T201 - its result
    report.check()


if __name__ == "__main__":
    main()
