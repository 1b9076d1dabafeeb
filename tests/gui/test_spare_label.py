from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from s3gui.gui.spare_label import SpareLabel


def test_it_goes_where_there_is_no_room_and_comes_back(qtbot):
    row = QWidget()
    qtbot.addWidget(row)
    layout = QHBoxLayout(row)
    label, button = SpareLabel("Transfers"), QPushButton("Pause all")
    layout.addWidget(label)
    layout.addStretch(1)
    layout.addWidget(button)
    row.resize(400, 40)
    row.show()
    qtbot.waitUntil(lambda: label.text() == "Transfers")
    row.resize(row.minimumSizeHint().width() + 10, 40)
    qtbot.waitUntil(lambda: label.text() == "")
    assert label.accessibleName() == "Transfers"
    row.resize(400, 40)
    qtbot.waitUntil(lambda: label.text() == "Transfers")
