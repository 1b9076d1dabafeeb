"""`s3gui` and `python -m s3gui`: the window, or the command line."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Mapping, Sequence

from s3gui.collecting import collect_rarely
from s3gui.i18n import _


def main() -> int:
    """No arguments, files, or the window's own options open the window; all else is a command."""
    collect_rarely()
    argv = sys.argv[1:]
    if argv == ["--self-test"]:
        return _self_test()
    try:
        return _window(argv) if opens_the_window(argv) else _command_line(argv)
    except KeyboardInterrupt:  # while something was still being imported
        return 130


def opens_the_window(argv: Sequence[str]) -> bool:
    """A desktop gives a program whole paths, or addresses, of the files that it is to open."""
    if not argv:
        return True
    first = argv[0]
    is_file = os.path.isabs(first) or first.startswith("file:")  # noqa: PTH117 - pathlib takes as long to import as all the rest
    return is_file or first in {"--", "--practice", "--log-file"} or first.startswith("--log-file=")


def _window(argv: Sequence[str]) -> int:
    if not _has_display(os.environ):
        _speak()
        return _refuse(_("There is no display to open the window on."))
    try:
        from s3gui.gui.app import main
    except ImportError as error:  # a library of the system that Qt needs
        _speak()
        return _refuse(_("The window cannot be opened: {reason}.").format(reason=error))
    return main(argv)


def _self_test() -> int:
    """Without a screen, so that packages can be tested where they are made."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    try:
        from s3gui.gui.self_test import main
    except ImportError as error:
        return _refuse(f"missing: {error}.")
    return main()


def _command_line(argv: Sequence[str]) -> int:
    from s3gui.cli import main

    status = main(argv)
    if threading.active_count() > 1:
        # Workers that hang in a request were left behind on purpose: Python would wait for them,
        # daemons among them, for executors join all their threads at exit.
        os._exit(status)
    return status


def _has_display(environment: Mapping[str, str]) -> bool:
    """Qt itself would end the program with a message about plug-ins."""
    if sys.platform in {"win32", "darwin"}:
        return True
    return any(map(environment.get, ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")))


def _speak() -> None:
    """Where nothing else of the program is there to do it."""
    from s3gui.assets import resource
    from s3gui.i18n import use_language

    use_language(resource("locale"))


def _refuse(sentence: str) -> int:
    if sys.stderr is not None:
        sys.stderr.write(f"{sentence} {_('The command line does the same: s3gui --help')}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
