"""How objects are stored: what happens to existing ones, storage, headers, metadata, tags."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from s3gui.core.errors import InputError
from s3gui.core.provider import MIB, Provider
from s3gui.core.text import visible
from s3gui.core.transfer import ConflictRule, UploadOptions
from s3gui.gui.form import Field, Form, FormDialog, check_box
from s3gui.gui.form_pages import FormPages
from s3gui.gui.option_rules import (
    read_content_type,
    read_header,
    read_metadata,
    read_part_size,
    read_storage_class,
    read_tags,
)
from s3gui.gui.options_text import conflict_titles
from s3gui.gui.pair_list import PairList
from s3gui.gui.storage_class import storage_class_title, storage_classes
from s3gui.i18n import _, translated

T = TypeVar("T")
_COMMON_TYPES = (
    "application/json",
    "application/octet-stream",
    "application/pdf",
    "image/jpeg",
    "image/png",
    "text/css; charset=utf-8",
    "text/html; charset=utf-8",
    "text/plain; charset=utf-8",
    "video/mp4",
)


class UploadOptionsDialog(FormDialog):
    """Everything but the access, which has a box of its own in the window."""

    options_chosen = Signal(object)
    may_grow = True

    def __init__(
        self, options: UploadOptions, provider: Provider, parent: QWidget | None = None
    ) -> None:
        super().__init__(_("Upload options"), _("Use these options"), parent)
        self._provider = provider
        self._options = options
        self._wrong: list[Field] = []
        self.pages = FormPages(self)
        self._build_storage(self.pages.add(_("&Storage")))
        self._build_headers(self.pages.add(_("&Headers")))
        self._build_metadata(self.pages.add(_("&Metadata")))
        self._build_tags(self.pages.add(_("&Tags")))
        self.form.hide()
        self.pages.add_to(self.column)
        self.reset_button = self.add_action(_("R&eset"))
        self.reset_button.clicked.connect(lambda: self._show(UploadOptions()))
        self.encryption.currentIndexChanged.connect(self._show_kms_key)
        self._show(options)
        self.on_conflict.setFocus()

    def accept(self) -> None:
        options = self._read()
        if options is None or not self._keep(options):
            return
        super().accept()
        self.options_chosen.emit(options)

    def _keep(self, options: UploadOptions) -> bool:  # noqa: ARG002
        """Where there is more to read than options; False keeps the dialog open."""
        return True

    def _build_storage(self, page: Form) -> None:
        self.on_conflict = QComboBox()
        for rule, title in conflict_titles().items():
            self.on_conflict.addItem(title, rule)
        hint = (
            ""
            if self._provider.conditional_writes
            else _("Checked before each upload; this service cannot check it while it stores.")
        )
        page.add_field(_("If the &key exists"), self.on_conflict, hint)
        self.storage_class = _typing_box(_("The service's default"))
        for name in self._provider.storage_classes or storage_classes():
            self.storage_class.addItem(storage_class_title(name), name)
        self._storage_class_field = page.add_field(_("Storage &class"), self.storage_class)
        self.encryption = QComboBox()
        self.encryption.addItem(_("The bucket's default"), None)
        self.encryption.addItem(_("SSE-S3: keys of the service"), "AES256")
        self.encryption.addItem(_("SSE-KMS: keys of AWS KMS"), "aws:kms")
        page.add_field(_("E&ncryption"), self.encryption)
        self.kms_key_id = QLineEdit()
        self._kms_field = page.add_field(
            _("KMS key &id"), self.kms_key_id, _("Empty: the account's own key for S3.")
        )
        self.part_size = QLineEdit()
        self.part_size.setPlaceholderText(_("Automatic"))
        self._part_size_field = page.add_field(
            _("&Part size in MiB"), self.part_size, _("Large files are sent in parts of this size.")
        )
        self.marks_empty_folders = check_box(_("Store an empty object for each empty &folder"))
        page.add_field(
            _("Empty folders"),
            self.marks_empty_folders,
            _("S3 has no folders; without this, empty ones are left out."),
        )
        page.add_stretch()

    def _build_headers(self, page: Form) -> None:
        self.content_type = _typing_box(_("By the file's extension"))
        self.content_type.addItems(list(_COMMON_TYPES))
        self._content_type_field = page.add_field(_("C&ontent type"), self.content_type)
        self.cache_control = QLineEdit()
        self.cache_control.setPlaceholderText("max-age=86400")
        self._cache_control_field = page.add_field(_("C&ache-Control"), self.cache_control)
        self.content_disposition = QLineEdit()
        self.content_disposition.setPlaceholderText("attachment")
        self._content_disposition_field = page.add_field(
            _("Content-&Disposition"),
            self.content_disposition,
            _("“attachment” makes browsers save the object instead of showing it."),
        )
        self.content_encoding = QLineEdit()
        self.content_encoding.setPlaceholderText("gzip")
        self._content_encoding_field = page.add_field(
            _("Content-E&ncoding"),
            self.content_encoding,
            _("Only for files that are compressed already; nothing is compressed here."),
        )
        page.add_stretch()

    def _build_metadata(self, page: Form) -> None:
        self.metadata = PairList(_("Metadata"))
        self._metadata_field = page.add_block(
            self.metadata, _("Kept with each object as x-amz-meta-NAME headers.")
        )

    def _build_tags(self, page: Form) -> None:
        self.tags = PairList(_("Tags"))
        self._tags_field = page.add_block(
            self.tags, _("Labels for lifecycle rules and bills; they can be changed later.")
        )

    def _show(self, options: UploadOptions) -> None:
        self._options = options
        for page in self.pages.forms():
            page.clear_errors()
        self.on_conflict.setCurrentIndex(self.on_conflict.findData(options.on_conflict))
        self.storage_class.setCurrentIndex(self.storage_class.findData(options.storage_class))
        if self.storage_class.currentIndex() < 0:
            self.storage_class.setEditText(options.storage_class or "")
        self.encryption.setCurrentIndex(max(0, self.encryption.findData(options.encryption)))
        self.kms_key_id.setText(options.kms_key_id or "")
        part_size = options.part_size
        self.part_size.setText("" if part_size is None else str(part_size // MIB))
        self.marks_empty_folders.setChecked(options.marks_empty_folders)
        self.content_type.setCurrentIndex(-1)
        self.content_type.setEditText(options.content_type or "")
        self.cache_control.setText(options.cache_control or "")
        self.content_disposition.setText(options.content_disposition or "")
        self.content_encoding.setText(options.content_encoding or "")
        self.metadata.set_pairs(options.metadata)
        self.tags.set_pairs(options.tags)
        self._show_kms_key()

    def _read(self) -> UploadOptions | None:
        self._wrong.clear()
        encryption = self.encryption.currentData()
        options = UploadOptions(
            on_conflict=ConflictRule(self.on_conflict.currentData()),
            storage_class=self._try(self._storage_class_field, self._read_storage_class),
            encryption=encryption,
            kms_key_id=self._try(self._kms_field, lambda: read_header(self.kms_key_id.text()))
            if encryption == "aws:kms"
            else None,
            part_size=self._try(self._part_size_field, self._read_part_size),
            marks_empty_folders=self.marks_empty_folders.isChecked(),
            content_type=self._try(
                self._content_type_field,
                lambda: read_content_type(self.content_type.currentText()),
            ),
            cache_control=self._header(self._cache_control_field, self.cache_control),
            content_disposition=self._header(
                self._content_disposition_field, self.content_disposition
            ),
            content_encoding=self._header(self._content_encoding_field, self.content_encoding),
            metadata=self._try(self._metadata_field, lambda: read_metadata(self.metadata.pairs()))
            or (),
            tags=self._try(self._tags_field, lambda: read_tags(self.tags.pairs())) or (),
        )
        if self._wrong:
            self.pages.go_to(self._wrong[0])
            return None
        return options

    def _read_storage_class(self) -> str | None:
        typed = self.storage_class.currentText().strip()
        chosen = self.storage_class.findText(typed) if typed else -1
        return read_storage_class(self.storage_class.itemData(chosen) if chosen >= 0 else typed)

    def _read_part_size(self) -> int | None:
        part_size = self._options.part_size
        if part_size is not None and self.part_size.text() == str(part_size // MIB):
            return part_size  # it may be no whole number of MiB
        return read_part_size(self.part_size.text(), self._provider.limits)

    def _header(self, field: Field, edit: QLineEdit) -> str | None:
        return self._try(field, lambda: read_header(edit.text()))

    def _try(self, field: Field, read: Callable[[], T]) -> T | None:
        field.set_error("")
        try:
            return read()
        except InputError as error:
            field.set_error(visible(translated(error.message)))
            self._wrong.append(field)
            return None

    def _show_kms_key(self) -> None:
        self._kms_field.set_visible(visible=self.encryption.currentData() == "aws:kms")


def _typing_box(placeholder: str) -> QComboBox:
    """A drop-down that takes any text."""
    box, edit = QComboBox(), QLineEdit()
    edit.setPlaceholderText(placeholder)
    edit.setStyleSheet("border: none; padding: 0; background: transparent;")
    box.setEditable(True)
    box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
    box.setLineEdit(edit)
    return box
