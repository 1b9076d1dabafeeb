"""Opens a web address in the user's browser, which learns nothing else of this program."""

from __future__ import annotations

import os
import shutil
import sys

from PySide6.QtCore import QProcess, QUrl

from s3gui.gui.child_environment import process_environment


def open_in_browser(url: QUrl) -> bool:
    """Whether a browser was asked; only for http and https, whatever else a link may hold."""
    program = _opener()
    if program is None or url.scheme() not in {"http", "https"} or not url.host():
        return False
    process = QProcess()
    process.setProgram(program)
    # One argument, which cannot be an option: it begins with the scheme.
    process.setArguments([url.toString(QUrl.ComponentFormattingOption.FullyEncoded)])
    process.setProcessEnvironment(process_environment(os.environ))
    return bool(process.startDetached())


def _opener() -> str | None:
    if sys.platform == "darwin":
        return "/usr/bin/open"
    if sys.platform == "win32":
        return os.path.join(os.environ.get("SYSTEMROOT", r"C:\Windows"), "explorer.exe")  # noqa: PTH118 - for QProcess
    return shutil.which("xdg-open")
