from __future__ import annotations

import pytest

from s3gui.core.errors import InputError
from s3gui.core.transfer import Destination
from s3gui.gui.typed_destination import read_prefix


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("s3://photos/november/raw/", "november/raw/"),
        ("s3://photos/november/raw", "november/raw/"),
        ("photos/november", "november/"),
        ("  photos ", ""),
        ("S3://photos/", ""),
        ("s3://photos//odd/", "/odd/"),
    ],
)
def test_a_place_is_read_as_people_write_it(text, key):
    assert read_prefix(text) == Destination("photos", key)


@pytest.mark.parametrize(
    "text", ["", "https://example.com/x", "s3://", "s3:///x", "two words/x", f"s3://b/{'k' * 1024}"]
)
def test_what_is_no_place_gets_one_sentence(text):
    with pytest.raises(InputError) as caught:
        read_prefix(text)
    assert caught.value.message.endswith(".")
