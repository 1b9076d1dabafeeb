"""The language that people read: gettext, with English as the language of the source."""

from __future__ import annotations

import gettext
import locale
import os
import re
import sys
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

DOMAIN = "s3gui"
ENGLISH = "en"
LANGUAGES = {
    ENGLISH: "English",
    "de": "Deutsch",
    "es": "Español",
    "fr": "Français",
    "ja": "日本語",
    "zh_CN": "简体中文",
}
"""What can be chosen, each by its own name."""

_ERROR = "error\x04"
"""How gettext writes the context of texts that are made where no language is known."""

_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_SIMPLIFIED = frozenset({"zh", "zh_CN", "zh_SG"})
_NO_LANGUAGE = frozenset({"c", "posix"})


class _Language:
    """The chosen catalogue; gettext itself looks on the disk at every call."""

    catalogue = gettext.NullTranslations()
    name = ENGLISH


def use_language(catalogues: Path, languages: Sequence[str] | None = None) -> str:
    """Speak the first of `languages` (None: those of the environment) that is known.

    Known is English, and what has a catalogue in `catalogues`. Returns its name.
    """
    _Language.catalogue = gettext.NullTranslations()
    _templates.cache_clear()
    translated.cache_clear()
    _Language.name = known_language(catalogues, languages)
    if _Language.name != ENGLISH:
        with _catalogue_file(catalogues, _Language.name).open("rb") as file:
            _Language.catalogue = gettext.GNUTranslations(file)
    return _Language.name


def spoken_language() -> str:
    """The name of the language in use."""
    return _Language.name


def known_language(catalogues: Path, languages: Sequence[str] | None = None) -> str:
    """The name of the language that `use_language` would speak."""
    for wanted in environment_languages(os.environ) if languages is None else languages:
        name = _name(wanted)
        if name.partition("_")[0] == ENGLISH:
            break
        for spelling in (name, name.partition("_")[0]):
            if _catalogue_file(catalogues, spelling).is_file():
                return spelling
    return ENGLISH


def _catalogue_file(catalogues: Path, language: str) -> Path:
    return catalogues / language / "LC_MESSAGES" / f"{DOMAIN}.mo"


def lend(catalogues: Path) -> None:
    """Let argparse find translations of its complaints: it asks gettext, by the environment."""
    gettext.bindtextdomain(DOMAIN, str(catalogues))
    gettext.textdomain(DOMAIN)


def environment_languages(environment: Mapping[str, str]) -> list[str]:
    """What the environment asks for, the dearest first; on Windows the user's own language.

    As gettext has it: LANGUAGE is a list, and has no say where the locale is that of C.
    """
    names = ("LC_ALL", "LC_MESSAGES", "LANG")
    first = next(filter(None, (environment.get(name) for name in names)), "")
    if first.partition(".")[0].lower() in _NO_LANGUAGE:
        return [ENGLISH]
    found = [*environment.get("LANGUAGE", "").split(":"), first]
    if sys.platform == "win32" and not first:
        import ctypes

        user = ctypes.windll.kernel32.GetUserDefaultUILanguage()
        found.append(locale.windows_locale.get(user, ""))
    return [language for language in found if language]


def _(text: str) -> str:
    return _Language.catalogue.gettext(text)


def pgettext(context: str, text: str) -> str:
    """For a text of few words, which other languages say in one way here and another there."""
    return _Language.catalogue.pgettext(context, text)


def ngettext(singular: str, plural: str, count: int) -> str:
    return _Language.catalogue.ngettext(singular, plural, count)


@lru_cache(maxsize=1000)
def translated(text: str) -> str:
    """An English text of core, engine or adapters, for a person to read.

    An error and what the queue kept of it are English, whatever is spoken: they are data. Here a
    text finds its template in the catalogue again, and what stood in for its placeholders goes
    into the translation. A text that no template fits comes back as it is.
    """
    exact = _exact(text)
    if exact is not None:
        return exact
    for pieces, template, translation in _templates():
        if all(piece in text for piece in pieces):
            match = _form(template).fullmatch(text)
            if match is not None:
                values = {name: translated(word) for name, word in match.groupdict().items()}
                return translation.format_map(values)
    return text


def _exact(text: str) -> str | None:
    found = _Language.catalogue.gettext(_ERROR + text)
    return None if found == _ERROR + text else found


@lru_cache(maxsize=1)
def _templates() -> list[tuple[list[str], str, str]]:
    """Each text with placeholders: what stands between them, the text, its translation.

    Those with the most text of their own come first: a form that is nearly all placeholder fits
    many texts.
    """
    catalogue: Mapping[object, str] = getattr(_Language.catalogue, "_catalog", {})
    found = []
    for key, translation in catalogue.items():
        if isinstance(key, str) and key.startswith(_ERROR) and _PLACEHOLDER.search(key):
            text = key.removeprefix(_ERROR)
            own = _PLACEHOLDER.sub("", text)
            found.append((-len(own), text, translation))
    return [
        (_PLACEHOLDER.split(text)[::2], text, translation)
        for _own, text, translation in sorted(found)
    ]


@lru_cache(maxsize=1000)
def _form(text: str) -> re.Pattern[str]:
    pieces = _PLACEHOLDER.split(text)
    seen: set[str] = set()
    form = ""
    for number, piece in enumerate(pieces):
        if number % 2 == 0:
            form += re.escape(piece)
        elif piece in seen:
            form += f"(?P={piece})"
        else:
            seen.add(piece)
            form += f"(?P<{piece}>.*?)"
    return re.compile(form, re.DOTALL)


def _name(wanted: str) -> str:
    """`de_DE.UTF-8`, `de-DE` and `zh-Hans-CN` as catalogues are named: `de_DE`, `zh_CN`."""
    language, *rest = re.split(r"[-_]", re.split(r"[.@]", wanted, maxsplit=1)[0])
    language = language.lower()
    places = [part for part in rest if len(part) != 4]
    name = "_".join([language, *places[:1]]).strip()
    if language == "zh":
        return (
            "zh_CN" if "Hans" in rest or (name in _SIMPLIFIED and "Hant" not in rest) else "zh_TW"
        )
    return name
