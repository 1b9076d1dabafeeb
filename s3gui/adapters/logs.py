"""Logs without secrets. At DEBUG botocore writes whole requests: signatures and session tokens.

A filter on a logger sees nothing of the loggers below it, and one on a handler only what goes to
that handler. What every record passes through is the factory that makes it.
"""

from __future__ import annotations

import logging
import os
import threading
from typing import Any

from s3gui.core.redact import redact

_SECRET_VARIABLES = ("AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN")
_LONGEST_TEXT = 32 * 1024
"""botocore logs the bodies of answers, whatever their length."""

_OURS = frozenset({"awscrt", "boto3", "botocore", "keyring", "s3gui", "s3transfer", "urllib3"})
"""In somebody else's program the other loggers are not ours to change."""

_lock = threading.Lock()
_formatter = logging.Formatter()


def hide_secrets_in_logs() -> None:
    """From now on; calling it again changes nothing."""
    with _lock:
        make = logging.getLogRecordFactory()
        if not isinstance(make, _Redacting):
            logging.setLogRecordFactory(_Redacting(make))


def without_secrets(text: str) -> str:
    """Also without those that stand in the environment."""
    return redact(text, (os.environ.get(name, "") for name in _SECRET_VARIABLES))


class _Redacting:
    """Makes records that hold nothing but their text."""

    def __init__(self, make: Any) -> None:
        self._make = make

    def __call__(self, name: str, *arguments: Any, **others: Any) -> logging.LogRecord:
        record: logging.LogRecord = self._make(name, *arguments, **others)
        if name.partition(".")[0] in _OURS:
            _hide(record)
        return record


def _hide(record: logging.LogRecord) -> None:
    try:
        text = record.getMessage()
    except Exception:  # noqa: BLE001 - arguments that do not fit are the logger's mistake
        text = str(record.msg)
    if len(text) > _LONGEST_TEXT:
        text = f"{text[:_LONGEST_TEXT]} … and {len(text) - _LONGEST_TEXT:,} characters more"
    record.msg, record.args = without_secrets(text), None
    if record.exc_info:
        record.exc_text = without_secrets(_formatter.formatException(record.exc_info))
        record.exc_info = None
