from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from s3gui.core.transfer import Destination, Transfer, TransferState
from s3gui.gui.live import LiveParts
from s3gui.gui.part_picture import Stretch, picture

ROW = Transfer(1, "/a", Destination("b", "a"), 100, id=7, state=TransferState.RUNNING, part_size=25)


def drawn(row: Transfer, live: LiveParts | None, width: int) -> str:
    """The bar as text: # acknowledged, = on its way, + half, ! failed, . track."""
    cells = ["."] * width
    for part in picture(row, live, width):
        for x in range(round(part.start), round(part.end)):
            cells[x] = sign(part)
    return "".join(cells)


def sign(part: Stretch) -> str:
    if part.has_failed:
        return "!"
    if part.acknowledged == 1:
        return "#"
    return "+" if part.acknowledged else "="


def parts(
    count: int | None, done: set[int], moving: dict[int, float], failed: set[int] = frozenset()
):
    live = LiveParts(None, None)
    live.start(count, frozenset())
    for number in done:
        live.complete(number, 10)
    for number, share in moving.items():
        live.progress(number, int(10 * share), 10)
    for number in failed:
        live.fail(number)
    return live


def test_each_part_is_drawn_where_it_belongs_with_a_gap_behind_it():
    live = parts(4, {1, 3}, {4: 0.5})
    assert drawn(ROW, live, 20) == "####......####.====="


def test_a_part_on_its_way_says_how_full_it_is():
    live = parts(4, set(), {2: 0.3})
    assert [each.sent for each in picture(ROW, live, 40)] == [0.3]


def test_a_failed_part_is_told_apart():
    assert drawn(ROW, parts(4, {1}, {}, {2}), 20) == "####.!!!!..........."


def test_more_parts_than_pixels_are_averaged():
    live = parts(40, set(range(1, 17)), {17: 1.0, 18: 1.0})
    assert drawn(ROW, live, 20) == "########=..........."


def test_a_pixel_whose_parts_are_half_done_is_half_done():
    live = parts(40, {1}, {})
    assert next(picture(ROW, live, 20)).acknowledged == 0.5


def test_a_paused_transfer_of_an_earlier_day_shows_its_bytes_from_the_start():
    row = replace(ROW, state=TransferState.PAUSED, sent_bytes=50)
    assert drawn(row, None, 20) == "####.####..........."


def test_only_a_verified_transfer_is_full():
    assert drawn(replace(ROW, state=TransferState.COMPLETED), None, 20) == "####.####.####.#####"
    empty = replace(ROW, size=0, part_size=None, state=TransferState.COMPLETED)
    assert drawn(empty, None, 20) == "#" * 20
    assert drawn(replace(empty, state=TransferState.QUEUED), None, 20) == "." * 20


def test_a_stream_shows_its_newest_parts():
    row = replace(ROW, size=None, part_size=None)
    live = parts(None, {1, 2, 3, 4}, {5: 0.5})
    assert drawn(row, live, 21) == "######.######.======="


@given(
    st.integers(1, 20_000),
    st.integers(9, 400),
    st.sets(st.integers(1, 20_000), max_size=20),
    st.sets(st.integers(1, 20_000), max_size=8),
)
def test_no_stretch_leaves_the_bar_or_covers_another(count, width, done, moving):
    live = parts(
        count,
        {each for each in done if each <= count},
        {each: 0.5 for each in moving if each <= count},
    )
    end = 0.0
    for part in picture(ROW, live, width):
        assert end <= part.start < part.end <= width
        assert 0 <= part.acknowledged <= part.sent <= 1
        end = part.end
