"""Windows in other languages: everything fits, and every key means one thing."""

from __future__ import annotations

import re
from collections import defaultdict

import pytest
from babel.messages.catalog import Catalog
from PySide6.QtWidgets import QAbstractButton, QLabel

from s3gui.assets import resource
from s3gui.core.settings import Appearance
from s3gui.core.text import cells
from s3gui.gui.theme import Theme
from s3gui.i18n import ENGLISH, use_language
from tests.gui.test_accessible import BUILDERS
from tests.screenshots.fit import unfitting
from tests.screenshots.scenes import SCENES
from tests.screenshots.stage import Stage
from tests.translations.catalogues import TRANSLATED, as_source, compiled, is_translated, read

_CROWDED = (
    "busy",
    "inspector",
    "leftovers",
    "new-bucket",
    "options",
    "review",
    "sign-in",
    "welcome",
)
"""`python -m tests.screenshots FOLDER --language de` looks at every window, in each language."""


@pytest.fixture
def _english_again():
    yield
    use_language(resource("locale"), [ENGLISH])


@pytest.fixture(scope="session")
def longest(tmp_path_factory):
    """A catalogue of no language: of each text the longest translation there is."""
    merged = Catalog(locale="de", fuzzy=False)
    for language in TRANSLATED:
        for message in read(language):
            if not message.id or not is_translated(message):
                continue
            forms = [message.string] if isinstance(message.string, str) else message.string
            known = merged.get(message.id, message.context)
            before = [] if known is None else [known.string]
            best = max([*(text for text in _flat(before)), *forms], key=cells)
            string = best if isinstance(message.id, str) else (best, best)
            merged.delete(message.id, message.context)
            merged.add(message.id, string, context=message.context)
    folder = tmp_path_factory.mktemp("locale")
    path = folder / "xx" / "LC_MESSAGES" / "s3gui.mo"
    path.parent.mkdir(parents=True)
    path.write_bytes(compiled("de", as_source("de", merged)))
    return folder


def _flat(strings):
    return [
        each for string in strings for each in ([string] if isinstance(string, str) else string)
    ]


@pytest.mark.usefixtures("_english_again")
@pytest.mark.parametrize("scene", _CROWDED)
def test_the_longest_text_of_all_languages_fits(scene, longest, qapp):
    assert use_language(longest, ["xx"]) == "xx"
    theme = Theme()
    stage = Stage(qapp, theme, Appearance.LIGHT)
    try:
        window = SCENES[scene](stage)
        stage.settle()
        assert unfitting(window) == []
    finally:
        stage.close()
        qapp.setStyleSheet("")
        theme.deleteLater()


@pytest.mark.usefixtures("_english_again")
@pytest.mark.parametrize("language", TRANSLATED)
def test_no_two_things_of_a_dialog_have_the_same_key(language, background, theme, store, qtbot):
    assert use_language(resource("locale"), [language]) == language
    twice = {}
    for name, build in BUILDERS.items():
        widget = build(background, theme, store)
        qtbot.addWidget(widget)
        widget.show()
        taken = defaultdict(list)
        for text in _texts(widget):
            key = re.search(r"&(\w)", text)
            if key is not None:
                taken[key[1].lower()].append(text)
        twice |= {(name, key): texts for key, texts in taken.items() if len(texts) > 1}
        widget.hide()
    assert twice == {}


def _texts(widget):
    labels = [each for each in widget.findChildren(QLabel) if each.buddy() is not None]
    shown = [each for each in [*labels, *widget.findChildren(QAbstractButton)] if each.isVisible()]
    return [each.text() for each in shown]
