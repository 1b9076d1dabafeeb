"""What --debug shows: tracebacks and the program's own log, without secrets."""

from __future__ import annotations

import logging
import os
import re
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from s3gui.cli.lines import Lines

_SECRET_VARIABLES = ("AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN")
_SHOWN_INSTEAD = "[hidden]"
_SECRETS = (
    re.compile(
        r"""(?ix)(\b(?:authorization|x-amz-security-token
        |x-amz-(?:copy-source-)?server-side-encryption-customer-key(?:-md5)?
        |(?:aws_)?secret_access_key|(?:aws_)?session_token|password)["']?\s*[:=]\s*)[^\n]+"""
    ),
    re.compile(r"(?i)(x-amz-(?:signature|credential|security-token)=)[^\s&\"']+"),
    re.compile(r"(://)[^\s/@]+(?=@)"),
)


@contextmanager
def listening_to_logs(lines: Lines | None) -> Iterator[None]:
    """Write the program's own log there, or nowhere: by default Python prints warnings.

    Of the libraries' logs nothing is ever written: botocore's holds whole requests.
    """
    log = logging.getLogger("s3gui")
    before = log.handlers, log.propagate
    log.handlers = [logging.NullHandler() if lines is None else _RedactingHandler(lines)]
    log.propagate = False
    try:
        yield
    finally:
        log.handlers, log.propagate = before


class _RedactingHandler(logging.Handler):
    def __init__(self, lines: Lines) -> None:
        super().__init__(logging.WARNING)
        self._lines = lines

    def emit(self, record: logging.LogRecord) -> None:
        self._lines.write(redact(self.format(record), os.environ))


def redacted_traceback(error: BaseException) -> str:
    return redact("".join(traceback.format_exception(error)).rstrip(), os.environ)


def redact(text: str, environment: Mapping[str, str]) -> str:
    """The text with whatever is a secret of the environment, or looks like one, hidden."""
    for name in _SECRET_VARIABLES:
        secret = environment.get(name)
        if secret:
            text = text.replace(secret, _SHOWN_INSTEAD)
    for secret_text in _SECRETS:
        text = secret_text.sub(rf"\1{_SHOWN_INSTEAD}", text)
    return text
