"""Which addresses are files of this computer: from a drag, the clipboard, or a command line."""

from __future__ import annotations

import socket
import sys

from PySide6.QtCore import QUrl


def local_path(url: QUrl) -> str | None:
    """The path; None for what lies elsewhere, and for what no path can hold.

    A host in a file's address is a share on Windows. Elsewhere the path would be taken for one of
    this computer, which it is only where the host is its own.
    """
    path = url.toLocalFile()
    if not url.isLocalFile() or not path or "\0" in path:
        return None
    if not url.host() or sys.platform == "win32":
        return path
    return url.path() if url.host() in {"localhost", socket.gethostname().lower()} else None
