"""One page of the settings: fields, and what they make of the settings."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox

from s3gui.gui.form import Form, check_box


class SettingsPage(Form):
    """`changed` comes after each change, however small."""

    changed = Signal()

    def add_choice(
        self, text: str, choices: Iterable[tuple[str, Any]], chosen: Any, hint: str = ""
    ) -> QComboBox:
        """A drop-down of titles and what they stand for."""
        box = QComboBox()
        for title, value in choices:
            box.addItem(title, value)
        box.setCurrentIndex(box.findData(chosen))
        box.currentIndexChanged.connect(self.changed)
        self.add_field(text, box, hint)
        return box

    def add_switch(self, text: str, sentence: str, hint: str = "", *, is_on: bool) -> QCheckBox:
        """A box beside what it is about; `sentence` is what ticking it says."""
        box = check_box(sentence)
        box.setChecked(is_on)
        box.toggled.connect(self.changed)
        self.add_field(text, box, hint)
        return box
