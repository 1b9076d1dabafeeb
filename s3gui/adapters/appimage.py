"""The AppImage that this copy of the program runs from, if it does."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path


def own_appimage(environment: Mapping[str, str], executable: Path) -> str | None:
    """Its path. None where only the terminal, or whatever started this copy, runs from one.

    An AppImage's variables are inherited; $APPDIR is where its content is mounted.
    """
    image, mounted = environment.get("APPIMAGE"), environment.get("APPDIR")
    if not image or not mounted:
        return None
    is_ours = executable.resolve().is_relative_to(Path(mounted).resolve())
    return image if is_ours else None
