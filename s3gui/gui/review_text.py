"""What the review sheet says about a drop, in words and numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from s3gui.core.text import format_duration, visible
from s3gui.core.transfer import Destination
from s3gui.gui.amounts import format_rate, format_size
from s3gui.gui.transfer_text import format_count
from s3gui.i18n import _, ngettext

if TYPE_CHECKING:
    from s3gui.engine.survey import Survey


def heading(survey: Survey, destination: Destination) -> str:
    files = ngettext("{count} file", "{count} files", survey.files).format(
        count=format_count(survey.files)
    )
    return _("Upload {files}, {size} to {destination}").format(
        files=files, size=format_size(survey.bytes), destination=visible(str(destination))
    )


def state(survey: Survey, bytes_per_second: float) -> str:
    """What still goes on, or how long the upload may take."""
    if not survey.is_scanned:
        return _("Reading the folder…")
    if not survey.is_done:
        return _("Looking for keys that exist already…")
    if bytes_per_second < 1:
        return _("No speed was measured yet: how long it takes shows when it runs.")
    return _("About {time} at {rate}, the best speed of the last two minutes.").format(
        time=format_duration(survey.bytes / bytes_per_second), rate=format_rate(bytes_per_second)
    )


def conflicts(survey: Survey) -> str:
    """Empty where there is none, as far as is known."""
    if survey.conflicts:
        return ngettext(
            "{count} key exists already:", "{count} keys exist already:", survey.conflicts
        ).format(count=format_count(survey.conflicts))
    if survey.is_done and not survey.is_looked_up:
        return _("Not all keys were looked up. If one exists already:")
    return ""


def junk(survey: Survey) -> str:
    if not survey.junk:
        return ""
    return ngettext(
        "&Leave out {count} file of the system (.DS_Store, Thumbs.db, …)",
        "&Leave out {count} files of the system (.DS_Store, Thumbs.db, …)",
        survey.junk,
    ).format(count=format_count(survey.junk))


def warnings(survey: Survey) -> list[str]:
    """What will not arrive, each with its reason."""
    counted = (
        (
            survey.links,
            ngettext(
                "{count} link inside a folder is not followed: add what it points to on its own.",
                "{count} links inside folders are not followed: add what they point to.",
                survey.links,
            ),
        ),
        (
            survey.too_long,
            ngettext(
                "{count} key is longer than the 1,024 bytes that S3 allows.",
                "{count} keys are longer than the 1,024 bytes that S3 allows.",
                survey.too_long,
            ),
        ),
        (
            survey.unreadable,
            ngettext(
                "{count} file cannot be read, or has no name that S3 can hold.",
                "{count} files cannot be read, or have no names that S3 can hold.",
                survey.unreadable,
            ),
        ),
        (
            survey.empty_folders,
            ngettext(
                "{count} folder is empty: S3 keeps objects only.",
                "{count} folders are empty: S3 keeps objects only.",
                survey.empty_folders,
            ),
        ),
    )
    return [text.format(count=format_count(count)) for count, text in counted if count]
