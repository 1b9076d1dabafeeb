"""Opens a web address in the user's browser, which learns nothing else of this program."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Mapping

from PySide6.QtCore import QProcess, QProcessEnvironment, QUrl

_NOT_PASSED_ON = re.compile(
    r"(AWS|BOTO|PYTHON|S3GUI|_MEI|_PYI).*|.*(SECRET|TOKEN|PASSW|CREDENTIAL|API_?KEY).*",
    re.IGNORECASE,
)
_LIBRARIES = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")


def open_in_browser(url: QUrl) -> bool:
    """Whether a browser was asked; only for http and https, whatever else a link may hold."""
    program = _opener()
    if program is None or url.scheme() not in {"http", "https"} or not url.host():
        return False
    process = QProcess()
    process.setProgram(program)
    # One argument, which cannot be an option: it begins with the scheme.
    process.setArguments([url.toString(QUrl.ComponentFormattingOption.FullyEncoded)])
    environment = QProcessEnvironment()
    for name, value in browser_environment(os.environ).items():
        environment.insert(name, value)
    process.setProcessEnvironment(environment)
    return bool(process.startDetached())


def browser_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """Without credentials, and without what a packaged s3gui sets for itself."""
    kept = {
        name: value for name, value in environment.items() if not _NOT_PASSED_ON.fullmatch(name)
    }
    for name in _LIBRARIES:
        before = environment.get(f"{name}_ORIG")  # PyInstaller keeps the user's own there
        if before is not None:
            kept[name] = before
        elif getattr(sys, "frozen", False):
            kept.pop(name, None)
    return kept


def _opener() -> str | None:
    if sys.platform == "darwin":
        return "/usr/bin/open"
    if sys.platform == "win32":
        return os.path.join(os.environ.get("SYSTEMROOT", r"C:\Windows"), "explorer.exe")  # noqa: PTH118 - for QProcess
    return shutil.which("xdg-open")
