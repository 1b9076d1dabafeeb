"""What a tray shows of the program, in one picture: its icons, tooltip and menu."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QVBoxLayout, QWidget

from s3gui.gui.form import plain_label
from s3gui.gui.tray_picture import tray_icon

_SIZES = (16, 22, 32, 64)
_STATES = ((None, True), (0.05, True), (0.27, True), (0.8, True), (0.8, False))


class TrayPicture(QWidget):
    def __init__(self, menu: QMenu, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        column = QVBoxLayout(self)
        for share, is_moving in _STATES:
            row = QHBoxLayout()
            row.addStretch(1)
            for size in _SIZES:
                label = QLabel()
                label.setPixmap(tray_icon(share, is_moving=is_moving).pixmap(size, size))
                row.addWidget(label)
            row.addStretch(1)
            column.addLayout(row)
        column.addWidget(plain_label("3 uploading · 41.2 of 154 GB · 6 min left"))
        picture = QLabel()
        menu.ensurePolished()
        menu.adjustSize()
        picture.setPixmap(menu.grab())
        column.addWidget(picture)
