"""What to do when a sign-in has expired."""

from __future__ import annotations

import os
import shlex
import shutil
from collections.abc import Sequence

from PySide6.QtCore import QProcess, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QWidget

from s3gui.core.profile import Profile
from s3gui.core.text import visible
from s3gui.gui.child_environment import process_environment
from s3gui.gui.form import FormDialog, plain_label
from s3gui.i18n import _


class SignInDialog(FormDialog):
    """`command` is empty where no command signs this connection in."""

    edit_wanted = Signal()

    def __init__(
        self, profile: Profile, command: Sequence[str], parent: QWidget | None = None
    ) -> None:
        super().__init__(_("Sign in again"), _("I have signed in: &go on"), parent)
        self._command = list(command)
        self._process: QProcess | None = None
        self.form.hide()
        name = visible(profile.name)
        heading = plain_label(
            _("The sign-in of “{name}” has expired.").format(name=name), wrap=True
        )
        heading.setProperty("heading", True)
        self.advice = plain_label(self._advice(), wrap=True)
        self.column.insertWidget(0, heading)
        self.column.insertWidget(1, self.advice)
        self.cancel_button.setText(_("Later"))
        self.command = QLineEdit(shlex.join(self._command))
        self.command.setReadOnly(True)
        self.command.setAccessibleName(_("Command"))
        self.copy_button = QPushButton(_("&Copy"))
        self.copy_button.setAutoDefault(False)
        self.copy_button.clicked.connect(self._copy)
        row = QHBoxLayout()
        row.addWidget(self.command, 1)
        row.addWidget(self.copy_button)
        self.column.insertLayout(2, row)
        for widget in (self.command, self.copy_button):
            widget.setVisible(bool(self._command))
        if self._command and shutil.which(self._command[0]):
            self.run_button = self.add_action(_("&Sign in with the browser"))
            self.run_button.clicked.connect(self.run)
        elif not self._command:
            self.edit_button = self.add_action(_("&Edit the connection…"))
            self.edit_button.clicked.connect(self._edit)

    def run(self) -> None:
        """Let the AWS command line do it; it opens the browser."""
        self.run_button.setEnabled(False)
        self.message.set_hint(_("The browser opens. Sign in there."))
        self._process = QProcess(self)
        self._process.setProcessEnvironment(process_environment(os.environ))
        self._process.finished.connect(self._finished)
        self._process.errorOccurred.connect(lambda _error: self._finished(1))
        self._process.start(self._command[0], self._command[1:])

    def reject(self) -> None:
        if self._process is not None:
            self._process.kill()
        super().reject()

    def _advice(self) -> str:
        if self._command:
            return _(
                "Nothing is lost: what was sent is kept, and goes on after you signed in, here "
                "or with this command."
            )
        return _(
            "Nothing is lost: what was sent is kept. Enter new keys for the connection, or renew "
            "them where they come from; then go on."
        )

    def _finished(self, code: int) -> None:
        if code == 0:
            self.accept()
            return
        self.run_button.setEnabled(True)
        self.message.set_error(_("The sign-in did not succeed. Try again, or use the command."))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.command.text())

    def _edit(self) -> None:
        super().reject()
        self.edit_wanted.emit()
