"""What can be typed of the commands that look at a service."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence

from s3gui.cli.parser import (
    Parser,
    add_connection,
    add_output,
    parse_sources,
    parse_with_words,
)
from s3gui.i18n import _

_AGE = re.compile(r"(\d{1,6})\s?([smhdw])")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}


def _leftovers_help() -> str:
    return _("""\
List the multipart uploads that s3gui left open on the services, and drop them on request.

Their parts are stored, and paid for, until the upload is completed or aborted. Without a
destination the connections and buckets are looked at that the queue names.

  s3gui leftovers
  s3gui leftovers --abort --older-than 7d
  s3gui leftovers s3://archive/2026/ --profile work --all
""")


def _leftovers_end() -> str:
    return _("""\
Whose an upload is: “ours” is named by the queue; “probably ours” was asked for at that time under
that key, but the answer never came; “others” are shown with --all only. --abort drops ours that no
transfer will go on with. Everything else is dropped only when its id is given with --upload; an
upload of others, or one that a transfer would go on with, needs a yes as well.
""")


def _test_help() -> str:
    return _("""\
Say how a service answers: buckets, region, certificate, clock, and what it can do.

  s3gui test-connection --profile work
  s3gui test-connection --endpoint-url https://s3.example.com --probe s3://scratch/tests/
""")


def _test_end() -> str:
    return _("""\
Nothing is written without --probe. With it, small objects named s3gui-probe-... are stored below
the destination, read back, compared, deleted, and proven gone; what the service is found to do is
remembered for this connection and used from then on. Exit status: 0 all is well, 1 not.
""")


def _verify_help() -> str:
    return _("""\
Prove that files and stored objects are the same, by the service's checksums: nothing is downloaded.

The words are those of “s3gui upload”, and the same file belongs to the same object.

  s3gui verify photos/ s3://backup/home/
  s3gui verify run-17/ s3://lab/2026/ --receipt run-17.json
""")


def _verify_end() -> str:
    return _("""\
Each file is the same, differs, is missing, or cannot be proven (and why). A checksum of the whole
object is compared, or one made of its parts' checksums, or its ETag where that is an MD5.
Exit status: 0 all are proven the same, 1 any is not, 2 wrong usage, 130 interrupted.
""")


def parse_leftovers(argv: Sequence[str]) -> argparse.Namespace:
    parser = Parser(
        "leftovers",
        _leftovers_help(),
        end=_leftovers_end(),
        usage="s3gui leftovers [s3://BUCKET/PREFIX] [options]",
    )
    parser.add_argument("--all", action="store_true", help=_("show the uploads of others, too"))
    parser.add_argument(
        "--older-than", type=age_seconds, metavar="AGE", help=_("only these: 90m, 12h, 7d, 2w")
    )
    parser.add_argument("--abort", action="store_true", help=_("drop them"))
    parser.add_argument(
        "--upload",
        action="append",
        default=[],
        metavar="ID",
        help=_("with --abort: drop the upload of this id, whosever it is; may be repeated"),
    )
    parser.add_argument(
        "--yes", action="store_true", help=_("do not ask about those that need a yes")
    )
    add_connection(parser)
    add_output(parser)
    arguments, words = parse_with_words(parser, argv)
    if len(words) > 1:
        parser.error(_("name one destination at most: s3://BUCKET/PREFIX"))
    if arguments.upload and not arguments.abort:
        parser.error(_("--upload says what to drop: it needs --abort"))
    arguments.destination = words[0] if words else None
    return arguments


def parse_test_connection(argv: Sequence[str]) -> argparse.Namespace:
    parser = Parser(
        "test-connection",
        _test_help(),
        end=_test_end(),
        usage="s3gui test-connection [options]",
    )
    parser.add_argument(
        "--probe",
        metavar="DESTINATION",
        help=_("store, read back and delete small objects below s3://BUCKET/PREFIX/"),
    )
    add_connection(parser)
    add_output(parser)
    return parser.parse_args(argv)


def parse_verify(argv: Sequence[str]) -> argparse.Namespace:
    parser = Parser(
        "verify",
        _verify_help(),
        end=_verify_end(),
        usage="s3gui verify SOURCE... s3://BUCKET/PREFIX [options]",
    )
    parser.add_argument(
        "--receipt", metavar="FILE", help=_("write what was proven to a new file: .json or .csv")
    )
    add_connection(parser)
    add_output(parser)
    missing = _("name what to verify, and where it is: SOURCE... s3://BUCKET/PREFIX")
    return parse_sources(parser, argv, missing)


def age_seconds(text: str) -> float:
    """An age in seconds.

    >>> age_seconds("90m"), age_seconds("7d")
    (5400.0, 604800.0)
    """
    match = _AGE.fullmatch(text.strip())
    if match is None or not text.isascii():
        sentence = _("“{text}” is not an age; write 90m, 12h, 7d or 2w")
        raise argparse.ArgumentTypeError(sentence.format(text=text))
    return float(int(match[1]) * _SECONDS[match[2]])
