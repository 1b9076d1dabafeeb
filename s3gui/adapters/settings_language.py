"""The language that somebody chose, before anything else of the program's state is opened."""

from __future__ import annotations

import json
from pathlib import Path


def chosen_language(home: Path) -> str | None:
    """None where none is chosen, or the settings cannot be read: who opens them says so."""
    try:
        language = json.loads((home / "settings.json").read_bytes())["settings"]["language"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    return language if isinstance(language, str) else None
