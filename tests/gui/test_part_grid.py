from __future__ import annotations

import pytest

from s3gui.gui.live import ACKNOWLEDGED, FAILED
from s3gui.gui.part_grid import PartGrid, Parts


@pytest.fixture
def grid(theme, qtbot) -> PartGrid:
    grid = PartGrid(theme)
    qtbot.addWidget(grid)
    grid.resize(240, 200)
    return grid


def colour_at(grid: PartGrid, number: int) -> str:
    columns = grid._columns(grid.width())
    x, y = (number - 1) % columns * 12 + 5, (number - 1) // columns * 12 + 5
    return grid.grab().toImage().pixelColor(x, y).name()


def test_each_part_has_a_square_of_its_own(grid, theme):
    grid.show_parts(Parts(bytes([ACKNOWLEDGED, 0, FAILED])))
    palette = theme.palette
    assert colour_at(grid, 1) == palette.accent
    assert colour_at(grid, 2) == palette.track
    assert colour_at(grid, 3) == palette.error


def test_ten_thousand_parts_share_squares(grid):
    grid.show_parts(Parts(bytes(10_000)))
    assert grid.parts_in_a_square > 1
    assert grid.heightForWidth(240) <= 12 * 12


def test_one_failed_part_is_seen_among_many(grid, theme):
    states = bytearray([ACKNOWLEDGED]) * 10_000
    states[0] = FAILED
    grid.show_parts(Parts(bytes(states)))
    assert colour_at(grid, 1) == theme.palette.error


def test_a_parts_tooltip_says_how_far_it_is(grid):
    grid.show_parts(Parts(bytes([ACKNOWLEDGED, 0]), {2: (5, 10)}))
    assert grid._part_text(1) == "Part 1: there"
    assert grid._part_text(2) == "Part 2: on its way, 50%"
    assert grid._number_at(5, 5) == 1
    assert grid._number_at(100, 5) is None
