"""The receipt that a command is asked for by its name."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from s3gui.core.errors import InputError
from s3gui.engine.receipt import write_receipt


def check_receipt(name: str) -> Path:
    """Raises InputError before anything begins: a receipt never takes another file's place."""
    path = Path(name)
    if path.suffix.lower() not in {".json", ".csv"}:
        raise InputError(f"The name of the receipt “{name}” must end in .json or .csv.")
    if os.path.lexists(path):
        raise InputError(f"“{name}” exists already, and a receipt replaces no file.")
    if not path.parent.is_dir():
        raise InputError(f"There is no folder “{path.parent}” for the receipt.")
    return path


class Receipt:
    """Of one run. Raises InputError at once where its name cannot be used."""

    def __init__(self, name: str) -> None:
        self.service = ""
        self.is_missing = True
        self._path = check_receipt(name)

    def write(self, rows: Iterable[dict[str, Any]]) -> None:
        """Raises ReceiptUnwritable."""
        write_receipt(self._path, rows, self.service)
        self.is_missing = False
