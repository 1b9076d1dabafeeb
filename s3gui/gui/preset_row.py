"""Options under a name: chosen, saved and removed at the top of the options dialog."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QPushButton, QWidget

from s3gui.core.preferences import Preset
from s3gui.core.text import visible
from s3gui.core.transfer import UploadOptions
from s3gui.gui.form import FormDialog, plain_label
from s3gui.gui.kept_preferences import KeptPreferences
from s3gui.i18n import _


class PresetRow(QWidget):
    chosen = Signal(object)
    """The UploadOptions of a preset."""

    def __init__(
        self,
        preferences: KeptPreferences,
        read: Callable[[], UploadOptions | None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._preferences = preferences
        self._read = read
        self.box = QComboBox()
        self.box.setAccessibleName(_("Preset"))
        label = plain_label(_("P&reset"), muted=True)
        label.setBuddy(self.box)
        self.save_button = QPushButton(_("Sa&ve as…"))
        self.save_button.setAccessibleName(_("Save as a preset"))
        self.remove_button = QPushButton(_("Remove"))
        self.remove_button.setAccessibleName(_("Remove the preset"))
        for button in (self.save_button, self.remove_button):
            button.setAutoDefault(False)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(label)
        row.addWidget(self.box, 1)
        row.addWidget(self.save_button)
        row.addWidget(self.remove_button)
        self.box.activated.connect(self._choose)
        self.save_button.clicked.connect(self.save_as)
        self.remove_button.clicked.connect(self.remove)
        preferences.changed.connect(self._fill)
        self._fill()

    def show_options(self, options: UploadOptions) -> None:
        """Select the preset that is like `options`, if there is one."""
        names = [each.name for each in self._preferences.value.presets if each.options == options]
        self._select(names[0] if names else "")

    def save_as(self) -> None:
        options = self._read()
        if options is None:
            return
        dialog = PresetNameDialog(str(self.box.currentData() or ""), self)
        dialog.name_chosen.connect(lambda name: self._save(name, options))
        dialog.open()

    def remove(self) -> None:
        name = str(self.box.currentData() or "")
        self._preferences.change(self._preferences.value.without_preset(name))

    def _save(self, name: str, options: UploadOptions) -> None:
        self._preferences.change(self._preferences.value.with_preset(Preset(name, options)))
        self._select(name)

    def _choose(self) -> None:
        name = self.box.currentData()
        for preset in self._preferences.value.presets:
            if preset.name == name:
                self.chosen.emit(preset.options)
        self.remove_button.setEnabled(bool(name))

    def _fill(self) -> None:
        name = str(self.box.currentData() or "")
        self.box.clear()
        self.box.addItem(_("None"), "")
        for preset in self._preferences.value.presets:
            self.box.addItem(visible(preset.name), preset.name)
        self._select(name)

    def _select(self, name: str) -> None:
        self.box.setCurrentIndex(max(0, self.box.findData(name)))
        self.remove_button.setEnabled(self.box.currentIndex() > 0)


class PresetNameDialog(FormDialog):
    name_chosen = Signal(str)

    def __init__(self, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(_("Save as a preset"), _("Save"), parent)
        self.name = QLineEdit(name)
        self.name.setMaxLength(60)
        self._field = self.form.add_field(
            _("&Name"), self.name, _("A preset of the same name is replaced.")
        )

    def accept(self) -> None:
        name = self.name.text().strip()
        if not name:
            self._field.set_error(_("Type a name."))
            return
        super().accept()
        self.name_chosen.emit(name)
