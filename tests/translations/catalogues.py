"""The catalogues: `translations/*.po` for people, and what the program reads, made of them."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from s3gui.i18n import DOMAIN, ENGLISH, LANGUAGES
from tests.translations.extract import TOP, Text

TRANSLATED = tuple(language for language in LANGUAGES if language != ENGLISH)
_HEADER = """\
# s3gui: {own_name}.
# Kept by `python -m tests.translations`: translate here, then run it again.
msgid ""
msgstr ""
"Language: {language}\\n"
"Plural-Forms: nplurals={count}; plural={plural};\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"""
_NO_TIME = datetime(2000, 1, 1, tzinfo=UTC)


def source_of(language: str) -> Path:
    return TOP / "translations" / f"{language}.po"


def compiled_of(language: str) -> Path:
    return TOP / "resources" / "locale" / language / "LC_MESSAGES" / f"{DOMAIN}.mo"


def read(language: str) -> Catalog:
    """What is translated so far; an empty catalogue for a new language."""
    path = source_of(language)
    if not path.is_file():
        return Catalog(locale=language, domain=DOMAIN, fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=language, domain=DOMAIN)


def updated(catalogue: Catalog, texts: Mapping[Text, list[str]]) -> Catalog:
    """Exactly `texts`, with the translations that `catalogue` has of them: none is guessed."""
    new = Catalog(locale=catalogue.locale, domain=DOMAIN, fuzzy=False)
    for text, places in sorted(texts.items(), key=lambda item: (item[1][0], item[0])):
        known = catalogue.get(text.key, text.context or None)
        empty = ("",) * new.num_plurals if text.plural else ""
        new.add(
            text.key,
            known.string if known is not None and known.string else empty,
            locations=[(place, None) for place in places],
            context=text.context or None,
        )
    return new


def is_translated(message: Message) -> bool:
    forms = [message.string] if isinstance(message.string, str) else message.string
    return all(forms)


def as_source(language: str, catalogue: Catalog) -> bytes:
    """The .po file. Without times and line numbers: it changes only where a text does."""
    file = io.BytesIO()
    write_po(file, catalogue, width=100, include_lineno=False, omit_header=True)
    header = _HEADER.format(
        own_name=LANGUAGES[language],
        language=language,
        count=catalogue.num_plurals,
        plural=catalogue.plural_expr,
    )
    return f"{header}\n".encode() + file.getvalue().rstrip(b"\n") + b"\n"


def compiled(language: str, source: bytes) -> bytes:
    """The .mo file of a .po file: what is not translated yet stays away, and so stays English."""
    catalogue = read_po(io.BytesIO(source), locale=language)
    for message in list(catalogue):
        if message.id and not is_translated(message):
            catalogue.delete(message.id, message.context)
    catalogue.revision_date = catalogue.creation_date = _NO_TIME
    file = io.BytesIO()
    write_mo(file, catalogue)
    return file.getvalue()
