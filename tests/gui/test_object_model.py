from __future__ import annotations

from datetime import UTC, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester

from s3gui.core.transfer import Destination
from s3gui.engine.ports import ListedObject, ObjectPage
from s3gui.gui.object_model import Column, ObjectModel

PLACE = Destination("photos", "raw/")


@pytest.fixture
def model():
    model = ObjectModel()
    model.tester = QAbstractItemModelTester(
        model, QAbstractItemModelTester.FailureReportingMode.Fatal
    )
    model.start(PLACE)
    return model


def page(*keys: str) -> ObjectPage:
    prefixes = tuple(key for key in keys if key.endswith("/") and key != PLACE.key)
    objects = tuple(ListedObject(key, 48_213_456) for key in keys if key not in prefixes)
    return ObjectPage(objects, prefixes, None)


def column(model: ObjectModel, number: Column) -> list[str]:
    return [model.index(row, number).data() for row in range(model.rowCount())]


def test_prefixes_come_first_even_when_a_later_page_brings_them(model):
    model.add(page("raw/a/", "raw/b.txt"))
    model.add(page("raw/c/", "raw/d.txt"))
    assert column(model, Column.NAME) == ["a", "c", "b.txt", "d.txt"]
    assert model.prefix_at(model.index(1, 0)) == Destination("photos", "raw/c/")
    assert model.object_at(model.index(2, 0)).key == "raw/b.txt"
    assert model.object_at(model.index(0, 0)) is None
    assert model.prefix_at(model.index(2, 0)) is None


def test_the_empty_object_of_the_prefix_itself_is_no_row(model):
    model.add(page("raw/", "raw/a.txt"))
    assert column(model, Column.NAME) == ["a.txt"]


def test_a_prefix_of_nothing_but_a_slash_can_be_seen(model):
    model.add(page("raw//"))
    assert column(model, Column.NAME) == ["/"]


def test_names_that_would_hide_are_written_out(model):
    model.add(page("raw/evil\u202egnp.exe"))
    assert column(model, Column.NAME) == ["evil\\u202egnp.exe"]


def test_an_object_tells_size_time_and_storage_class(model):
    time = datetime(2026, 11, 21, 14, 3, tzinfo=UTC)
    model.add(ObjectPage((ListedObject("raw/a", 48_213_456, time, "STANDARD_IA"),), (), None))
    assert model.index(0, Column.SIZE).data() == "48.2 MB"
    assert "2026" in model.index(0, Column.MODIFIED).data()
    assert model.index(0, Column.STORAGE_CLASS).data() == "Standard, infrequent access"
    tip = Qt.ItemDataRole.ToolTipRole
    assert "48,213,456" in model.index(0, Column.SIZE).data(tip)
    assert "2026-11-21T14:03" in model.index(0, Column.MODIFIED).data(tip)
    assert "STANDARD_IA" in model.index(0, Column.STORAGE_CLASS).data(tip)


def test_a_storage_class_of_the_service_s_own_is_shown_as_it_is(model):
    model.add(ObjectPage((ListedObject("raw/a", 1, None, "COLDLINE"),), (), None))
    assert model.index(0, Column.STORAGE_CLASS).data() == "COLDLINE"
    assert model.index(0, Column.MODIFIED).data() == ""


def test_a_name_is_never_read_as_markup(model):
    model.add(page("raw/<img src=x>"))
    assert "<img" not in model.index(0, Column.NAME).data(Qt.ItemDataRole.ToolTipRole)


def test_sizes_stand_on_the_right_and_so_does_their_heading(model):
    model.add(page("raw/a"))
    role = Qt.ItemDataRole.TextAlignmentRole
    assert model.index(0, Column.SIZE).data(role) & Qt.AlignmentFlag.AlignRight
    heading = model.headerData(Column.SIZE, Qt.Orientation.Horizontal, role)
    assert heading & Qt.AlignmentFlag.AlignRight


def test_a_new_listing_forgets_the_old_one(model):
    model.add(page("raw/a/", "raw/b"))
    model.start(Destination("other"))
    assert model.rowCount() == 0
