"""What the user can set; every change counts at once."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QSpinBox, QWidget

from s3gui.assets import resource
from s3gui.core.settings import Appearance, Settings
from s3gui.gui.form import FormDialog
from s3gui.i18n import _

_MOST_FILES = 16
_MOST_PARTS = 32
"""More would only wait for each other: a service answers this many at full speed."""


class SettingsDialog(FormDialog):
    settings_changed = Signal(object)
    """The Settings that hold from now on."""

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(_("Settings"), _("Close"), parent)
        self._settings = settings
        self.cancel_button.hide()
        self.appearance = QComboBox()
        for appearance, title in (
            (Appearance.SYSTEM, _("As the system")),
            (Appearance.LIGHT, _("Light")),
            (Appearance.DARK, _("Dark")),
        ):
            self.appearance.addItem(title, appearance)
        self.appearance.setCurrentIndex(self.appearance.findData(settings.appearance))
        self.files_at_once = _number(settings.files_at_once, _MOST_FILES)
        self.parts_at_once = _number(settings.parts_at_once, _MOST_PARTS)
        self.form.add_field(_("&Appearance"), self.appearance)
        self.form.add_field(
            _("&Files at once"), self.files_at_once, _("More help with many small files.")
        )
        self.form.add_field(
            _("&Parts at once"),
            self.parts_at_once,
            _("Of all files together. More help on fast lines."),
        )
        self.appearance.currentIndexChanged.connect(self._change)
        self.files_at_once.valueChanged.connect(self._change)
        self.parts_at_once.valueChanged.connect(self._change)

    def _change(self) -> None:
        self._settings = replace(
            self._settings,
            appearance=Appearance(self.appearance.currentData()),
            files_at_once=self.files_at_once.value(),
            parts_at_once=self.parts_at_once.value(),
        )
        self.settings_changed.emit(self._settings)


def _number(value: int, most: int) -> QSpinBox:
    box = QSpinBox()
    box.setRange(1, max(most, value))
    box.setValue(value)
    box.setKeyboardTracking(False)  # a 1 on the way to 16 is not meant
    up, down = (resource("icons", f"chevron-{way}.svg").as_posix() for way in ("up", "down"))
    box.setStyleSheet(
        "QSpinBox::up-button, QSpinBox::down-button { subcontrol-origin: border; width: 24px;"
        " border: none; background: transparent; }"
        "QSpinBox::up-button { subcontrol-position: top right; margin-top: 2px; }"
        "QSpinBox::down-button { subcontrol-position: bottom right; margin-bottom: 2px; }"
        f'QSpinBox::up-arrow {{ image: url("{up}"); width: 11px; height: 11px; }}'
        f'QSpinBox::down-arrow {{ image: url("{down}"); width: 11px; height: 11px; }}'
    )
    for edit in box.findChildren(QLineEdit):
        edit.setTextMargins(10, 0, 0, 0)  # the style sheet's padding does not reach it
    return box
