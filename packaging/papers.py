"""Makes what goes with the packages: the bill of materials and the checksums."""

from __future__ import annotations

import hashlib
import json
import subprocess
from datetime import UTC, datetime
from pathlib import Path

from environment import build_environment, python, source_date_epoch
from version import TOP, VERSION

DIST = TOP / "dist"
_SUMS = "SHA256SUMS"


def build_bill() -> Path:
    """Returns dist/s3gui-VERSION.cdx.json: every pinned package that the program is made of."""
    DIST.mkdir(exist_ok=True)
    bill = DIST / f"s3gui-{VERSION}.cdx.json"
    subprocess.run(
        [
            *(python(), "-m", "cyclonedx_py", "requirements", "--output-reproducible"),
            *("--pyproject", TOP / "pyproject.toml", "--mc-type", "application"),
            *("--output-format", "JSON", "--output-file", bill),
            TOP / "packaging" / "requirements.txt",
        ],
        check=True,
        env=build_environment(),
    )
    content = json.loads(bill.read_text())
    component = content["metadata"]["component"]
    component["version"] = VERSION
    made = datetime.fromtimestamp(int(source_date_epoch()), UTC)
    content["metadata"]["timestamp"] = made.isoformat()
    bill.write_text(json.dumps(content, indent=2, sort_keys=True) + "\n")
    return bill


def build_sums() -> Path:
    """Returns dist/SHA256SUMS, in the form that `sha256sum --check` reads."""
    sums = DIST / _SUMS
    rows = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n"
        for path in sorted(DIST.iterdir())
        if path.is_file() and path.name != _SUMS
    ]
    sums.write_text("".join(rows))
    return sums
