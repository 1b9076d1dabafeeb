"""Asks how a folder is to be sent as one archive, and what it is to be called."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from s3gui.core.archive import ARCHIVE_KINDS, SourceKind
from s3gui.core.errors import InputError
from s3gui.core.text import visible
from s3gui.core.transfer import Destination
from s3gui.engine.archive_members import archive_name
from s3gui.gui.form import FormDialog
from s3gui.i18n import _, translated


class ArchiveDialog(FormDialog):
    """`place` is the prefix that the archive goes to."""

    archive_chosen = Signal(object, object)
    """The Destination, with its whole key, and the SourceKind."""

    def __init__(self, folder: Path, place: Destination, parent: QWidget | None = None) -> None:
        super().__init__(_("Add folder as archive"), _("Upload"), parent)
        self._place = place
        self.kind = QComboBox()
        for kind, title in _titles().items():
            self.kind.addItem(title, kind)
        self.name = QLineEdit(f"{archive_name(folder)}.{SourceKind.TAR.value}")
        self._ending = f".{SourceKind.TAR.value}"
        self._kind_field = self.form.add_field(_("&Format"), self.kind)
        self._name_field = self.form.add_field(_("&Name"), self.name)
        self.message.set_hint(
            _(
                "“{folder}” is read while it is sent: no temporary file is made. After a pause the "
                "archive starts anew."
            ).format(folder=visible(str(folder)))
        )
        self.kind.currentIndexChanged.connect(self._change_kind)
        self.name.textEdited.connect(self._explain)
        self._change_kind()

    def accept(self) -> None:
        try:
            destination = self._destination()
        except InputError as error:
            self._name_field.set_error(visible(translated(error.message)))
            self.name.setFocus()
            return
        super().accept()
        self.archive_chosen.emit(destination, self._chosen())

    def _chosen(self) -> SourceKind:
        return SourceKind(self.kind.currentData())

    def _destination(self) -> Destination:
        name = self.name.text()
        if not name.strip("/") or name.endswith("/"):
            raise InputError(_("Type the archive's name."))
        destination = Destination(self._place.bucket, self._place.key + name)
        destination.check()
        return destination

    def _change_kind(self) -> None:
        """The ending follows the format, unless somebody typed one of their own."""
        kind = self._chosen()
        name, ending = self.name.text(), f".{kind.value}"
        if name.endswith(self._ending):
            self.name.setText(name.removesuffix(self._ending) + ending)
            self._ending = ending
        self._kind_field.set_hint(_hints()[kind])
        self._explain()

    def _explain(self) -> None:
        self._name_field.set_error("")
        place = f"s3://{self._place.bucket}/{self._place.key}{self.name.text()}"
        self._name_field.set_hint(visible(place))


def _titles() -> dict[SourceKind, str]:
    titles = (_("tar"), _("tar.gz, compressed"), _("zip, compressed"))
    return dict(zip(ARCHIVE_KINDS, titles, strict=True))


def _hints() -> dict[SourceKind, str]:
    return {
        SourceKind.TAR: _("Keeps every name. Best for what is compressed already, and fastest."),
        SourceKind.TAR_GZ: _("Keeps every name. Smaller, and takes more of the processor."),
        SourceKind.ZIP: _("Opens everywhere. Takes no names that are not Unicode."),
    }
