"""What --debug shows: tracebacks and the program's own log, without secrets."""

from __future__ import annotations

import logging
import os
import traceback
from collections.abc import Iterator
from contextlib import contextmanager

from s3gui.cli.lines import Lines
from s3gui.core.redact import redact

_SECRET_VARIABLES = ("AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN")


@contextmanager
def listening_to_logs(lines: Lines | None, *, is_written: bool = False) -> Iterator[None]:
    """Write the program's own log there, or nowhere: by default Python prints warnings.

    Of the libraries' logs nothing is written there: botocore's holds whole requests. `is_written`
    says that everything goes to a log file as well.
    """
    log = logging.getLogger("s3gui")
    before = log.handlers, log.propagate
    log.handlers = [logging.NullHandler() if lines is None else _RedactingHandler(lines)]
    log.propagate = is_written
    try:
        yield
    finally:
        log.handlers, log.propagate = before


class _RedactingHandler(logging.Handler):
    def __init__(self, lines: Lines) -> None:
        super().__init__(logging.WARNING)
        self._lines = lines

    def emit(self, record: logging.LogRecord) -> None:
        self._lines.write(redact(self.format(record), _known_secrets()))


def redacted_traceback(error: BaseException) -> str:
    return redact("".join(traceback.format_exception(error)).rstrip(), _known_secrets())


def _known_secrets() -> list[str]:
    return [os.environ.get(name, "") for name in _SECRET_VARIABLES]
