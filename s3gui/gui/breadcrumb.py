"""The destination as a row of steps to click, or as a text to type."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QSizePolicy,
    QStackedLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from s3gui.core.errors import InputError
from s3gui.core.text import visible
from s3gui.core.transfer import Destination
from s3gui.gui.form import Note, plain_label
from s3gui.gui.steps import Step, steps
from s3gui.gui.tab_order import come_before
from s3gui.gui.tooltip import plain_tooltip
from s3gui.gui.typed_destination import read_prefix
from s3gui.i18n import _, translated

_LONGEST_STEP = 220
_SHORTEST_STEP = 40
"""In pixels: a name as long as the window would push all others out."""


class Breadcrumb(QWidget):
    destination_chosen = Signal(object)
    """A Destination that was clicked or typed."""

    new_prefix_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._destination: Destination | None = None
        self.path = _Path()
        self.path.destination_chosen.connect(self.destination_chosen)
        self.path.empty_part_clicked.connect(self.edit)
        self.path.new_prefix.clicked.connect(self.new_prefix_wanted)
        self.editor = _Editor()
        self.editor.returnPressed.connect(self._accept)
        self.editor.left.connect(self._revert)
        self.note = Note(parent=self)
        self.editor.textEdited.connect(lambda: self.note.set_error(""))
        self._stack = QStackedLayout()
        self._stack.addWidget(self.path)
        self._stack.addWidget(self.editor)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(self._stack)
        layout.addWidget(self.note)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    @property
    def is_editing(self) -> bool:
        return self._stack.currentWidget() is self.editor

    def set_destination(self, destination: Destination | None) -> None:
        self._destination = destination
        self.path.set_steps(steps(destination) if destination is not None else [])
        self._revert()

    def edit(self) -> None:
        """Turn into a text to type."""
        self._stack.setCurrentWidget(self.editor)
        self.editor.setText(str(self._destination) if self._destination is not None else "s3://")
        self.editor.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if self._destination is not None:
            self.editor.selectAll()

    def _accept(self) -> None:
        try:
            destination = read_prefix(self.editor.text())
        except InputError as error:
            self.note.set_error(visible(translated(error.message)))
            return
        self._revert()
        self.destination_chosen.emit(destination)

    def _revert(self) -> None:
        self.note.set_error("")
        self._stack.setCurrentWidget(self.path)


class _Editor(QLineEdit):
    left = Signal()
    """Esc was pressed, or the user went elsewhere."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(_("Destination"))
        self.setPlaceholderText("s3://bucket/prefix/")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        # A context menu or another window takes the focus for a while only.
        if event.reason() not in {
            Qt.FocusReason.PopupFocusReason,
            Qt.FocusReason.ActiveWindowFocusReason,
        }:
            self.left.emit()


class _Path(QWidget):
    """Where there is no room for all steps, those after the bucket hide behind a menu."""

    destination_chosen = Signal(object)
    empty_part_clicked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.buttons: list[QToolButton] = []
        self._separators: list[QLabel] = []
        self._steps: list[Step] = []
        self.more = _flat_button("…", self)
        self.more.setAccessibleName(_("Prefixes in between"))
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.more.setMenu(QMenu(self.more))
        self.new_prefix = _flat_button("", self)
        self.new_prefix.setAccessibleName(_("New prefix"))
        self.new_prefix.setToolTip(_("New prefix…"))
        self.favourite = _flat_button("", self)
        self.favourite.setCheckable(True)
        self.favourite.setAccessibleName(_("Favourite"))
        self.favourite.setToolTip(_("Keep this place among the favourites (Ctrl+D)"))
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)
        self.setToolTip(_("Click to type a destination (Ctrl+L)"))
        self.set_steps([])

    def set_steps(self, way: list[Step]) -> None:
        self._steps = way
        while (item := self._row.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None and widget not in {self.more, self.new_prefix, self.favourite}:
                widget.hide()  # it may take a while until it goes
                widget.deleteLater()
        self.buttons, self._separators = [], []
        if not way:
            self._row.addWidget(plain_label(_("No bucket chosen"), muted=True))
            for button in (self.more, self.new_prefix, self.favourite):
                button.hide()
        for number, step in enumerate(way):
            if number:
                arrow = plain_label("›")  # noqa: RUF001  (the sign of breadcrumbs)
                arrow.setProperty("heading", True)
                self._separators.append(arrow)
                self._row.addWidget(self._separators[-1])
            self._row.addWidget(self._button(step))
            if not number:
                self._row.addWidget(self.more)
        if way:
            for button in (self.new_prefix, self.favourite):
                self._row.addWidget(button)
                button.show()
        self._row.addStretch(1)
        way_here = [*self.buttons[:1], self.more, *self.buttons[1:], self.new_prefix]
        come_before(self.favourite, way_here)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self.empty_part_clicked.emit()

    def sizeHint(self) -> QSize:
        wide = self.fontMetrics().averageCharWidth()
        return QSize(max(360, 48 * wide), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(120, super().minimumSizeHint().height())

    def _button(self, step: Step) -> QToolButton:
        button = _flat_button("", self)
        button.setAccessibleName(_("Go to {destination}").format(destination=_name(step)))
        button.setToolTip(plain_tooltip(str(step.destination)))
        button.clicked.connect(lambda: self.destination_chosen.emit(step.destination))
        self.buttons.append(button)
        return button

    def _fit(self) -> None:
        """Hide as few steps as possible, never the bucket and the last; then shorten names."""
        if not self._steps:
            return
        widest = _LONGEST_STEP
        first_shown = 1
        for button in (self.new_prefix, self.favourite):
            button.show()
        while True:
            self._show_from(first_shown, widest)
            needed = self._row.minimumSize().width()
            if needed <= self.width():
                break
            if widest <= _SHORTEST_STEP:  # both can be reached in other ways
                self.new_prefix.hide()
                self.favourite.hide()
                break
            if first_shown < len(self.buttons) - 1:
                first_shown += 1
            else:
                widest -= 20
        self._offer_hidden(self._steps[1:first_shown])

    def _show_from(self, first_shown: int, widest: int) -> None:
        for number, (button, step) in enumerate(zip(self.buttons, self._steps, strict=True)):
            text = button.fontMetrics().elidedText(
                _name(step), Qt.TextElideMode.ElideMiddle, widest
            )
            button.setText(text.replace("&", "&&"))
            is_shown = number == 0 or number >= first_shown
            button.setVisible(is_shown)
            if number:
                self._separators[number - 1].setVisible(is_shown)
        self.more.setVisible(first_shown > 1)

    def _offer_hidden(self, hidden: list[Step]) -> None:
        menu = self.more.menu()
        menu.clear()
        for step in hidden:
            action = menu.addAction(_name(step).replace("&", "&&"))
            action.triggered.connect(
                lambda _=False, step=step: self.destination_chosen.emit(step.destination)
            )


def _name(step: Step) -> str:
    return visible(step.name) or "/"


def _flat_button(text: str, parent: QWidget) -> QToolButton:
    button = QToolButton(parent)
    button.setText(text)
    button.setProperty("flat", True)
    button.setProperty("heading", True)
    font = button.font()
    font.setBold(True)
    button.setFont(font)
    button.setStyleSheet("QToolButton { padding: 5px 3px; }")
    return button
