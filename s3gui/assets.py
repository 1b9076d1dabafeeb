"""Finds the files of `resources/`."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def resource(*names: str) -> Path:
    """The path of a resource: `resource("icons", "retry.svg")`.

    A wheel and a bundle carry the resources inside the package; a checkout (and an editable
    install) has them beside it.
    """
    packaged = _PACKAGE / "_resources"
    root = packaged if packaged.is_dir() else _PACKAGE.parent / "resources"
    return root.joinpath(*names)
