"""The command line: `s3gui upload | resume | buckets | practice`."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from s3gui.assets import resource
from s3gui.cli.arguments import parse
from s3gui.cli.exits import EXIT_FAILED, EXIT_INTERRUPTED, EXIT_OK, EXIT_USAGE
from s3gui.cli.interruption import Interruption
from s3gui.cli.lines import Lines, prepare_standard_streams
from s3gui.i18n import ENGLISH, _, lend, use_language

if TYPE_CHECKING:
    from s3gui.bootstrap import Workspace

__all__ = ["main"]


def main(argv: Sequence[str], *, open_workspace: Callable[..., Workspace] | None = None) -> int:
    """Run one command; returns the exit status and raises nothing.

    0 done, 1 something failed, 2 wrong usage, 130 interrupted. It speaks the language of the
    environment; English where a program reads what it writes. `open_workspace` takes the place
    of `s3gui.bootstrap.open_workspace`.
    """
    prepare_standard_streams()
    use_language(resource("locale"))
    lend(resource("locale"))
    output, errors = Lines(sys.stdout), _errors()
    try:
        arguments = parse(argv)
        if getattr(arguments, "json", False):
            use_language(resource("locale"), [ENGLISH])  # a program reads along
        status = _run(arguments, output, errors, open_workspace)
    except SystemExit as leaving:  # argparse: help, version, wrong usage
        status = leaving.code if isinstance(leaving.code, int) else EXIT_OK
        if status == EXIT_OK:
            output.write_nothing()
    except KeyboardInterrupt:
        status = EXIT_INTERRUPTED
    if output.is_broken:
        errors.write(_("Standard output was closed before everything was written to it."))
        return status or EXIT_FAILED
    return status


def _errors() -> Lines:
    if sys.stderr is None or not sys.stderr.isatty():
        return Lines(sys.stderr)
    from s3gui.cli.screen import Screen

    return Screen(sys.stderr)


def _run(
    arguments: Namespace,
    output: Lines,
    errors: Lines,
    open_workspace: Callable[..., Workspace] | None,
) -> int:
    # Nothing of this is needed for --version and --help, which answer at once.
    from s3gui.cli.failures import error_sentence, unexpected_hint
    from s3gui.core.errors import InputError, S3guiError

    try:
        return _command(arguments, output, errors, open_workspace)
    except S3guiError as error:
        failure = error
    except Exception as error:  # noqa: BLE001 - the last border: no traceback reaches a user
        failure = S3guiError(hint=unexpected_hint())
        failure.__cause__ = error
    errors.write(error_sentence(failure))
    status = EXIT_USAGE if isinstance(failure, InputError) else EXIT_FAILED
    if arguments.debug and status != EXIT_USAGE:
        from s3gui.cli.redact import redacted_traceback

        errors.write(redacted_traceback(failure))
    if getattr(arguments, "json", False):
        from s3gui.cli.json_lines import JsonLines

        JsonLines(output).end_without_a_run(failure, status)
    return status


def _command(
    arguments: Namespace,
    output: Lines,
    errors: Lines,
    open_workspace: Callable[..., Workspace] | None,
) -> int:
    if arguments.command == "practice":
        from s3gui.cli.practice import practice

        return practice(arguments)
    if arguments.log_file is None:
        return _work(arguments, output, errors, open_workspace)
    from pathlib import Path

    from s3gui.bootstrap import log_to
    from s3gui.cli.failures import error_sentence

    with log_to(Path(arguments.log_file), lambda gap: errors.write(error_sentence(gap))):
        return _work(arguments, output, errors, open_workspace)


def _work(
    arguments: Namespace,
    output: Lines,
    errors: Lines,
    open_workspace: Callable[..., Workspace] | None,
) -> int:
    if arguments.command == "buckets":
        from s3gui.cli.buckets import buckets
        from s3gui.cli.state import opener

        return buckets(arguments, output, opener(open_workspace, errors))
    if arguments.command == "leftovers":
        from s3gui.cli.leftovers import leftovers
        from s3gui.cli.state import opener

        return leftovers(arguments, output, errors, opener(open_workspace, errors))
    if arguments.command == "test-connection":
        from s3gui.cli.state import opener
        from s3gui.cli.trial import try_connection

        return try_connection(arguments, output, errors, opener(open_workspace, errors))
    if arguments.command == "verify":
        from s3gui.cli.state import opener
        from s3gui.cli.verify import verify

        return verify(arguments, output, errors, opener(open_workspace, errors))
    # First of all: a signal that comes while the rest is imported is heard as well.
    with Interruption() as interruption:
        from s3gui.cli import upload
        from s3gui.cli.redact import listening_to_logs
        from s3gui.cli.report import reports
        from s3gui.cli.state import opener

        reporter = reports(output, errors, json=arguments.json, debug=arguments.debug)
        surroundings = upload.Surroundings(
            reporter, interruption, opener(open_workspace, errors, reporter.note)
        )
        command = upload.resume if arguments.command == "resume" else upload.upload
        lines = errors if arguments.debug else None
        with listening_to_logs(lines, is_written=arguments.log_file is not None):
            try:
                return command(arguments, surroundings)
            finally:
                reporter.stop()
