"""An S3 server in miniature on 127.0.0.1, for trying things and for tests.

It knows nothing of the rest of the program, and checks everything a client sends as AWS does:
signatures, checksums, sizes, conditions, ACLs. Objects stream to a folder and survive a restart.
"""

from s3gui.practice.clock import Clock
from s3gui.practice.credentials import PracticeCredentials
from s3gui.practice.faults import (
    AFTER_BODY,
    AFTER_STORING,
    BEFORE_BODY,
    Fault,
    Faults,
    Spoil,
    answer,
    close_connection,
    delay,
    error_inside_200,
    reset_connection,
    spoiled,
    whitespace,
)
from s3gui.practice.ledger import Ledger
from s3gui.practice.limits import Limits
from s3gui.practice.server import PracticeServer

__all__ = [
    "AFTER_BODY",
    "AFTER_STORING",
    "BEFORE_BODY",
    "Clock",
    "Fault",
    "Faults",
    "Ledger",
    "Limits",
    "PracticeCredentials",
    "PracticeServer",
    "Spoil",
    "answer",
    "close_connection",
    "delay",
    "error_inside_200",
    "reset_connection",
    "spoiled",
    "whitespace",
]
