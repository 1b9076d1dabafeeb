from __future__ import annotations

import pytest

from s3gui.core.errors import InputError
from s3gui.core.provider import MIB, Limits
from s3gui.gui.option_rules import (
    read_content_type,
    read_header,
    read_metadata,
    read_part_size,
    read_storage_class,
    read_tags,
)


@pytest.mark.parametrize(
    ("read", "text", "value"),
    [
        (read_header, "  max-age=60 ", "max-age=60"),
        (read_header, " ", None),
        (read_content_type, "text/html; charset=utf-8", "text/html; charset=utf-8"),
        (read_content_type, "", None),
        (read_storage_class, "standard_ia", "STANDARD_IA"),
        (read_storage_class, "", None),
    ],
)
def test_what_is_good_is_kept(read, text, value):
    assert read(text) == value


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (read_header, "größe"),
        (read_header, "a\nX-Injected: b"),
        (read_content_type, "html"),
        (read_content_type, "text/"),
        (read_content_type, "/html"),
        (read_storage_class, "very cold"),
    ],
)
def test_what_would_break_a_header_is_refused(read, text):
    with pytest.raises(InputError):
        read(text)


def test_a_part_size_is_a_number_of_mib_within_the_limits():
    assert read_part_size("", Limits()) is None
    assert read_part_size(" 16 ", Limits()) == 16 * MIB
    for text in ("4", "0", "-8", "8.5", "٨", "eight", "9" * 30, "6000"):
        with pytest.raises(InputError):
            read_part_size(text, Limits())


def test_metadata_names_become_small_and_lose_the_prefix_that_s3_adds():
    pairs = [("Author", " me "), ("x-amz-meta-Camera", "D850")]
    assert read_metadata(pairs) == (("author", "me"), ("camera", "D850"))


@pytest.mark.parametrize(
    "pairs",
    [
        [("", "value")],
        [("two words", "x")],
        [("name", "größe")],
        [("a", "1"), ("A", "2")],
        [("a", "x" * 2048)],
    ],
)
def test_metadata_that_s3_would_refuse_are_refused_here(pairs):
    with pytest.raises(InputError):
        read_metadata(pairs)


def test_tags_may_hold_letters_of_any_language():
    assert read_tags([(" Größe ", "été: 5 + 1 = 6 / @home")]) == (
        ("Größe", "été: 5 + 1 = 6 / @home"),
    )


@pytest.mark.parametrize(
    "pairs",
    [
        [(f"name{number}", "") for number in range(11)],
        [("", "value")],
        [("n" * 129, "")],
        [("n", "v" * 257)],
        [("aws:created", "x")],
        [("AWS:x", "x")],
        [("why?", "x")],
        [("a", "1"), ("a", "2")],
    ],
)
def test_tags_that_s3_would_refuse_are_refused_here(pairs):
    with pytest.raises(InputError):
        read_tags(pairs)
