"""Looks for transfers by a part of their key."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QToolButton, QWidget

from s3gui.gui.icons import icon
from s3gui.gui.theme import Theme
from s3gui.i18n import _

_PAUSE_MILLISECONDS = 200
"""While somebody types, a million keys are not looked through for each letter."""


class TransferSearch(QWidget):
    """A field that comes with its button, or with Ctrl+Shift+F, and goes with Esc."""

    text_changed = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._told = ""
        self.button = QToolButton()
        self.button.setProperty("flat", True)
        self.button.setAccessibleName(_("Search the transfers"))
        self.button.setToolTip(_("Search the transfers (Ctrl+Shift+F)"))
        self.button.setIconSize(QSize(18, 18))
        self.button.setCheckable(True)
        self.button.toggled.connect(self._toggle)
        self.field = QLineEdit()
        self.field.setPlaceholderText(_("Part of a name or prefix…"))
        self.field.setAccessibleName(_("Search the transfers"))
        self.field.setClearButtonEnabled(True)
        self.field.installEventFilter(self)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MILLISECONDS)
        self._pause.timeout.connect(self._tell)
        self.field.textChanged.connect(self._wait)
        self.field.returnPressed.connect(self._tell)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.field)
        theme.changed.connect(self._tint)
        self._tint()
        self.hide()

    def open(self) -> None:
        self.button.setChecked(True)
        self.field.setFocus()
        self.field.selectAll()

    def dismiss(self) -> None:
        self.button.setChecked(False)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            if event.type() is QEvent.Type.KeyPress:
                self.dismiss()
            return True
        return super().eventFilter(watched, event)

    def _toggle(self, is_open: bool) -> None:  # noqa: FBT001  (as Qt)
        self.setVisible(is_open)
        if is_open:
            self.field.setFocus()
        else:
            self.field.clear()
            self._tell()

    def _wait(self, _text: str) -> None:
        self._pause.start()

    def _tell(self) -> None:
        self._pause.stop()
        text = self.field.text().strip()
        if text != self._told:
            self._told = text
            self.text_changed.emit(text)

    def _tint(self) -> None:
        self.button.setIcon(icon("search", self._theme.palette.muted))
