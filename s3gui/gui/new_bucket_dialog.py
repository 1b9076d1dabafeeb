"""Makes a bucket."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from s3gui.core.errors import S3guiError
from s3gui.core.profile import Profile
from s3gui.engine.ports import ObjectStore
from s3gui.gui.background import Background
from s3gui.gui.bucket_name import new_bucket_name_problem
from s3gui.gui.form import FormDialog, error_sentences
from s3gui.i18n import _


class NewBucketDialog(FormDialog):
    """Stays open until the bucket is there, or the user gives up."""

    bucket_created = Signal(str)

    def __init__(
        self,
        background: Background,
        store: ObjectStore,
        profile: Profile,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(_("New bucket"), _("Create bucket"), parent)
        self._background = background
        self._store = store
        self.name = QLineEdit()
        self.name.setMaxLength(63)
        self.region = QLineEdit(profile.region or store.provider.default_region)
        self.acls = QComboBox()
        self.acls.addItem(_("Disabled (recommended)"), False)
        self.acls.addItem(_("Enabled"), True)
        self._name_field = self.form.add_field(_("&Name"), self.name, self._name_hint())
        self.form.add_field(
            _("&Region"), self.region, _("Where the data lies; it cannot be changed later.")
        )
        self._acls_field = self.form.add_field(_("&ACLs"), self.acls)
        self.name.textEdited.connect(self._check)
        self.acls.currentIndexChanged.connect(self._explain_acls)
        self._explain_acls()
        self._set_busy(busy=False)

    def accept(self) -> None:
        name = self.name.text()
        problem = new_bucket_name_problem(name)
        if problem:
            self._name_field.set_error(problem)
            self.name.setFocus()
            return
        region = self.region.text().strip() or None
        acls_enabled = bool(self.acls.currentData())
        self._set_busy(busy=True)
        self.message.set_hint(_("Creating the bucket…"))
        self._background.run(
            lambda: self._store.create_bucket(name, region=region, acls_enabled=acls_enabled),
            self._created,
            self._failed,
        )

    def _created(self, _nothing: None) -> None:
        super().accept()
        self.bucket_created.emit(self.name.text())

    def _failed(self, error: S3guiError) -> None:
        self._set_busy(busy=False)
        self.message.set_hint("")
        self.message.set_error(error_sentences(error))

    def _check(self) -> None:
        self.message.set_error("")
        self._name_field.set_error(
            new_bucket_name_problem(self.name.text()) if self.name.text() else ""
        )

    def _explain_acls(self) -> None:
        self._acls_field.set_hint(
            _("Each object may get an ACL of its own, which can make it public.")
            if self.acls.currentData()
            else _("The bucket's policy alone decides who may read its objects.")
        )

    def _set_busy(self, *, busy: bool) -> None:
        for widget in (self.form, self.accept_button):
            widget.setEnabled(not busy)

    @staticmethod
    def _name_hint() -> str:
        return _("3 to 63 characters: a to z, 0 to 9, hyphens; not taken by anyone else.")
