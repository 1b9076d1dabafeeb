"""A log file that can be sent to somebody who is to find out what went wrong."""

from __future__ import annotations

import io
import logging
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from logging.handlers import RotatingFileHandler
from pathlib import Path

from s3gui.adapters.logs import hide_secrets_in_logs, without_secrets
from s3gui.core.errors import S3guiError

_LARGEST_FILE_BYTES = 32 * 1024**2


class LogUnavailable(S3guiError):
    code = "log-unavailable"
    title = "The log file cannot be written"
    hint = "Choose a file in a folder that you can write to."


class LogIncomplete(S3guiError):
    code = "log-incomplete"
    title = "The log file is not whole"
    hint = "The work itself went on. For a whole log make room, or choose another disk."


@contextmanager
def log_to(path: Path, tell: Callable[[S3guiError], None]) -> Iterator[None]:
    """Write all logs of this process there, redacted, for its owner only.

    At most 32 MiB, and once as much in a file of that name and `.1`. Raises LogUnavailable.
    What cannot be written later on, on a full disk, is left out; `tell` hears of it at the end.
    """
    hide_secrets_in_logs()
    try:
        handler = _PrivateFile(path)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise LogUnavailable(f"“{path}” cannot be written: {reason}.") from error
    handler.setFormatter(
        logging.Formatter("%(asctime)s %(levelname)s %(threadName)s %(name)s: %(message)s")
    )
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield
    finally:
        root.setLevel(level)
        root.removeHandler(handler)
        handler.close()
        if handler.gap is not None:
            reason = handler.gap.strerror or str(handler.gap)
            tell(LogIncomplete(f"The log in “{path}” is not whole: {reason}."))


class _PrivateFile(RotatingFileHandler):
    def __init__(self, path: Path) -> None:
        self.gap: OSError | None = None
        """The first reason why something is missing in the file."""
        super().__init__(path, maxBytes=_LARGEST_FILE_BYTES, backupCount=1, encoding="utf-8")

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """A disk that is full is told once, and not with a traceback for each record."""
        error = sys.exc_info()[1]
        if not isinstance(error, OSError):
            super().handleError(record)
        elif self.gap is None:
            self.gap = error

    def close(self) -> None:
        try:
            super().close()
        except OSError as error:  # what was held back to the end did not fit either
            self.gap = self.gap or error

    def format(self, record: logging.LogRecord) -> str:
        """The loggers of other libraries pass here only."""
        return without_secrets(super().format(record))

    def _open(self) -> io.TextIOWrapper:
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
        # Not into somebody else's file by way of a link, nor into a pipe that nobody reads.
        flags |= getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        descriptor = os.open(self.baseFilename, flags, 0o600)
        if hasattr(os, "fchmod"):
            os.fchmod(descriptor, 0o600)
        return os.fdopen(descriptor, "a", encoding="utf-8", errors="backslashreplace")
