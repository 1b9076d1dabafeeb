"""Asks what becomes of transfers that are under way when the window is closed."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialogButtonBox, QPushButton, QWidget

from s3gui.core.settings import OnClosing
from s3gui.gui.fitted_dialog import FittedDialog
from s3gui.gui.form import Note, check_box, plain_label
from s3gui.i18n import _

_WIDTH = 480


class CloseDialog(FittedDialog):
    """Esc changes nothing. `can_hide`: there is a tray that brings the window back."""

    chosen = Signal(object, bool)
    """What is to be done (OnClosing), and whether it is to be done from now on without asking."""

    def __init__(self, parent: QWidget | None, *, can_hide: bool) -> None:
        super().__init__(_("Transfers are still running."), _WIDTH, parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        heading = plain_label(_("Transfers are still running."), wrap=True)
        heading.setProperty("heading", True)
        explanation = _(
            "What is paused goes on where it was when s3gui starts again; an archive starts anew."
        )
        self.setAccessibleDescription(explanation)
        self.hide_button = QPushButton(_("Keep uploading in the tray"))
        self.hide_button.setProperty("primary", can_hide)
        self.pause_button = QPushButton(_("Pause and quit"))
        self.cancel_button = QPushButton(_("Cancel"))
        self.remember = check_box(_("&Remember my choice"))
        self.reason = Note(
            "" if can_hide else _("This desktop has no tray that could bring the window back.")
        )
        self.hide_button.setEnabled(can_hide)
        self.hide_button.setAccessibleDescription(self.reason.text())
        self.hide_button.setToolTip(self.reason.text())
        self.hide_button.clicked.connect(lambda: self._choose(OnClosing.TRAY))
        self.pause_button.clicked.connect(lambda: self._choose(OnClosing.PAUSE))
        self.cancel_button.clicked.connect(self.reject)
        buttons = QDialogButtonBox()
        roles = QDialogButtonBox.ButtonRole
        buttons.addButton(self.hide_button, roles.AcceptRole)
        buttons.addButton(self.pause_button, roles.AcceptRole)
        buttons.addButton(self.cancel_button, roles.RejectRole)
        self.column.addWidget(heading)
        self.column.addWidget(plain_label(explanation, wrap=True))
        self.column.addWidget(self.reason)
        self.column.addWidget(self.remember)
        self.column.addWidget(buttons)
        first = self.hide_button if can_hide else self.cancel_button
        self.pause_button.setAutoDefault(False)
        first.setDefault(True)
        first.setFocus()

    def _choose(self, choice: OnClosing) -> None:
        self.chosen.emit(choice, self.remember.isChecked())
        self.accept()
