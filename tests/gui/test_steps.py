from __future__ import annotations

import pytest

from s3gui.core.transfer import Destination
from s3gui.gui.steps import one_up, steps


@pytest.mark.parametrize(
    ("key", "names"),
    [
        ("", ["photos"]),
        ("november/raw/", ["photos", "november", "raw"]),
        ("/odd//", ["photos", "", "odd", ""]),
    ],
)
def test_the_way_down_ends_at_the_destination(key, names):
    way = steps(Destination("photos", key))
    assert [step.name for step in way] == names
    assert way[-1].destination == Destination("photos", key)


def test_one_goes_up_prefix_by_prefix_and_no_further_than_the_bucket():
    place = Destination("photos", "/odd//raw/")
    keys = []
    while (place := one_up(place)) is not None:
        keys.append(place.key)
    assert keys == ["/odd//", "/odd/", "/", ""]
