"""Asks for the code of an MFA device: wanted in a worker, typed in the window."""

from __future__ import annotations

import threading
from concurrent.futures import CancelledError, Future

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from s3gui.core.errors import CredentialsMissing
from s3gui.core.text import visible
from s3gui.gui.crossing import Crossing
from s3gui.gui.form import FormDialog
from s3gui.i18n import _


class CodePrompt(QObject):
    """One question at a time; a worker that waits for the answer is let go at the end."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._turn = threading.Lock()
        self._lock = threading.Lock()
        self._open: Future[str] | None = None
        self._is_over = False
        self._questions = Crossing(self._show)

    def ask(self, prompt: str) -> str:
        """From any thread but the GUI's; waits. Raises CredentialsMissing without an answer."""
        with self._turn:
            answer: Future[str] = Future()
            with self._lock:
                if self._is_over:
                    answer.cancel()
                self._open = answer
            self._questions.send((prompt, answer))
            try:
                return answer.result()
            except CancelledError:
                raise CredentialsMissing(
                    _("The AWS profile needs an MFA code, and none was entered."),
                    hint=_("Connect again to be asked again."),
                ) from None

    def close(self) -> None:
        """Nobody answers any more."""
        with self._lock:
            self._is_over = True
            if self._open is not None:
                self._open.cancel()

    def _show(self, question: tuple[str, Future[str]]) -> None:
        prompt, answer = question
        if answer.cancelled():
            return
        dialog = CodeDialog(prompt, self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.code_typed.connect(answer.set_result)
        dialog.rejected.connect(lambda: answer.cancel())  # noqa: PLW0108  Qt wants no bool back
        dialog.open()


class CodeDialog(FormDialog):
    code_typed = Signal(str)

    def __init__(self, prompt: str, parent: QWidget | None = None) -> None:
        super().__init__(_("MFA code"), _("Sign in"), parent)
        self.code = QLineEdit()
        self.code.setMaxLength(12)
        self.code.setInputMethodHints(Qt.InputMethodHint.ImhDigitsOnly)
        said = visible(prompt.strip().rstrip(":"))
        self._field = self.form.add_field(_("&Code"), self.code, said)

    def accept(self) -> None:
        code = self.code.text().replace(" ", "")
        if not (code.isascii() and code.isdigit()):
            self._field.set_error(_("The code is the number that the device shows."))
            return
        super().accept()
        self.code_typed.emit(code)
