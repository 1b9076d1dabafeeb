"""The catalogues agree with the source, with what the program reads, and with themselves."""

import re
import string
from functools import cache

import pytest
from babel.messages.catalog import Catalog, Message

from tests.translations.catalogues import (
    TRANSLATED,
    as_source,
    compiled,
    compiled_of,
    is_translated,
    read,
    source_of,
    updated,
)
from tests.translations.extract import Text, texts, trees

_PERCENT = re.compile(r"%(?:\(\w+\))?[rs]")
_OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]+")

every_language = pytest.mark.parametrize("language", TRANSLATED)


@cache
def _texts() -> dict[Text, list[str]]:
    return texts(trees())


@cache
def _catalogue(language: str) -> Catalog:
    return read(language)


def _translated(language: str) -> list[tuple[str, str, Message]]:
    """Each text with one of its translations: a plural has several."""
    pairs = []
    for message in _catalogue(language):
        if not message.id or not is_translated(message):
            continue
        if isinstance(message.id, str):
            pairs.append((message.id, message.string, message))
        else:
            # Where one form serves for 1 and for others, too, it has to say how many.
            pairs += [(message.id[1], form, message) for form in message.string]
    return pairs


def _placeholders(text: str) -> set[str]:
    named = {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
    return named | set(_PERCENT.findall(text))


@every_language
def test_every_text_is_translated(language):
    missing = []
    for text in _texts():
        message = _catalogue(language).get(text.key, text.context or None)
        if message is None or not is_translated(message):
            missing.append(f"{text.context}: {text.id!r}")
    assert "\n".join(missing) == "", "run: python -m tests.translations; then translate"


@every_language
def test_what_the_program_reads_is_made_of_what_people_translate(language):
    made = compiled(language, source_of(language).read_bytes())
    assert compiled_of(language).read_bytes() == made, "run: python -m tests.translations"


@every_language
def test_a_translation_fills_in_the_same_values(language):
    wrong = [
        f"{text!r} → {translation!r}"
        for text, translation, message in _translated(language)
        if _placeholders(translation) != _placeholders(text)
        and not _may_leave_the_number_out(text, translation, message)
    ]
    assert "\n".join(wrong) == ""


def _may_leave_the_number_out(text: str, translation: str, message: Message) -> bool:
    """“eine Datei”: a form that stands for 1 alone, as those of German and Spanish do."""
    return (
        isinstance(message.id, tuple)
        and message.string.index(translation) == 0
        and len(message.string) > 1
        and _placeholders(translation) <= _placeholders(text)
    )


@every_language
def test_a_translation_is_as_tidy_as_its_text(language):
    """The same lines, spaces at the ends, mnemonics, options; and no text left in doubt."""
    wrong = [
        f"{text!r} → {translation!r}"
        for text, translation, message in _translated(language)
        if text.count("\n") != translation.count("\n")
        or (text[-1] == " ") != (translation[-1] == " ")
        or text.count("&") != translation.count("&")
        or set(_OPTION.findall(text)) != set(_OPTION.findall(translation))
        or message.fuzzy
    ]
    assert "\n".join(wrong) == ""


@every_language
def test_a_catalogue_is_written_as_the_tool_writes_it(language):
    assert as_source(language, _catalogue(language)) == source_of(language).read_bytes()


def test_the_texts_of_the_source_fit_into_a_catalogue():
    found = _texts()
    empty = updated(Catalog(locale="de"), found)
    assert len(empty) == len(found)
