"""The storage classes that people choose among, by S3's name."""

from __future__ import annotations

from s3gui.i18n import _


def storage_classes() -> dict[str, str]:
    """S3's name to the name people read, in order of price."""
    return {
        "STANDARD": _("Standard"),
        "INTELLIGENT_TIERING": _("Intelligent tiering"),
        "STANDARD_IA": _("Standard, infrequent access"),
        "ONEZONE_IA": _("One zone, infrequent access"),
        "GLACIER_IR": _("Glacier, instant retrieval"),
        "GLACIER": _("Glacier, flexible retrieval"),
        "DEEP_ARCHIVE": _("Glacier, deep archive"),
    }


def storage_class_title(name: str) -> str:
    """What to show for `name`; services may have classes of their own, shown as they are."""
    return storage_classes().get(name, name)
