from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from s3gui.engine.ranking import ranks_before


def order_of(ranks: dict[int, int]) -> list[int]:
    return sorted(ranks, key=lambda each: (-ranks[each], each))


@given(data=st.data())
def test_what_is_moved_comes_right_before_and_the_rest_stays_in_order(data):
    ranks = data.draw(
        st.dictionaries(st.integers(1, 30), st.integers(-3, 3), min_size=2), label="ranks"
    )
    order = order_of(ranks)
    before = data.draw(st.sampled_from(order), label="before")
    rest = [each for each in order if each != before]
    moved = set(data.draw(st.lists(st.sampled_from(rest), min_size=1), label="moved"))

    changed = order_of(ranks | ranks_before(order, moved, before, ranks))

    others = [each for each in order if each not in moved]
    place = others.index(before)
    assert changed == [*others[:place], *sorted(moved), *others[place:]]


def test_of_a_million_only_the_shorter_side_is_numbered_anew():
    order = range(1, 100_001)
    assert len(ranks_before(order, {99_999}, 3, {})) == 3
    assert len(ranks_before(order, {3}, 99_999, {})) == 3
