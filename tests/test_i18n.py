from __future__ import annotations

import struct

import pytest

from s3gui.i18n import _, ngettext, use_language


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
