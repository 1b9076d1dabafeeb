"""Dialogs made of fields: a label, its control, and one sentence below it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QCheckBox,
    QDialogButtonBox,
    QGridLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QWidget,
)

from s3gui.core.errors import S3guiError
from s3gui.core.text import joined, visible
from s3gui.gui.fitted_dialog import FittedDialog
from s3gui.gui.tab_order import come_before
from s3gui.i18n import _, translated

_WIDTH = 520
_GAP = 10
_NUMBER_MARGIN = 9


def plain_label(text: str = "", *, muted: bool = False, wrap: bool = False) -> QLabel:
    """A label that shows its text as it is, whatever was written into it."""
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setText(text)
    label.setWordWrap(wrap)
    label.setProperty("muted", muted)
    return label


def check_box(text: str) -> QCheckBox:
    """Called by its text also where a mnemonic is marked in it."""
    box = QCheckBox(text)
    box.setAccessibleName(text.replace("&", ""))
    return box


def give_margins(box: QAbstractSpinBox) -> None:
    """To the number: Qt heeds no padding of the style sheet at its sides."""
    box.lineEdit().setTextMargins(_NUMBER_MARGIN, 0, _NUMBER_MARGIN, 0)


def error_sentences(error: S3guiError) -> str:
    """What went wrong, and what to do about it."""
    message, advice = visible(translated(error.message)), visible(translated(error.advice))
    return joined(message, advice) or message


def set_style_property(widget: QWidget, name: str, value: bool) -> None:  # noqa: FBT001  (as Qt)
    """Change a property that the style sheet asks for, and paint the widget accordingly."""
    if widget.property(name) == value:
        return
    widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)


class Note(QLabel):
    """One sentence: muted while it advises, in the colour of errors when it refuses."""

    def __init__(self, hint: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setProperty("muted", True)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self._hint = hint
        self.is_error = False
        self.setText(hint)
        if not hint:
            self.hide()

    def set_hint(self, hint: str) -> None:
        self._hint = hint
        if not self.is_error:
            self._show(hint, "muted")

    def set_error(self, sentence: str) -> None:
        """Show what is wrong; the empty text brings the hint back."""
        self._show(sentence or self._hint, "error" if sentence else "muted")

    def set_ok(self, sentence: str) -> None:
        """Show that something went well."""
        self._show(sentence, "ok")

    def _show(self, text: str, tone: str) -> None:
        self.is_error = tone == "error"
        self.setText(text)
        self.setVisible(bool(text))
        for each in ("error", "muted", "ok"):
            set_style_property(self, each, each == tone)


class Field:
    """A labelled control of a form, with the note below it."""

    def __init__(
        self, label: QLabel, control: QWidget, note: Note, set_gap: Callable[[int], None]
    ) -> None:
        self.label = label
        self.control = control
        self.note = note
        self._set_gap = set_gap
        self._is_shown = True
        self._set_gap(_GAP)
        self._update_note()

    def set_error(self, sentence: str) -> None:
        self.note.set_error(sentence)
        self._update_note()

    def set_hint(self, hint: str) -> None:
        self.note.set_hint(hint)
        self._update_note()

    def set_visible(self, *, visible: bool) -> None:
        self._is_shown = visible
        self.label.setVisible(visible)
        self.control.setVisible(visible)
        self._set_gap(_GAP if visible else 0)
        self._update_note()

    def _update_note(self) -> None:
        self.note.setVisible(self._is_shown and bool(self.note.text()))
        self.control.setAccessibleDescription(self.note.text())


class Form(QWidget):
    """Fields below each other, their labels in one column."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(14)
        self._grid.setVerticalSpacing(0)
        self._grid.setColumnStretch(1, 1)
        self.fields: list[Field] = []

    def add_field(self, text: str, control: QWidget, hint: str = "") -> Field:
        """Add a row; `text` may hold a mnemonic and names the control for screen readers."""
        label = plain_label(text)
        label.setBuddy(control)
        label.setMinimumHeight(control.sizeHint().height())
        control.setAccessibleName(control.accessibleName() or text.replace("&", "").rstrip(":…"))
        row = self._grid.rowCount()
        note = Note(hint, self)
        note.setContentsMargins(2, 3, 0, 0)
        self._grid.addWidget(label, row, 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(control, row, 1)
        self._grid.addWidget(note, row + 1, 1)
        return self._add(Field(label, control, note, self._gap_below(row + 1)))

    def add_block(self, control: QWidget, hint: str = "") -> Field:
        """Add a control over both columns that takes all the height there is."""
        label, note = QLabel(self), Note(hint, self)
        label.hide()
        row = self._grid.rowCount()
        self._grid.addWidget(note, row, 0, 1, 2)
        self._grid.addWidget(control, row + 2, 0, 1, 2)
        self._grid.setRowStretch(row + 2, 1)
        return self._add(Field(label, control, note, self._gap_below(row)))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange:
            QTimer.singleShot(0, self, self._align_labels)  # the controls hear of it after this

    def _align_labels(self) -> None:
        """A label is as high as its control, and so beside its text."""
        for field in self.fields:
            if not field.label.isHidden():
                field.label.setMinimumHeight(field.control.sizeHint().height())

    def add_stretch(self) -> None:
        """Keep the rows together at the top."""
        self._grid.setRowStretch(self._grid.rowCount(), 1)

    def clear_errors(self) -> None:
        for field in self.fields:
            field.set_error("")

    def _add(self, field: Field) -> Field:
        self.fields.append(field)
        return field

    def _gap_below(self, row: int) -> Callable[[int], None]:
        return partial(self._grid.setRowMinimumHeight, row + 1)


class FormDialog(FittedDialog):
    """A form, one line that says what goes on, and the buttons."""

    def __init__(
        self,
        title: str,
        accept_text: str,
        parent: QWidget | None = None,
        *,
        form: Form | None = None,
    ) -> None:
        super().__init__(title, _WIDTH, parent)
        self.form = form or Form()
        self.message = Note(parent=self)
        self.buttons = QDialogButtonBox()
        self.accept_button = self._add_button(accept_text, QDialogButtonBox.ButtonRole.AcceptRole)
        self.accept_button.setProperty("primary", True)
        self.accept_button.setDefault(True)
        self.cancel_button = self._add_button(_("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self.column.addWidget(self.form, 1)
        self.column.addWidget(self.message)
        self.column.addWidget(self.buttons)

    def add_action(self, text: str) -> QPushButton:
        """A further button, on the left, that does not close the dialog."""
        button = self._add_button(text, QDialogButtonBox.ButtonRole.ResetRole)
        button.setAutoDefault(False)
        come_before(self.accept_button, [button])
        return button

    def showEvent(self, event: QShowEvent) -> None:
        """Typing can begin at once: Qt would begin with the buttons, which were there first."""
        super().showEvent(event)
        for field in self.form.fields:
            if field.control.isVisibleTo(self) and not event.spontaneous():
                field.control.setFocus()
                break

    def _add_button(self, text: str, role: QDialogButtonBox.ButtonRole) -> QPushButton:
        button: QPushButton = self.buttons.addButton(text, role)
        button.setAccessibleName(text.replace("&", "").rstrip("…"))
        return button
