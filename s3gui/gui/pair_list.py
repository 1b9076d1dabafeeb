"""Names and their values, a row for each: metadata, tags."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from s3gui.gui.tab_order import come_before
from s3gui.i18n import _

Pair = tuple[str, str]
_ROWS_IN_SIGHT = 5


class PairList(QWidget):
    """Rows that were left empty do not count."""

    def __init__(
        self, name: str, parent: QWidget | None = None, *, placeholders: Pair | None = None
    ) -> None:
        super().__init__(parent)
        self._placeholders = placeholders or (_("Name"), _("Value"))
        self.setAccessibleName(name)
        self._is_growing = False
        self._rows: list[tuple[QLineEdit, QLineEdit, QToolButton]] = []
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 6, 0)
        self._grid.setSpacing(6)
        self._grid.setColumnStretch(0, 2)
        self._grid.setColumnStretch(1, 3)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(2, 2, 2, 2)
        column.addLayout(self._grid)
        column.addStretch(1)
        self._area = QScrollArea()
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setWidgetResizable(True)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # its rows are what the keys go to
        self._area.setWidget(inside)
        self._area.viewport().setAutoFillBackground(False)
        inside.setAutoFillBackground(False)
        self._area.verticalScrollBar().rangeChanged.connect(self._show_last_row)
        self.add_button = QPushButton(_("Add a ro&w"))
        self.add_button.setAutoDefault(False)
        self.add_button.clicked.connect(self._add_and_go_there)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self._area, 1)
        layout.addWidget(self.add_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.set_pairs(())
        row_height = self._rows[0][0].sizeHint().height() + self._grid.spacing()
        self._area.setMinimumHeight(_ROWS_IN_SIGHT * row_height)
        self._area.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)

    def pairs(self) -> list[Pair]:
        typed = [(name.text(), value.text()) for name, value, _remove in self._rows]
        return [pair for pair in typed if any(text.strip() for text in pair)]

    def set_pairs(self, pairs: Iterable[Pair]) -> None:
        for row in list(self._rows):
            self._remove(row)
        for name, value in [*pairs, ("", "")]:
            self._add(name, value)

    def _add(self, name: str, value: str) -> None:
        name_edit, value_edit = QLineEdit(name), QLineEdit(value)
        name_edit.setPlaceholderText(self._placeholders[0])
        value_edit.setPlaceholderText(self._placeholders[1])
        remove = QToolButton()
        remove.setText("✕")
        remove.setProperty("flat", True)
        remove.setToolTip(_("Remove this row"))
        row = (name_edit, value_edit, remove)
        remove.clicked.connect(lambda: self._remove(row))
        number = self._grid.rowCount()
        for column, widget in enumerate(row):
            self._grid.addWidget(widget, number, column)
        come_before(self.add_button, row)
        self._rows.append(row)
        self._name_rows()

    def _add_and_go_there(self) -> None:
        self._add("", "")
        self._rows[-1][0].setFocus()
        self._is_growing = True

    def _show_last_row(self, _lowest: int, highest: int) -> None:
        if self._is_growing:
            self._is_growing = False
            self._area.verticalScrollBar().setValue(highest)

    def _remove(self, row: tuple[QLineEdit, QLineEdit, QToolButton]) -> None:
        self._rows.remove(row)
        for widget in row:
            self._grid.removeWidget(widget)
            widget.hide()
            widget.deleteLater()
        self._name_rows()

    def _name_rows(self) -> None:
        for number, (name, value, remove) in enumerate(self._rows, start=1):
            name.setAccessibleName(_("Name {number}").format(number=number))
            value.setAccessibleName(_("Value {number}").format(number=number))
            remove.setAccessibleName(_("Remove row {number}").format(number=number))
