"""Forms behind each other, and the pills that choose among them."""

from __future__ import annotations

from PySide6.QtCore import QObject, QSize
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from s3gui.gui.form import Field, Form

_LEAST_HEIGHT = 28
_ROUND_ENDS = 30


class FormPages(QObject):
    """`tabs` are the pills, in the order in which the pages were added."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.stack = QStackedWidget()
        self.tabs = QButtonGroup(self)
        self._row = QHBoxLayout()
        self._row.setSpacing(4)
        self._row.addStretch(1)
        self.tabs.idClicked.connect(self.stack.setCurrentIndex)

    def add_to(self, column: QVBoxLayout) -> None:
        """The pills above, the pages below."""
        column.insertLayout(0, self._row)
        column.insertWidget(1, self.stack, 1)

    def add(self, title: str, page: Form | None = None) -> Form:
        page = page or Form()
        number = self.stack.addWidget(page)
        tab = _Tab(title)
        self.tabs.addButton(tab, number)
        self._row.insertWidget(number, tab)
        if number == 0:
            tab.setChecked(True)
        return page

    def open(self, number: int) -> None:
        self.tabs.button(number).setChecked(True)
        self.stack.setCurrentIndex(number)

    def go_to(self, field: Field) -> None:
        """Show the page of `field`, and let typing begin there."""
        for number, page in enumerate(self.forms()):
            if field in page.fields:
                self.open(number)
        field.control.setFocus()

    def forms(self) -> list[Form]:
        pages = [self.stack.widget(number) for number in range(self.stack.count())]
        return [page for page in pages if isinstance(page, Form)]


class _Tab(QPushButton):
    """Qt does not know that a checked pill is bold, nor how high its round ends are."""

    def __init__(self, title: str) -> None:
        super().__init__(title)
        self.setProperty("pill", True)
        self.setCheckable(True)
        self.setAutoDefault(False)
        self.setAccessibleName(title.replace("&", ""))

    def sizeHint(self) -> QSize:
        bold = QFont(self.font())
        bold.setBold(True)
        width = QFontMetrics(bold).horizontalAdvance(self.text()) + _ROUND_ENDS
        return super().sizeHint().expandedTo(QSize(width, _LEAST_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()
