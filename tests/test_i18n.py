from __future__ import annotations

import struct

import pytest

from s3gui.assets import resource
from s3gui.i18n import LANGUAGES, _, environment_languages, ngettext, translated, use_language


@pytest.fixture
def catalogues(tmp_path):
    folder = tmp_path / "de" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "s3gui.mo").write_bytes(
        catalogue({"": "Content-Type: text/plain; charset=UTF-8\n", "Paused": "Angehalten"})
    )
    yield tmp_path
    use_language(tmp_path, ["none"])


def catalogue(texts: dict[str, str]) -> bytes:
    """A gettext .mo file: header, two tables of (length, offset), texts ending in a zero."""
    names = sorted(texts)
    originals = [name.encode() for name in names]
    translations = [texts[name].encode() for name in names]
    tables, body = b"", b""
    start = 28 + 16 * len(names)
    for text in originals + translations:
        tables += struct.pack("<II", len(text), start + len(body))
        body += text + b"\0"
    header = struct.pack("<7I", 0x950412DE, 0, len(names), 28, 28 + 8 * len(names), 0, 0)
    return header + tables + body


def test_without_a_catalogue_texts_are_english(catalogues):
    use_language(catalogues, ["xx"])
    assert _("Paused") == "Paused"
    assert ngettext("1 file", "many files", 2) == "many files"


def test_a_catalogue_translates_and_leaves_the_rest_in_english(catalogues):
    use_language(catalogues, ["de"])
    assert _("Paused") == "Angehalten"
    assert _("Verified") == "Verified"


SOME = {
    "error\x04{host} has {count} of “{key}”: {reason}.": "{key}: {count} auf {host}, {reason}",
    "error\x04“{name}” is gone.": "„{name}“ ist weg.",
    "error\x04it is slow": "ist langsam",
    "error\x04It is over": "Es ist vorbei",
}


@pytest.fixture
def with_errors(catalogues):
    head = {"": "Content-Type: text/plain; charset=UTF-8\n"}
    (catalogues / "de" / "LC_MESSAGES" / "s3gui.mo").write_bytes(catalogue({**head, **SOME}))
    use_language(catalogues, ["de"])


@pytest.mark.usefixtures("with_errors")
@pytest.mark.parametrize(
    ("english", "german"),
    [
        ("It is over", "Es ist vorbei"),
        ("“a.txt” is gone.", "„a.txt“ ist weg."),
        ("“{evil}\n%s” is gone.", "„{evil}\n%s“ ist weg."),
        ("s3.test has 3 of “k”: it is slow.", "k: 3 auf s3.test, ist langsam"),
        ("Nobody knows this.", "Nobody knows this."),
        ("", ""),
    ],
)
def test_an_english_error_is_found_again_with_its_values(english, german):
    assert translated(english) == german


@pytest.mark.usefixtures("with_errors")
def test_an_error_is_english_again_when_english_is_chosen(catalogues):
    assert translated("It is over") == "Es ist vorbei"
    assert use_language(catalogues, ["en_GB", "de"]) == "en"
    assert translated("It is over") == "It is over"


@pytest.mark.parametrize(
    ("wanted", "spoken"),
    [
        (["de"], "de"),
        (["de_AT.UTF-8"], "de"),
        (["de-Latn-DE"], "de"),
        (["tlh", "de@euro"], "de"),
        (["en-US", "de"], "en"),
        (["zh-Hans-CN"], "zh_CN"),
        (["zh_SG"], "zh_CN"),
        (["zh-Hant-CN"], "en"),
        (["zh_TW"], "en"),
        (["", "../de"], "en"),
    ],
)
def test_languages_are_known_by_each_of_their_names(catalogues, wanted, spoken):
    folder = catalogues / "zh_CN" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "s3gui.mo").write_bytes(catalogue({"": "Content-Type: text/plain; charset=UTF-8\n"}))
    assert use_language(catalogues, wanted) == spoken


@pytest.mark.parametrize(
    ("environment", "languages"),
    [
        ({"LANG": "de_DE.UTF-8"}, ["de_DE.UTF-8"]),
        ({"LANG": "de_DE.UTF-8", "LC_ALL": "fr_FR"}, ["fr_FR"]),
        ({"LANG": "de_DE.UTF-8", "LANGUAGE": "es:fr"}, ["es", "fr", "de_DE.UTF-8"]),
        ({"LANG": "C.UTF-8", "LANGUAGE": "es"}, ["en"]),
        ({"LANG": "de_DE.UTF-8", "LC_ALL": "C"}, ["en"]),
    ],
)
def test_the_environment_says_which_languages_are_wanted(environment, languages):
    assert environment_languages(environment) == languages


def test_every_language_that_can_be_chosen_has_its_catalogue():
    for language in set(LANGUAGES) - {"en"}:
        assert use_language(resource("locale"), [language]) == language
    use_language(resource("locale"), ["en"])
