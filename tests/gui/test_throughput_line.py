from __future__ import annotations

import pytest

from s3gui.gui.throughput_line import ThroughputLine


@pytest.fixture
def line(theme, qtbot) -> ThroughputLine:
    line = ThroughputLine(theme)
    qtbot.addWidget(line)
    return line


def test_it_shows_itself_when_bytes_move(line):
    assert line.isHidden()
    line.show_rate(1_000_000)
    assert not line.isHidden()
    assert line.accessibleDescription().startswith("1.0 MB/s now, 1.0 MB/s at best")


def test_it_holds_two_minutes(line):
    line.show_rate(5)
    for _second in range(130):
        line.take()
    assert len(line.rates) == 120


def test_it_goes_when_two_minutes_held_nothing(line):
    line.show_rate(5)
    line.show_rate(0)
    for _second in range(120):
        line.take()
    assert line.isHidden()
    assert line.rates == []


def test_the_newest_second_is_drawn_at_the_right_edge(line):
    line.show_rate(10)
    line.show_rate(1_000)
    line.take()
    image = line.grab().toImage()
    right = [image.pixelColor(image.width() - 2, y).name() for y in range(image.height())]
    left = [image.pixelColor(4, y).name() for y in range(image.height())]
    assert len(set(right)) > len(set(left))
