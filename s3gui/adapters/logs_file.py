"""A log file that can be sent to somebody who is to find out what went wrong."""

from __future__ import annotations

import io
import logging
import os
from collections.abc import Iterator
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


@contextmanager
def log_to(path: Path) -> Iterator[None]:
    """Write all logs of this process there, redacted, for its owner only.

    At most 32 MiB, and once as much in a file of that name and `.1`. Raises LogUnavailable.
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


class _PrivateFile(RotatingFileHandler):
    def __init__(self, path: Path) -> None:
        super().__init__(path, maxBytes=_LARGEST_FILE_BYTES, backupCount=1, encoding="utf-8")

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
