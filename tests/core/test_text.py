import pytest
from hypothesis import given
from hypothesis import strategies as st

from s3gui.core.text import (
    cells,
    format_duration,
    format_rate,
    format_size,
    joined,
    padded,
    shortened,
    visible,
)


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1.0 kB"),
        (3100, "3.1 kB"),
        (48_200_000, "48.2 MB"),
        (99_949_999, "99.9 MB"),
        (99_950_000, "100 MB"),
        (999_499_999, "999 MB"),
        (999_500_000, "1.0 GB"),
        (154 * 10**9, "154 GB"),
        (53_687_091_200_000, "53.7 TB"),
    ],
)
def test_sizes_are_in_the_unit_people_use(size, text):
    assert format_size(size) == text


@given(st.integers(0, 10**18))
def test_no_size_needs_more_than_four_digits(size):
    number, unit = format_size(size).split()
    assert len(number.replace(".", "")) <= 4
    assert unit in {"B", "kB", "MB", "GB", "TB", "PB"}


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (None, "—"),
        (0, "0 s"),
        (-3, "0 s"),
        (48, "48 s"),
        (59.6, "1 min"),
        (240, "4 min"),
        (3599, "60 min"),
        (7800, "2 h 10 min"),
        (7200, "2 h"),
        (86400 * 3 + 3600 * 4, "3 d 4 h"),
    ],
)
def test_durations_are_rounded_to_what_people_say(seconds, text):
    assert format_duration(seconds) == text


def test_a_rate_is_a_size_each_second():
    assert format_rate(314e6) == "314 MB/s"


def test_what_would_hide_in_a_name_is_written_out():
    assert visible("photo.jpg") == "photo.jpg"
    assert visible("größe 日本.txt") == "größe 日本.txt"
    assert visible("evil\u202egpj.exe") == "evil\\u202egpj.exe"
    assert visible("two\nlines\x1b[31m") == "two\\u000alines\\u001b[31m"
    assert visible(b"caf\xe9".decode("utf-8", "surrogateescape")) == "caf\\xe9"


@given(st.text())
def test_visible_text_can_always_be_printed_and_encoded(text):
    assert "\n" not in visible(text)
    visible(text).encode()


@pytest.mark.parametrize(
    ("sentence", "advice", "both"),
    [
        ("It is gone", "Look.", "It is gone. Look."),
        ("It is gone.", "Look.", "It is gone. Look."),
        ("Is it?", "Look.", "Is it? Look."),
        ("なくなりました。", "確認してください。", "なくなりました。確認してください。"),
        ("It is gone", "", "It is gone"),
        ("", "", ""),
    ],
)
def test_a_sentence_and_its_advice_are_two_sentences(sentence, advice, both):
    assert joined(sentence, advice) == both


def test_columns_are_as_wide_as_a_terminal_draws_them():
    assert padded("abc", 5) == "abc  "
    assert padded("証明", 5) == "証明 "
    assert padded("too long", 3) == "too long"
    assert cells("証a") == 3
    assert cells("e\u0301te\u0301") == 3
    assert cells("\u1112\u1161\u11ab\uad6d") == 4  # the first syllable is taken apart


@pytest.mark.parametrize(
    ("text", "width", "shorter"),
    [
        ("abcdef", 6, "abcdef"),
        ("abcdef", 4, "abc…"),
        ("証明書", 6, "証明書"),
        ("証明書", 5, "証明…"),
        ("証明書", 4, "証…"),
        ("e\u0301te\u0301s", 3, "e\u0301t…"),
        ("abcdef", 1, "…"),
        ("abcdef", 0, ""),
    ],
)
def test_what_is_too_long_loses_its_end(text, width, shorter):
    assert shortened(text, width) == shorter
    assert cells(shorter) <= width


def test_a_mark_may_be_longer_than_the_room():
    assert shortened("abcdef", 5, "...") == "ab..."
    assert shortened("abcdef", 2, "...") == ".."
