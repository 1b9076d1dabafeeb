"""Makes the packages: `python3 packaging/build.py STEP...`, in the order given.

Needs Python 3.11 or newer; the rest is pinned in packaging/requirements*.txt and installed into
build/venv. packaging/README.md says what each step needs of the system. Products land in dist/.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

from appimage import build_appimage
from check import check
from deb import build_deb
from freeze import freeze, weigh
from macos import build_dmg
from papers import build_bill, build_sums
from rpm import build_rpm
from tarball import build_tarball
from version_file import build_version_file
from wheel import build_wheel
from windows import build_installer, build_zip


def frozen() -> str:
    freeze()
    return weigh()


STEPS: dict[str, Callable[[], object]] = {
    "frozen": frozen,
    "deb": build_deb,
    "tarball": build_tarball,
    "rpm": build_rpm,
    "appimage": build_appimage,
    "wheel": build_wheel,
    "installer": build_installer,
    "zip": build_zip,
    "dmg": build_dmg,
    "check": check,
    "bill": build_bill,
    "version-file": build_version_file,
    "sums": build_sums,
}


def main(steps: list[str]) -> int:
    unknown = [step for step in steps if step not in STEPS]
    if unknown or not steps:
        print(f"{__doc__}\nSteps: {', '.join(STEPS)}", file=sys.stderr)
        return 2
    for step in steps:
        print(f"--- {step}\n{STEPS[step]() or 'nothing was made'}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
