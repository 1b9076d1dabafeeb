"""How a command line is read: its parser, and what several commands have in common."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Any, NoReturn

from s3gui.cli.exits import EXIT_USAGE
from s3gui.core.text import visible
from s3gui.i18n import _


class _HelpFormatter(argparse.RawDescriptionHelpFormatter):
    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=_columns() - 2)

    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[argparse.Action],
        groups: Iterable[argparse._MutuallyExclusiveGroup],
        prefix: str | None = None,
    ) -> None:
        super().add_usage(usage, actions, groups, prefix or _("usage: "))


def _columns() -> int:
    """As `shutil.get_terminal_size`, which argparse would load, with all that it can unpack."""
    said = os.environ.get("COLUMNS", "")
    columns = int(said) if said.isdecimal() else 0
    with suppress(AttributeError, OSError, ValueError):  # standard output may be anything
        columns = columns or os.get_terminal_size(sys.__stdout__.fileno()).columns  # type: ignore[union-attr]
    return columns or 80


class Parser(argparse.ArgumentParser):
    def __init__(self, name: str, description: str, *, end: str = "", usage: str = "") -> None:
        super().__init__(
            prog=f"s3gui {name}".strip(),
            usage=usage or None,
            description=description,
            epilog=end or None,
            formatter_class=_HelpFormatter,
            # An abbreviation that works today would break a script when an option is added.
            allow_abbrev=False,
            add_help=False,
        )
        self._optionals.title = _("options")
        self.add_argument("-h", "--help", action="help", help=_("show this help and leave"))

    def _print_message(self, message: str, file: Any = None) -> None:
        """As of Python 3.11.3: whether all of it was written is looked at by who leaves."""
        with suppress(AttributeError, OSError):
            super()._print_message(message, file)

    def error(self, message: str) -> NoReturn:
        """What was typed may hold anything: it is quoted so that it cannot steer a terminal."""
        try_help = _("Try “{command} --help”.").format(command=self.prog)
        self.exit(EXIT_USAGE, f"{self.prog}: {visible(message)}\n{try_help}\n")


def parse_with_words(
    parser: argparse.ArgumentParser, argv: Sequence[str]
) -> tuple[argparse.Namespace, list[str]]:
    """Options may stand anywhere between the words; after “--” there are only words."""
    parser.add_argument("words", nargs="*", help=argparse.SUPPRESS)
    end = argv.index("--") if "--" in argv else len(argv)
    arguments = parser.parse_intermixed_args(argv[:end])
    return arguments, [*arguments.words, *argv[end + 1 :]]


def parse_sources(parser: Parser, argv: Sequence[str], missing: str) -> argparse.Namespace:
    """With `sources` and a `destination`; `missing` is said where there are no two words."""
    arguments, words = parse_with_words(parser, argv)
    if len(words) < 2:
        parser.error(missing)
    arguments.sources, arguments.destination = words[:-1], words[-1]
    return arguments


def add_connection(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group(_("where to"))
    either = group.add_mutually_exclusive_group()
    either.add_argument(
        "--profile", metavar="NAME", help=_("a saved connection, or a profile of the AWS config")
    )
    either.add_argument("--endpoint-url", metavar="URL", help=_("any S3-compatible service"))
    group.add_argument("--region", help=_("instead of the one that is configured"))


def add_output(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--json", action="store_true", help=_("print one JSON object a line on standard output")
    )
    parser.add_argument(
        "--log-file", metavar="FILE", help=_("write there what happens in detail, without secrets")
    )
    add_debug(parser)


def add_debug(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--debug", action="store_true", help=_("show where an error came from"))
