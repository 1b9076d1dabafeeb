"""One question before something that cannot be taken back, or is easily done by mistake."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialogButtonBox, QPushButton, QWidget

from s3gui.gui.fitted_dialog import FittedDialog
from s3gui.gui.form import plain_label
from s3gui.i18n import _

_WIDTH = 420


class Question(FittedDialog):
    """Does not block: `on_yes` is called on the one answer, nothing on the other.

    The safe answer is the default one, and that of Esc.
    """

    def __init__(
        self,
        parent: QWidget,
        question: str,
        explanation: str,
        *,
        yes: str,
        no: str = "",
        on_yes: Callable[[], None],
        is_danger: bool = False,
    ) -> None:
        super().__init__(question, _WIDTH, parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAccessibleDescription(explanation)
        heading = plain_label(question, wrap=True)
        heading.setProperty("heading", True)
        buttons = QDialogButtonBox()
        self.yes_button = QPushButton(yes)
        self.yes_button.setProperty("danger", is_danger)
        self.no_button = QPushButton(no or _("Cancel"))
        self.no_button.setDefault(True)
        self.yes_button.setAutoDefault(False)
        buttons.addButton(self.yes_button, QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(self.no_button, QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        self.accepted.connect(on_yes)
        self.column.addWidget(heading)
        self.column.addWidget(plain_label(explanation, wrap=True))
        self.column.addWidget(buttons)
        self.no_button.setFocus()


def ask(
    parent: QWidget,
    question: str,
    explanation: str,
    *,
    yes: str,
    no: str = "",
    on_yes: Callable[[], None],
    is_danger: bool = False,
) -> None:
    """Open a Question above `parent`; `is_danger` for what cannot be taken back."""
    dialog = Question(
        parent, question, explanation, yes=yes, no=no, on_yes=on_yes, is_danger=is_danger
    )
    dialog.open()
