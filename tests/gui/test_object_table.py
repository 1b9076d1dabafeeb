import pytest
from PySide6.QtGui import QStandardItemModel

from s3gui.gui.object_model import Column
from s3gui.gui.object_table import ObjectTable


@pytest.fixture
def table(qtbot):
    table = ObjectTable()
    qtbot.addWidget(table)
    table.setModel(QStandardItemModel(1, len(Column)))
    table.verticalHeader().hide()
    table.set_widths()
    table.show()
    return table


def _shown(table):
    return [column for column in Column if not table.isColumnHidden(column)]


def test_a_narrow_table_keeps_names_and_gives_up_what_is_last(table):
    wide = table.fontMetrics().horizontalAdvance("0")
    table.resize(100 * wide, 300)
    assert _shown(table) == list(Column)
    table.resize(70 * wide, 300)
    assert _shown(table) == [Column.NAME, Column.SIZE, Column.MODIFIED]
    table.resize(30 * wide, 300)
    assert _shown(table) == [Column.NAME]
    table.resize(100 * wide, 300)
    assert _shown(table) == list(Column)
    assert table.columnWidth(Column.MODIFIED) == 22 * wide


def test_larger_text_gets_wider_columns(table):
    table.resize(3000, 300)
    before = table.columnWidth(Column.MODIFIED)
    font = table.font()
    font.setPixelSize(2 * table.fontInfo().pixelSize())
    table.setFont(font)
    assert table.columnWidth(Column.MODIFIED) > 1.5 * before
