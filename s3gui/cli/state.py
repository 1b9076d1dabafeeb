"""Opening the program's state, with a sentence where its folder cannot be used."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from s3gui import bootstrap
from s3gui.bootstrap import Workspace
from s3gui.cli.lines import Lines
from s3gui.core.errors import S3guiError

OpenWorkspace = Callable[..., Workspace]


class StateUnusable(S3guiError):
    code = "state-unusable"
    title = "The folder for s3gui's state cannot be used"
    hint = "Set S3GUI_HOME to a folder that you can write to."


def opener(open_workspace: OpenWorkspace | None, errors: Lines) -> OpenWorkspace:
    """`open_workspace`, the program's own by default, that raises S3guiErrors only.

    On `errors` it is said when the keyring has to be waited for.
    """
    opens = open_workspace or bootstrap.open_workspace

    def keyring_waits() -> None:
        errors.write("Waiting for the system's keyring; unlock it if it asks for a password.")

    def open_or_say_why(**arguments: Any) -> Workspace:
        try:
            return opens(**arguments, keyring_waits=keyring_waits)
        except OSError as error:
            home = bootstrap.default_home()
            reason = os.strerror(error.errno) if error.errno else str(error)
            raise StateUnusable(f"The folder “{home}” cannot be used: {reason}.") from error

    return open_or_say_why
