"""What a person should know of a folder beside its files."""

from __future__ import annotations

from s3gui.core.text import visible
from s3gui.core.transfer import Transfer
from s3gui.i18n import _, ngettext, translated

_MOST_NAMED = 5


def empty_folders_sentence(count: int) -> str:
    """Empty where there is nothing to say, as below."""
    if not count:
        return ""
    return ngettext(
        "{count} empty folder was found and not stored: S3 keeps objects only "
        "(--empty-folders marks them).",
        "{count} empty folders were found and not stored: S3 keeps objects only "
        "(--empty-folders marks them).",
        count,
    ).format(count=f"{count:,}")


def archive_sentence(transfer: Transfer) -> str:
    """What an archive lacks of its folder."""
    manifest = transfer.manifest
    if manifest is None or not manifest.skipped_count:
        return ""
    named = [
        f"“{visible(each.name)}”: {translated(each.reason)}"
        for each in manifest.skipped[:_MOST_NAMED]
    ]
    more = manifest.skipped_count - len(named)
    named += [_("and {count} more.").format(count=f"{more:,}")] if more else []
    return _("Left out of “{name}”: {members}").format(
        name=visible(transfer.name), members=" ".join(named)
    )
