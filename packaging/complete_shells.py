"""Writes the completions of bash, zsh and fish, from what the command line really takes.

python packaging/complete_shells.py SHARE      (with the build's Python: it needs shtab)
"""

from __future__ import annotations

import argparse
import sys
from contextlib import suppress
from pathlib import Path
from unittest.mock import patch

import shtab

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from s3gui.cli import arguments

_PLACES = {
    "bash": "bash-completion/completions/s3gui",
    "zsh": "zsh/site-functions/_s3gui",
    "fish": "fish/vendor_completions.d/s3gui.fish",
}
_PATHS = {"FILE": shtab.FILE, "FOLDER": shtab.DIRECTORY}
"""What the help calls an option's value, and so what completes it."""


def main(share: Path, commands: list[str]) -> None:
    whole = argparse.ArgumentParser(prog="s3gui")
    whole.add_argument("--version", action="store_true", help="say which version this is")
    whole.add_argument("--self-test", action="store_true", help="say whether this copy is whole")
    below = whole.add_subparsers()
    for command in commands:
        parser = _parser_of(command)
        # The help is there already, in the parser that is taken over.
        said = (parser.description or "").strip().partition("\n")[0]
        below.add_parser(command, parents=[parser], add_help=False, help=said)
    for shell, place in _PLACES.items():
        path = share / place
        path.parent.mkdir(parents=True, exist_ok=True)
        script = shtab.complete(whole, shell=shell)
        # Zsh would complete the first of the words only.
        path.write_text(script.replace('"(*)::', '"*:') if shell == "zsh" else script)


def _parser_of(command: str) -> argparse.ArgumentParser:
    """The parser of a command, taken at the moment in which it would parse."""
    found: list[argparse.ArgumentParser] = []

    def take(self: argparse.ArgumentParser, *_arguments: object) -> None:
        found.append(self)
        raise SystemExit

    entries = {"parse_args": take, "parse_intermixed_args": take}
    with patch.multiple(argparse.ArgumentParser, **entries), suppress(SystemExit):
        arguments.parse([command])
    for action in found[0]._actions:  # noqa: SLF001 - shtab's own way to say what completes
        if action.dest == "words":
            # What the help leaves out, because the usage says it better, shtab would leave out too.
            action.nargs, action.help = "*", "a file, a folder, or s3://BUCKET/PREFIX"
            action.complete = shtab.FILE
        elif action.metavar in _PATHS:
            action.complete = _PATHS[action.metavar]
    return found[0]


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
