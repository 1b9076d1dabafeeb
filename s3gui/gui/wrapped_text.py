"""Paths and ids, which have no blanks: broken wherever the line ends, and copied whole."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import (
    QContextMenuEvent,
    QGuiApplication,
    QPainter,
    QPaintEvent,
    QPalette,
    QStaticText,
    QTextOption,
)
from PySide6.QtWidgets import QMenu, QSizePolicy, QWidget

from s3gui.core.text import visible
from s3gui.i18n import _

_LINE_SEPARATOR = "\u2028"
"""What a QStaticText breaks a line at; it passes over a newline as if it were not there."""


class WrappedText(QWidget):
    """A label can only break lines at blanks, and would otherwise be as wide as its text."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = ""
        self._shown = ""
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    @property
    def text(self) -> str:
        return self._text

    def set_text(self, text: str) -> None:
        if text == self._text:
            return
        self._text = text
        self._shown = "\n".join(visible(line) for line in text.split("\n"))
        self.setAccessibleName(self._shown)
        self.updateGeometry()
        self.update()

    def heightForWidth(self, width: int) -> int:
        return round(self._laid_out(max(20, width)).size().height()) + 1

    def sizeHint(self) -> QSize:
        return QSize(160, self.heightForWidth(160))

    def minimumSizeHint(self) -> QSize:
        return QSize(40, self.fontMetrics().height())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter = QPainter(self)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        painter.drawStaticText(0, 0, self._laid_out(self.width()))
        painter.end()

    def _laid_out(self, width: int) -> QStaticText:
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        text = QStaticText(self._shown.replace("\n", _LINE_SEPARATOR))
        text.setTextFormat(Qt.TextFormat.PlainText)
        text.setTextOption(option)
        text.setTextWidth(width)
        text.prepare(font=self.font())
        return text

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(_("Copy"), lambda: QGuiApplication.clipboard().setText(self._text))
        menu.popup(event.globalPos())
