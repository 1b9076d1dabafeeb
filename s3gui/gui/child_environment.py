"""What programs that the window starts get to know: no credentials, nothing of its own package."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping

from PySide6.QtCore import QProcessEnvironment

_SECRET = re.compile(
    r"AWS_ACCESS_KEY_ID|.*(SECRET|TOKEN(?!_FILE)|PASSW|CREDENTIAL(?!S_FILE)|API_?KEY).*",
    re.IGNORECASE,
)
_USER_OF_PROXY = re.compile(r"^([A-Za-z0-9]+://)?.*@")
_OWN = re.compile(r"(S3GUI|PYTHON|_MEI|_PYI).*")
_LIBRARIES = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")


def child_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """Where the AWS config lies is kept: the AWS command line needs it to sign in.

    Proxies are kept, their user names and passwords are not.
    """
    kept = {
        name: _USER_OF_PROXY.sub(r"\1", value) if name.upper().endswith("_PROXY") else value
        for name, value in environment.items()
        if not _SECRET.fullmatch(name) and not _OWN.fullmatch(name)
    }
    for name in _LIBRARIES:
        before = environment.get(f"{name}_ORIG")  # PyInstaller keeps the user's own there
        if before is not None:
            kept[name] = before
        elif getattr(sys, "frozen", False):
            kept.pop(name, None)
    return kept


def process_environment(environment: Mapping[str, str]) -> QProcessEnvironment:
    """The same for a QProcess, which by default hands on everything."""
    result = QProcessEnvironment()
    for name, value in child_environment(environment).items():
        result.insert(name, value)
    return result
