from __future__ import annotations

import pytest

from s3gui.gui.bucket_name import existing_bucket_name_problem, new_bucket_name_problem


@pytest.mark.parametrize("name", ["abc", "photos-2026", "my.bucket.com", "1a2", "a" * 63])
def test_a_legal_name_has_no_problem(name):
    assert new_bucket_name_problem(name) == ""


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("", "3 to 63"),
        ("ab", "3 to 63"),
        ("a" * 64, "3 to 63"),
        ("Photos", "capital"),
        ("photos_2026", "hyphens"),
        ("fotos größe", "hyphens"),
        ("-photos", "begins and ends"),
        ("photos.", "begins and ends"),
        ("pho..tos", "two dots"),
        ("192.168.5.4", "IP address"),
        ("xn--photos", "xn--"),
        ("sthree-photos", "sthree-"),
        ("photos-s3alias", "-s3alias"),
        ("photos--x-s3", "--x-s3"),
    ],
)
def test_a_broken_rule_is_named(name, word):
    assert word in new_bucket_name_problem(name)


@pytest.mark.parametrize("name", ["OldBucket_1", "a.b-c", "bucket:2"[:6]])
def test_names_that_are_no_longer_given_can_still_be_opened(name):
    assert existing_bucket_name_problem(name) == ""


@pytest.mark.parametrize("name", ["", "a b", "a/b", "a\x00b", "x" * 256])
def test_what_cannot_be_a_name_is_refused(name):
    assert existing_bucket_name_problem(name)
