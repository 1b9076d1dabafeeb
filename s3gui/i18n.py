"""The language that people read: gettext, with English as the language of the source."""

from __future__ import annotations

import gettext
from collections.abc import Sequence
from pathlib import Path

DOMAIN = "s3gui"


class _Language:
    """The chosen catalogue; gettext itself looks on the disk at every call."""

    catalogue = gettext.NullTranslations()


def use_language(catalogues: Path, languages: Sequence[str] | None = None) -> None:
    """Speak the first of `languages` (None: those of the environment) found in `catalogues`."""
    _Language.catalogue = gettext.translation(DOMAIN, catalogues, languages, fallback=True)


def _(text: str) -> str:
    return _Language.catalogue.gettext(text)


def ngettext(singular: str, plural: str, count: int) -> str:
    return _Language.catalogue.ngettext(singular, plural, count)
