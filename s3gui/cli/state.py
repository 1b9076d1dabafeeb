"""Opening the program's state, with a sentence where its folder cannot be used."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

from s3gui import bootstrap
from s3gui.bootstrap import Workspace
from s3gui.cli.failures import error_sentence
from s3gui.cli.lines import Lines
from s3gui.core.errors import S3guiError
from s3gui.core.text import visible
from s3gui.i18n import _

OpenWorkspace = Callable[..., Workspace]


class StateUnusable(S3guiError):
    code = "state-unusable"
    title = "The folder for s3gui's state cannot be used"
    hint = "Set S3GUI_HOME to a folder that you can write to."


def opener(
    open_workspace: OpenWorkspace | None,
    errors: Lines,
    note: Callable[[str], None] | None = None,
) -> OpenWorkspace:
    """`open_workspace`, the program's own by default, that raises S3guiErrors only.

    On `errors` it is said when the keyring has to be waited for, and with `note`, which writes
    there too by default, what could not be read and was set aside.
    """
    opens = open_workspace or bootstrap.open_workspace
    tell = note or errors.write

    def keyring_waits() -> None:
        errors.write(_("Waiting for the system's keyring; unlock it if it asks for a password."))

    def open_or_say_why(**arguments: Any) -> Workspace:
        try:
            workspace = opens(**arguments, keyring_waits=keyring_waits)
        except OSError as error:
            home = bootstrap.default_home()
            reason = os.strerror(error.errno) if error.errno else str(error)
            raise StateUnusable(f"The folder “{home}” cannot be used: {reason}.") from error
        for sentence in _set_aside(workspace):
            tell(sentence)
        if workspace.queue_warning is not None:
            tell(error_sentence(workspace.queue_warning))
        return workspace

    return open_or_say_why


def _set_aside(workspace: Workspace) -> Iterator[str]:
    """Told by the command that did it: no later one knows of it."""
    with suppress(S3guiError):
        workspace.profiles.all()  # a file counts from when it was first read
    for place in workspace.set_aside:
        if place == workspace.queue_set_aside:
            told = _(
                "The queue could not be read, and a new one was begun; it is kept as “{path}”."
                " What it held is not resumed: upload it again, with --on-conflict skip for what is"
                " stored already. “s3gui leftovers --all” shows what is left open on a service."
            )
        else:
            told = _("Saved settings could not be read; they are kept as “{path}”.")
        yield told.format(path=visible(str(place)))
