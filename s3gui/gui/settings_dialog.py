"""What the user can set; every change counts at once."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QWidget

from s3gui.core.settings import Appearance, Settings
from s3gui.gui.form import FormDialog, check_box
from s3gui.gui.transfer_text import format_count
from s3gui.i18n import _

_FILES = (1, 2, 3, 4, 6, 8, 12, 16)
_NEVER = 1_000_000_000
_WITHOUT_REVIEW = (0, 20, 100, 1_000, 10_000, _NEVER)
_PARTS = (1, 2, 4, 6, 8, 12, 16, 24, 32)


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
        self.files_at_once = _number(settings.files_at_once, _FILES)
        self.parts_at_once = _number(settings.parts_at_once, _PARTS)
        self.form.add_field(_("&Appearance"), self.appearance)
        self.form.add_field(
            _("&Files at once"), self.files_at_once, _("More help with many small files.")
        )
        self.form.add_field(
            _("&Parts at once"),
            self.parts_at_once,
            _("Of all files together. More help on fast lines."),
        )
        self.files_without_review = QComboBox()
        for files in sorted({settings.files_without_review, *_WITHOUT_REVIEW}):
            self.files_without_review.addItem(_review_text(files), files)
        chosen = self.files_without_review.findData(settings.files_without_review)
        self.files_without_review.setCurrentIndex(chosen)
        self.form.add_field(
            _("&Review before the start"),
            self.files_without_review,
            _("Other drops start at once. One that meets existing keys is always shown first."),
        )
        self.files_without_review.currentIndexChanged.connect(self._change)
        self.asks_for_releases = check_box(_("&Tell me when a newer release exists"))
        self.asks_for_releases.setChecked(settings.asks_for_releases)
        self.form.add_field(
            "",
            self.asks_for_releases,
            _("Asks the project once a start, and tells it nothing. s3gui never updates itself."),
        )
        self.asks_for_releases.toggled.connect(self._change)
        self.appearance.currentIndexChanged.connect(self._change)
        self.files_at_once.currentIndexChanged.connect(self._change)
        self.parts_at_once.currentIndexChanged.connect(self._change)

    def _change(self) -> None:
        self._settings = replace(
            self._settings,
            appearance=Appearance(self.appearance.currentData()),
            files_at_once=int(self.files_at_once.currentData()),
            parts_at_once=int(self.parts_at_once.currentData()),
            files_without_review=int(self.files_without_review.currentData()),
            asks_for_releases=self.asks_for_releases.isChecked(),
        )
        self.settings_changed.emit(self._settings)


def _review_text(files: int) -> str:
    if files == 0:
        return _("Every drop")
    if files >= _NEVER:
        return _("No drop")
    return _("Drops of more than {count} files").format(count=format_count(files))


def _number(value: int, offered: tuple[int, ...]) -> QComboBox:
    """A choice among sensible numbers; another one from the settings file is kept."""
    box = QComboBox()
    for number in sorted({value, *offered}):
        box.addItem(str(number), number)
    box.setCurrentIndex(box.findData(value))
    return box
