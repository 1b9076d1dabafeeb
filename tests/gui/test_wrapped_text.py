from __future__ import annotations

import pytest

from s3gui.gui.wrapped_text import WrappedText


@pytest.fixture
def text(qtbot):
    text = WrappedText()
    qtbot.addWidget(text)
    return text


def test_a_line_of_its_own_stays_one(text):
    text.set_text("Metadata")
    one_line = text.heightForWidth(400)
    text.set_text("Content type: text/plain\nMetadata: 1 entry\nTags: 2 entries")
    assert text.heightForWidth(400) > 2.5 * one_line
    assert text.text.count("\n") == 2


def test_what_has_no_blanks_is_broken_where_the_line_ends(text):
    text.set_text("x" * 400)
    assert text.heightForWidth(100) > 4 * text.heightForWidth(4_000)
