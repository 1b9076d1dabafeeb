"""Opens a bucket that is not in the list: many keys may use buckets that they may not list."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from s3gui.core.errors import InputError
from s3gui.gui.form import FormDialog
from s3gui.gui.typed_destination import read_prefix
from s3gui.i18n import _, translated


class OpenBucketDialog(FormDialog):
    destination_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("Open bucket by name"), _("Open"), parent)
        self.name = QLineEdit()
        self.name.setPlaceholderText("photos-2026, s3://photos-2026/november/")
        self._field = self.form.add_field(
            _("&Bucket"),
            self.name,
            _("For keys that may not list buckets. A prefix may follow the name."),
        )
        self.name.textEdited.connect(lambda: self._field.set_error(""))

    def accept(self) -> None:
        try:
            destination = read_prefix(self.name.text())
        except InputError as error:
            self._field.set_error(
                translated(error.message) if self.name.text() else _("Type a name.")
            )
            self.name.setFocus()
            return
        super().accept()
        self.destination_chosen.emit(destination)
