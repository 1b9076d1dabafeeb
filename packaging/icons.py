"""The icons in the sizes and forms that the systems want, drawn when they are first asked for."""

from __future__ import annotations

import subprocess
from pathlib import Path

from environment import BUILD, build_environment, python
from version import TOP

_ICONS = BUILD / "icons"


def icons() -> Path:
    """The folder that draw_icons.py fills."""
    if not (_ICONS / "s3gui.icns").is_file():
        script = TOP / "packaging" / "draw_icons.py"
        subprocess.run([python(), script, _ICONS], check=True, env=build_environment())
    return _ICONS
