"""How the desktop knows this program: the name of its .desktop file, without the ending."""

from __future__ import annotations

import os


def desktop_entry() -> str:
    """A Flatpak's file has the name of the Flatpak."""
    return os.environ.get("FLATPAK_ID") or "s3gui"
