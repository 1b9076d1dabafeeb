"""What a person should know of a folder beside its files."""

from __future__ import annotations

from s3gui.core.text import visible
from s3gui.core.transfer import Transfer

_MOST_NAMED = 5


def empty_folders_sentence(count: int) -> str:
    """Empty where there is nothing to say, as below."""
    if not count:
        return ""
    folders = "1 empty folder was" if count == 1 else f"{count:,} empty folders were"
    return f"{folders} found and not stored: S3 keeps objects only (--empty-folders marks them)."


def archive_sentence(transfer: Transfer) -> str:
    """What an archive lacks of its folder."""
    manifest = transfer.manifest
    if manifest is None or not manifest.skipped_count:
        return ""
    named = [f"“{visible(each.name)}”: {each.reason}" for each in manifest.skipped[:_MOST_NAMED]]
    more = manifest.skipped_count - len(named)
    named += [f"and {more:,} more."] if more else []
    return f"Left out of “{visible(transfer.name)}”: {' '.join(named)}"
