"""Goes to a prefix under which nothing lies yet."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from s3gui.core.errors import InputError
from s3gui.core.text import visible
from s3gui.core.transfer import Destination
from s3gui.gui.form import FormDialog
from s3gui.i18n import _, translated


class NewPrefixDialog(FormDialog):
    """Makes nothing on the service, because there is nothing to make, and says so."""

    destination_chosen = Signal(object)

    def __init__(self, place: Destination, parent: QWidget | None = None) -> None:
        super().__init__(_("New prefix"), _("Go there"), parent)
        self._place = place
        self.name = QLineEdit()
        self._field = self.form.add_field(_("&Prefix"), self.name)
        self.name.textEdited.connect(self._explain)
        self._explain("")

    def accept(self) -> None:
        try:
            destination = self._destination(self.name.text())
        except InputError as error:
            self._field.set_error(translated(error.message))
            self.name.setFocus()
            return
        super().accept()
        self.destination_chosen.emit(destination)

    def _destination(self, name: str) -> Destination:
        if not name.strip("/"):
            raise InputError(_("Type the prefix's name."))
        key = f"{self._place.key}{name.strip('/')}/"
        destination = Destination(self._place.bucket, key)
        destination.check()
        return destination

    def _explain(self, name: str) -> None:
        self._field.set_error("")
        place = self._place if not name.strip("/") else self._destination_or_place(name)
        self._field.set_hint(
            _(
                "S3 has no folders: the prefix appears as soon as something is uploaded to "
                "{destination}"
            ).format(destination=visible(str(place)))
        )

    def _destination_or_place(self, name: str) -> Destination:
        try:
            return self._destination(name)
        except InputError:
            return self._place
