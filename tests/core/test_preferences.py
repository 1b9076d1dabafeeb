from __future__ import annotations

import pytest

from s3gui.core.errors import InputError
from s3gui.core.preferences import Favourite, Preferences, Preset, read_ending
from s3gui.core.transfer import Destination, UploadOptions


@pytest.mark.parametrize("text", ["NEF", ".nef", "*.nef", " *.Nef "])
def test_an_ending_may_be_typed_in_many_ways(text):
    assert read_ending(text) == ".nef"


@pytest.mark.parametrize("text", ["", "*", "a/b", "a b", "..", "ä"])
def test_what_is_no_ending_is_refused(text):
    with pytest.raises(InputError):
        read_ending(text)


def test_the_longest_ending_decides():
    kept = Preferences(content_types=((".gz", "application/gzip"), (".tar.gz", "application/x-t")))
    assert kept.content_type("a/b.tar.gz") == "application/x-t"
    assert kept.content_type("a.TAR.GZ") == "application/x-t"
    assert kept.content_type("a.tar.gz/b") is None


def test_a_favourite_is_added_and_taken_away_again():
    favourite = Favourite("1", Destination("b", "p/"))
    kept = Preferences().toggle_favourite(favourite)
    assert kept.favourites_of("1") == (Destination("b", "p/"),)
    assert kept.favourites_of("2") == ()
    assert kept.toggle_favourite(favourite) == Preferences()


def test_a_preset_of_the_same_name_is_replaced():
    kept = Preferences().with_preset(Preset("a", UploadOptions()))
    kept = kept.with_preset(Preset("a", UploadOptions(storage_class="GLACIER")))
    assert [each.options.storage_class for each in kept.presets] == ["GLACIER"]
    with pytest.raises(InputError):
        kept.with_preset(Preset(" ", UploadOptions()))
