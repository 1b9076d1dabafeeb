"""Ends the test process when its last word is said, before Qt and Python take each other apart.

After thousands of tests, with failed ones whose frames keep widgets and threads alive, the order in
which an interpreter drops its objects at exit is nobody's, and PySide may crash in it. That crash
would say nothing about the program (how *it* ends is tested in processes of its own) and would turn
the status of a finished run into another one.
"""

import atexit
import os
import sys

import pytest


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    # Registered last, so it runs first, when pytest itself has cleaned up and told everything.
    atexit.register(_leave, session)


def _leave(session: pytest.Session) -> None:
    """With pytest's own status; with 1 where something was raised after the last test."""
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    has_raised = getattr(sys, "last_value", None) is not None
    os._exit(1 if has_raised else int(session.exitstatus))
