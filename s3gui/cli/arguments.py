"""What can be typed. Nothing heavy is imported before a command is known to need it."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Sequence

from s3gui.cli.parser import Parser, add_connection, add_debug, add_output, parse_sources
from s3gui.i18n import _

STANDARD_INPUT = "-"
_LEAST_RATE = 10_000
_MOST_AT_ONCE = 64
"""As many connections as the S3 client keeps open."""

_SIZE = re.compile(r"(\d{1,15})\s?(?:([KMGT])(I?B)?|B)?", re.IGNORECASE)
_STORAGE_CLASS = re.compile(r"[A-Z0-9_]{1,64}")


def _help() -> str:
    return _("""\
Put files into S3, verified and resumable.

  s3gui [-- FILE...]                             open the window, and upload these
  s3gui upload SOURCE... s3://BUCKET/PREFIX/     upload files, folders or standard input (-)
  s3gui resume                                   go on with what was interrupted
  s3gui leftovers                                list, and drop, uploads left open on a service
  s3gui verify SOURCE... s3://BUCKET/PREFIX/     prove that files and objects are the same
  s3gui buckets                                  list the buckets
  s3gui test-connection                          say how a service answers, and what it can do
  s3gui practice                                 run an S3 server of your own to try things on

“s3gui COMMAND --help” tells more about each.
""")


def _upload_help() -> str:
    return _("""\
Upload files, folders (with their tree) or standard input.

A destination that ends in a slash, or a bare bucket, is a prefix: the file NAME lands at
PREFIX/NAME, the folder D at PREFIX/D/... Without the slash it is the exact key of the one file,
or of standard input.

  s3gui upload report.pdf s3://archive/2026/
  s3gui upload photos/ music/ s3://backup/home/ --storage-class STANDARD_IA
  s3gui upload run-17/ s3://archive/run-17.tar.gz --archive tar.gz
  pg_dump shop | s3gui upload - s3://backup/shop.sql --endpoint-url https://s3.example.com
""")


def _upload_end() -> str:
    return _("""\
Credentials come from the usual AWS_* variables and files, or from a saved connection.
Exit status: 0 everything is stored and verified, 1 something failed, 2 wrong usage,
130 interrupted.
""")


def _resume_help() -> str:
    return _("""\
