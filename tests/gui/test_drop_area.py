from __future__ import annotations

import pytest

from s3gui.core.transfer import Destination
from s3gui.gui.drop_area import DropArea

PLACE = Destination("photos", "raw/")


@pytest.fixture
def area(theme, qtbot):
    area = DropArea(theme)
    qtbot.addWidget(area)
    area.resize(400, 60)
    area.set_place(PLACE)
    area.show()
    return area


def test_it_says_where_files_go_and_screen_readers_hear_it(area):
    assert area.text == "Drop files or folders here to upload to  s3://photos/raw/"
    assert area.accessibleName() == area.text


def test_it_takes_files_and_stands_out_while_they_hover(area, drag_files, qtbot):
    drag = drag_files(area, "/files/ä b.bin", "/files/folder")
    plain = area.grab().toImage()
    assert drag.over(area.rect().center())
    assert area.text == "Upload to  s3://photos/raw/"
    assert area.grab().toImage() != plain
    drag.leave()
    assert area.grab().toImage() == plain
    with qtbot.waitSignal(area.paths_dropped) as dropped:
        assert drag.drop(area.rect().center())
    assert dropped.args == [["/files/ä b.bin", "/files/folder"]]
    assert area.grab().toImage() == plain


def test_without_a_bucket_it_takes_nothing_and_says_what_to_do(area, drag_files, qtbot):
    area.set_place(None)
    assert "Choose a bucket" in area.text
    with qtbot.assertNotEmitted(area.paths_dropped):
        assert not drag_files(area, "/files/a").drop(area.rect().center())


def test_a_drag_without_files_is_not_taken(area, drag_files):
    assert not drag_files(area).over(area.rect().center())


def test_a_name_that_would_hide_is_written_out(area):
    area.set_place(Destination("photos", "a\u202eb/"))
    assert "a\\u202eb" in area.text


def test_it_can_be_as_small_as_a_strip_and_as_large_as_the_card(area):
    strip = area.grab().toImage()
    area.set_strip(strip=False)
    area.resize(400, 300)
    assert area.sizeHint().height() < 100
    assert area.grab().toImage() != strip
