"""`s3gui --self-test`: whether this copy of the program is whole.

For packages: a bundle may lack a plug-in, an icon or a module that nothing misses before a person
does. The window opens offscreen, on a folder of its own, and puts a file on the practice server.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QTimer, qVersion

from s3gui import __version__
from s3gui.about import versions
from s3gui.assets import resource
from s3gui.core.transfer import TransferState
from s3gui.gui.app import open_window
from s3gui.gui.icons import pixmap
from s3gui.gui.language import qt_catalogue
from s3gui.gui.main_window import MainWindow
from s3gui.i18n import ENGLISH, LANGUAGES, use_language

_TIME_LIMIT_SECONDS = 60.0
_LOOK_SECONDS = 0.05
_SAMPLE_BYTES = 100_000


class _Missing(Exception):
    """Something is not there; the text says what."""


def main() -> int:
    """Prints what was found; returns 0, or 1 after a line for each thing that is missing."""
    is_whole = True
    for check in (_upload, _resources, _versions):
        try:
            sys.stdout.write(f"{check()}\n")
        except Exception as error:  # noqa: BLE001 - each is one line of the report
            is_whole = False
            sys.stderr.write(f"missing: {str(error) or type(error).__name__}\n")
    return 0 if is_whole else 1


def _resources() -> str:
    icons = sorted(path.stem for path in resource("icons").glob("*.svg"))
    if not icons or any(pixmap(name, "#1b1f27", 16).isNull() for name in icons):
        raise _Missing("icons")
    if not resource("app", "icon.png").is_file():
        raise _Missing("the program's own icon")
    languages = [language for language in LANGUAGES if language != ENGLISH]
    try:
        for language in languages:
            if use_language(resource("locale"), [language]) != language:
                raise _Missing(f"the texts in {language}")
            if qt_catalogue(language) is None:
                raise _Missing(f"Qt's own texts in {language}")
    finally:
        use_language(resource("locale"))
    return f"{len(icons)} icons; languages: {', '.join([ENGLISH, *languages])}, Qt's own texts too"


def _upload() -> str:
    with tempfile.TemporaryDirectory(prefix="s3gui-self-test-") as folder:
        sample = Path(folder) / "sample.bin"
        sample.write_bytes(os.urandom(_SAMPLE_BYTES))
        window = open_window(practice=True, home=Path(folder) / "home")
        closed: list[bool] = []
        window.closed.connect(lambda: closed.append(True))
        try:
            _wait(lambda: window.destination is not None, "the practice server's bucket")
            window.add([str(sample)])
            _wait(lambda: _is_stored(window), "a verified upload to the practice server")
        finally:
            window.leave()
            _wait(lambda: bool(closed), "the end of the window")
    return f"{_SAMPLE_BYTES} bytes stored on the practice server and verified"


def _versions() -> str:
    found = {"s3gui": __version__, "Qt": qVersion(), **versions()}
    return "\n".join(f"{name}: {version}" for name, version in found.items())


def _is_stored(window: MainWindow) -> bool:
    workspace = window.session.workspace
    if workspace is None:
        return False
    for transfer in workspace.transfers.transfers(workspace.transfers.ids()):
        if transfer.failure is not None:
            raise _Missing(transfer.failure.message)
        return transfer.state is TransferState.COMPLETED
    return False


def _wait(condition: Callable[[], bool], for_what: str) -> None:
    """Let Qt work until `condition` holds. Raises _Missing when it takes too long."""
    looks_left = _TIME_LIMIT_SECONDS / _LOOK_SECONDS
    answers: list[Exception | None] = []

    def look() -> None:
        nonlocal looks_left
        looks_left -= 1
        try:
            if condition():
                answers.append(None)
            elif looks_left <= 0:
                raise _Missing(for_what)  # noqa: TRY301 - one way out of Qt's loop
        except Exception as error:  # noqa: BLE001 - Qt would print it and go on
            answers.append(error)
        if answers:
            QCoreApplication.exit()

    timer = QTimer()
    timer.timeout.connect(look)
    timer.start(round(_LOOK_SECONDS * 1000))
    QCoreApplication.exec()
    timer.stop()
    if answers and answers[0] is not None:
        raise answers[0]
