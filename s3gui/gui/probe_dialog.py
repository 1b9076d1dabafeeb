"""Asks where a service may be tried with small objects, tries it there, and says what it does."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from s3gui.core.errors import InputError, S3guiError
from s3gui.core.text import visible
from s3gui.core.transfer import Destination
from s3gui.engine.probe import ProbeReport
from s3gui.gui.background import Background
from s3gui.gui.form import FormDialog, error_sentences
from s3gui.i18n import _, translated

RunProbe = Callable[[Destination], ProbeReport]


class ProbeDialog(FormDialog):
    """Its accept button is the yes without which nothing is ever written."""

    learnt = Signal(object)
    """The ProbeReport; what it says is saved already."""

    def __init__(
        self,
        run_probe: RunProbe,
        background: Background,
        place: Destination | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(_("Try the service"), _("&Try it"), parent)
        self._run_probe = run_probe
        self._background = background
        self._is_done = False
        self.place = QLineEdit(str(place) if place is not None else "s3://")
        self._field = self.form.add_field(
            _("&Where"),
            self.place,
            _(
                "Some small objects named s3gui-probe-… are stored there, read back, compared and "
                "deleted. What the service is found to do is used from then on: its checksums, "
                "and whether it can be asked to overwrite nothing."
            ),
        )

    def accept(self) -> None:
        if self._is_done:
            super().accept()
            return
        self._field.set_error("")
        try:
            place = Destination.parse(self.place.text().strip())
        except InputError as error:
            self._field.set_error(translated(error.message))
            self.place.setFocus()
            return
        if not place.is_prefix:
            place = Destination(place.bucket, f"{place.key}/")
        self._set_busy(busy=True)
        self.message.set_hint(_("Trying…"))
        self._background.run(lambda: self._run_probe(place), self._show, self._fail)

    def _show(self, report: ProbeReport) -> None:
        self._set_busy(busy=False)
        self._is_done = True
        self.accept_button.setText(_("Close"))
        self.cancel_button.hide()
        self.place.setEnabled(False)
        self.message.set_hint("")
        problems = [visible(translated(each)) for each in report.problems]
        if report.left_behind:
            keys = visible(", ".join(report.left_behind))
            problems.append(
                _("These could not be proven gone; delete them: {keys}").format(keys=keys)
            )
        told = [*findings(report), *(visible(translated(each)) for each in report.notes)]
        if problems:
            self.message.set_error("\n".join([*problems, *told]))
        else:
            self.message.set_ok("\n".join(told))
        self.learnt.emit(report)

    def _fail(self, error: S3guiError) -> None:
        self._set_busy(busy=False)
        self.message.set_hint("")
        self.message.set_error(error_sentences(error))

    def _set_busy(self, *, busy: bool) -> None:
        for widget in (self.place, self.accept_button):
            widget.setEnabled(not busy)


def findings(report: ProbeReport) -> list[str]:
    """What a probe found, in sentences."""
    found = report.capabilities
    told = [_("The bytes came back as they were stored, and nothing of them is left.")]
    if report.problems or report.left_behind:
        told.clear()
    told.append(
        _("Checksums: {name} of every part and object.").format(name=found.checksum)
        if found.checksum
        else _("Checksums: MD5 only.")
    )
    told.append(
        _("The service itself refuses to overwrite.")
        if found.conditional_writes
        else _("Whether a key exists is looked at right before each upload: not atomic.")
    )
    told.append(
        _("It replaces only unchanged objects when asked.")
        if found.conditional_replaces
        else _("Whether an object changed is looked at right before it is replaced: not atomic.")
    )
    if found.acls is not None:
        told.append(_("It takes ACLs.") if found.acls else _("It takes no ACLs."))
    return told
