"""What stands where a list would be: loading, nothing there, or what went wrong."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from s3gui.core.errors import S3guiError
from s3gui.core.text import visible
from s3gui.gui.form import plain_label, set_style_property
from s3gui.i18n import _, translated


class Placeholder(QWidget):
    """A sentence, some advice below it, and the one button that may help."""

    def __init__(self, on_retry: Callable[[], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sentence = plain_label(wrap=True)
        self.advice = plain_label(muted=True, wrap=True)
        self.retry = QPushButton(_("Retry"))
        self.retry.setAccessibleName(_("Retry"))
        self.retry.clicked.connect(on_retry)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.setSpacing(6)
        layout.addStretch(1)
        for label in (self.sentence, self.advice):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            layout.addWidget(label)
        layout.addWidget(self.retry, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(2)
        self.say("")

    def say(self, sentence: str, advice: str = "") -> None:
        self._show(sentence, advice, is_error=False)

    def show_error(self, error: S3guiError) -> None:
        self._show(
            visible(translated(error.message)), visible(translated(error.advice)), is_error=True
        )

    def _show(self, sentence: str, advice: str, *, is_error: bool) -> None:
        self.sentence.setText(sentence)
        set_style_property(self.sentence, "error", is_error)
        set_style_property(self.sentence, "muted", not is_error)
        self.advice.setText(advice)
        self.advice.setVisible(bool(advice))
        self.retry.setVisible(is_error)
