"""What the window was started with: its own options first, and after them nothing but files.

A desktop, a link or another program puts names here that somebody else chose. From the first file
on, and after “--”, nothing is an option, whatever it looks like.
"""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from PySide6.QtCore import QUrl

from s3gui.core.frozen import frozen
from s3gui.core.text import visible
from s3gui.gui.local_file import local_path
from s3gui.i18n import _

_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]+:", re.IGNORECASE)
"""Longer than one letter: that would be a drive of Windows."""


@frozen
class WindowArguments:
    """`refused` are addresses that are no files of this computer."""

    is_practice: bool = False
    log_file: Path | None = None
    paths: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        try_help = _("Try “{command} --help”.").format(command=self.prog)
        self.exit(2, f"{self.prog}: {visible(message)}\n{try_help}\n")


def read_arguments(arguments: Sequence[str]) -> WindowArguments:
    """Exits by SystemExit, as argparse does, with one sentence."""
    parser = _Parser(
        prog="s3gui",
        usage="s3gui [--practice] [--log-file FILE] [--] [FILE ...]",
        allow_abbrev=False,
    )
    parser.add_argument("--practice", action="store_true", help=_("open the practice server"))
    parser.add_argument(
        "--log-file", metavar="FILE", help=_("write there what happens in detail, without secrets")
    )
    options, files = _split(arguments)
    chosen = parser.parse_args(options)
    paths = {file: _path(file) for file in files}
    return WindowArguments(
        is_practice=chosen.practice,
        log_file=None if chosen.log_file is None else Path(chosen.log_file),
        paths=tuple(path for path in paths.values() if path),
        refused=tuple(file for file, path in paths.items() if not path),
    )


def _split(arguments: Sequence[str]) -> tuple[list[str], list[str]]:
    """The options in front, with their values, and the files."""
    words = list(arguments)
    options: list[str] = []
    while words and words[0].startswith("-"):
        word = words.pop(0)
        if word == "--":
            break
        options.append(word)
        if word == "--log-file" and words:
            options.append(words.pop(0))
    return options, words


def _path(file: str) -> str | None:
    if _ADDRESS.match(file) and not os.path.lexists(file):
        return local_path(QUrl(file, QUrl.ParsingMode.StrictMode))
    # Absolute: what is queued now may be sent when the program runs in another folder.
    return os.path.abspath(file) if file and "\0" not in file else None  # noqa: PTH100 - keeps the name's bytes as they are
