"""How objects are stored, in words."""

from __future__ import annotations

from s3gui.core.provider import MIB
from s3gui.core.transfer import ConflictRule, UploadOptions
from s3gui.gui.storage_class import storage_class_title
from s3gui.i18n import _, ngettext


def conflict_titles() -> dict[ConflictRule, str]:
    return {
        ConflictRule.FAIL: _("Stop and ask me"),
        ConflictRule.SKIP: _("Skip the file"),
        ConflictRule.REPLACE: _("Replace the object"),
        ConflictRule.REPLACE_IF_UNCHANGED: _("Replace it only if nobody changes it meanwhile"),
        ConflictRule.RENAME: _("Keep both: add a number to the name"),
    }


def chosen_options(options: UploadOptions) -> list[str]:
    """A line for each option that is not the default, the access left out."""
    lines = [
        (_("Storage class"), options.storage_class and storage_class_title(options.storage_class)),
        (_("Content type"), options.content_type),
        ("Cache-Control", options.cache_control),
        ("Content-Disposition", options.content_disposition),
        ("Content-Encoding", options.content_encoding),
        (_("Encryption"), options.encryption),
        (_("KMS key id"), options.kms_key_id),
        (_("Part size"), options.part_size and f"{options.part_size / MIB:g} MiB"),
    ]
    result = [f"{name}: {value}" for name, value in lines if value]
    if options.on_conflict is not ConflictRule.FAIL:
        result.append(f"{_('If the key exists')}: {conflict_titles()[options.on_conflict]}")
    if options.marks_empty_folders:
        result.append(_("Empty folders are stored"))
    if options.metadata:
        result.append(_count(options.metadata, _("Metadata")))
    if options.tags:
        result.append(_count(options.tags, _("Tags")))
    return result


def _count(pairs: tuple[tuple[str, str], ...], name: str) -> str:
    return ngettext("{name}: 1 entry", "{name}: {count} entries", len(pairs)).format(
        name=name, count=len(pairs)
    )