Go on with what was paused or interrupted, here or in the window. Parts that were acknowledged
are not sent again.
""")


def parse(argv: Sequence[str]) -> argparse.Namespace:
    """The command and its options; exits by SystemExit as argparse does."""
    if argv and argv[0] in _COMMANDS:
        arguments = _COMMANDS[argv[0]](argv[1:])
        arguments.command = argv[0]
        return arguments
    parser = Parser("", _help(), usage="s3gui [COMMAND ...]")
    parser.add_argument("--version", action="version", version=_version())
    parser.add_argument("command", nargs="?", choices=sorted(_COMMANDS), help=argparse.SUPPRESS)
    parser.parse_args(argv)
    return parser.error(_("a command is missing"))


def _version() -> str:
    from s3gui import __version__

    return f"s3gui {__version__}"


def _parse_upload(argv: Sequence[str]) -> argparse.Namespace:
    from s3gui.core.acl import CannedAcl

    parser = Parser(
        "upload",
        _upload_help(),
        end=_upload_end(),
        usage="s3gui upload SOURCE... s3://BUCKET/PREFIX [options]",
    )
    stored = parser.add_argument_group(_("how the objects are stored"))
    stored.add_argument(
        "--acl",
        choices=[acl.value for acl in CannedAcl],
        default=CannedAcl.PRIVATE.value,
        metavar="ACL",
        help=_("canned ACL: %(choices)s (default: %(default)s)"),
    )
    stored.add_argument(
        "--content-type", metavar="TYPE", help=_("instead of the one that the name's ending tells")
    )
    stored.add_argument(
        "--storage-class", type=_storage_class, metavar="CLASS", help=_("such as STANDARD_IA")
    )
    stored.add_argument(
        "--metadata",
        type=_pair,
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help=_("may be repeated"),
    )
    stored.add_argument(
        "--tag",
        type=_pair,
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help=_("may be repeated"),
    )
    stored.add_argument("--cache-control", metavar="TEXT", help=_("such as max-age=3600"))
    stored.add_argument("--content-disposition", metavar="TEXT", help=_("such as attachment"))
    stored.add_argument("--content-encoding", metavar="TEXT", help=_("such as gzip"))
    stored.add_argument("--sse", choices=["AES256", "aws:kms"], help=_("encryption on the service"))
    stored.add_argument("--kms-key-id", metavar="ID", help=_("the key of --sse aws:kms"))
    stored.add_argument(
        "--on-conflict",
        choices=["fail", "skip", "replace", "replace-if-unchanged", "rename"],
        default="fail",
        help=_(
            "what to do where the key exists already: %(choices)s (default: %(default)s);"
            " replace-if-unchanged replaces an object only as it is when its upload begins."
            " All but replace are enforced by the service where it can, else looked at right"
            " before, which is not atomic"
        ),
        metavar="RULE",
    )
    made = parser.add_argument_group(_("what is made of folders"))
    made.add_argument(
        "--archive",
        choices=["tar", "tar.gz", "zip"],
        help=_("send one folder as one archive, made while it is sent"),
    )
    made.add_argument(
        "--empty-folders",
        action="store_true",
        help=_("store an empty object, its key ending in a slash, for each empty folder"),
    )
    add_connection(parser)
    speed = parser.add_argument_group(_("how they are sent"))
    speed.add_argument(
        "--part-size", type=size_bytes, metavar="BYTES", help=_("such as 16MiB; 5 MiB to 5 GiB")
    )
    _add_pace(speed)
    add_output(parser)
    parser.add_argument(
        "--receipt", metavar="FILE", help=_("write what was stored to a new file: .json or .csv")
    )

    missing = _("name what to upload, and where to: SOURCE... s3://BUCKET/PREFIX")
    arguments = parse_sources(parser, argv, missing)
    if arguments.kms_key_id is not None and arguments.sse != "aws:kms":
        parser.error(_("--kms-key-id needs --sse aws:kms"))
    if arguments.archive is not None and arguments.empty_folders:
        parser.error(_("--empty-folders is not for archives: they hold empty folders anyway"))
    return arguments


def _parse_resume(argv: Sequence[str]) -> argparse.Namespace:
    parser = Parser("resume", _resume_help())
    parser.add_argument("--failed", action="store_true", help=_("retry what failed as well"))
    _add_pace(parser)
    add_output(parser)
    return parser.parse_args(argv)


def _parse_buckets(argv: Sequence[str]) -> argparse.Namespace:
    parser = Parser("buckets", _("List the buckets that these credentials may see."))
    add_connection(parser)
    add_output(parser)
    return parser.parse_args(argv)


def _parse_leftovers(argv: Sequence[str]) -> argparse.Namespace:
    from s3gui.cli.looking import parse_leftovers

    return parse_leftovers(argv)


def _parse_verify(argv: Sequence[str]) -> argparse.Namespace:
    from s3gui.cli.looking import parse_verify

    return parse_verify(argv)


def _parse_test_connection(argv: Sequence[str]) -> argparse.Namespace:
    from s3gui.cli.looking import parse_test_connection

    return parse_test_connection(argv)


def _parse_practice(argv: Sequence[str]) -> argparse.Namespace:
    from pathlib import Path

    parser = Parser("practice", _("Run an S3 server on this computer, until Ctrl-C."))
    parser.add_argument(
        "--root",
        type=Path,
        metavar="FOLDER",
        help=_("where it keeps its objects (default: its own)"),
    )
    parser.add_argument(
        "--port", type=_port, default=0, help=_("0, the default, takes any that is free")
    )
    parser.add_argument(
        "--bucket",
        action="append",
        metavar="NAME",
        help=_("make this bucket; may be repeated (default: practice)"),
    )
    parser.add_argument(
        "--ready-json", action="store_true", help=_("print one line of JSON once it listens")
    )
    parser.add_argument(
        "--until-stdin-closes", action="store_true", help=_("stop when standard input ends")
    )
    add_debug(parser)
    return parser.parse_args(argv)


def _add_pace(group: argparse._ActionsContainer) -> None:
    group.add_argument(
        "--concurrency",
        type=_concurrency,
        metavar="N",
        help=_("at most N files, and N parts of them, at once (default: as in the settings)"),
    )
    group.add_argument(
        "--limit-rate",
        type=_rate,
        metavar="RATE",
        help=_(
            "bytes a second of all together, such as 2MB, or none (default: as in the settings)"
        ),
    )


def size_bytes(text: str) -> int:
    """Bytes; K, M, G, T and KiB… are powers of 1024, kB, MB… of 1000.

    >>> size_bytes("8MiB"), size_bytes("16M"), size_bytes("10 MB"), size_bytes("5242880")
    (8388608, 16777216, 10000000, 5242880)
    """
    match = _SIZE.fullmatch(text.strip())
    if match is None or not text.isascii():
        raise _unusable(_("“{text}” is not a size; write 8388608, 8MiB or 16M"), text)
    number, unit, ending = match.groups()
    base = 1000 if (ending or "").upper() == "B" else 1024
    return int(number) * int(base ** ("KMGT".index(unit.upper()) + 1 if unit else 0))


def _pair(text: str) -> tuple[str, str]:
    name, separator, value = text.partition("=")
    if not name or not separator:
        raise _unusable(_("“{text}” is not of the form NAME=VALUE"), text)
    return name, value


def _storage_class(text: str) -> str:
    if not _STORAGE_CLASS.fullmatch(text):
        raise _unusable(_("“{text}” is not a storage class, such as STANDARD_IA"), text)
    return text


def _rate(text: str) -> int:
    """Bytes per second; 0 is no limit."""
    if text.strip().lower() == "none":
        return 0
    rate = size_bytes(text.removesuffix("/s"))
    if rate < _LEAST_RATE:
        sentence = _("“{text}” is below {least} bytes a second; for no limit write none")
        raise argparse.ArgumentTypeError(sentence.format(text=text, least=f"{_LEAST_RATE:,}"))
    return rate


def _concurrency(text: str) -> int:
    return _number(text, range(1, _MOST_AT_ONCE + 1))


def _port(text: str) -> int:
    return _number(text, range(2**16))


def _number(text: str, allowed: range) -> int:
    if not re.fullmatch(r"[0-9]{1,9}", text) or int(text) not in allowed:
        sentence = _("“{text}” is not a number from {first} to {last}")
        raise _unusable(sentence, text, first=allowed.start, last=allowed.stop - 1)
    return int(text)


def _unusable(sentence: str, text: str, **numbers: int) -> argparse.ArgumentTypeError:
    return argparse.ArgumentTypeError(sentence.format(text=text, **numbers))


_COMMANDS: dict[str, Callable[[Sequence[str]], argparse.Namespace]] = {
    "upload": _parse_upload,
    "resume": _parse_resume,
    "buckets": _parse_buckets,
    "leftovers": _parse_leftovers,
    "verify": _parse_verify,
    "test-connection": _parse_test_connection,
    "practice": _parse_practice,
}
