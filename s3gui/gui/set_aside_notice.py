"""Says at the start which of the program's own files could not be read, or lie badly."""

from __future__ import annotations

from s3gui.bootstrap import Workspace
from s3gui.core.errors import JournalMissing
from s3gui.gui.banner import Banner
from s3gui.i18n import _, translated


def tell_set_aside(workspace: Workspace, banner: Banner) -> None:
    """The queue before all others: it held what the user believes to be on its way."""
    queue = workspace.queue_set_aside
    if queue is not None:
        banner.say(
            _(
                "The queue could not be read, and a new one was begun; it is kept as “{place}”."
            ).format(place=queue),
            _("What it held is not resumed: add it again. “Leftover uploads…” shows what is left."),
        )
    elif workspace.queue_warning is not None:
        warning = workspace.queue_warning
        is_loss = isinstance(warning, JournalMissing)
        banner.say(translated(warning.message), translated(warning.advice), is_error=is_loss)
    elif workspace.set_aside:
        banner.say(
            _("Saved settings could not be read; they are kept as “{place}”.").format(
                place=workspace.set_aside[0]
            )
        )
