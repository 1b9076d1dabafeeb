"""Where the parts of the window lie: bars above, cards side by side, the truth at the bottom."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSplitter, QVBoxLayout, QWidget

_GAP = 5
_LEFT_WIDTH = 230
_LEAST_MIDDLE_HEIGHT = 360
_COMFORTABLE_CHARACTERS = 80
"""Of the middle: with less, names and their columns are cut short."""


class WindowLayout(QWidget):
    """`middle` are the upper and the lower half; `beside` comes and goes on the right.

    `left` goes by itself where the middle would be cramped, and comes back with the room.
    """

    left_shown = Signal(bool)
    """Whether the left part is there from now on."""

    def __init__(
        self,
        *,
        above: Sequence[QWidget],
        left: QWidget,
        middle: tuple[QWidget, QWidget],
        beside: QWidget,
        below: QWidget,
    ) -> None:
        super().__init__()
        self._left = left
        self._beside = beside
        halves = QSplitter(Qt.Orientation.Vertical)
        for half in middle:
            halves.addWidget(half)
        halves.setSizes([300, 380])
        self._middle = MiddleScroll(halves)
        self._wants_left = True
        self._across = Across(left)
        for part in (left, self._middle, beside):
            self._across.addWidget(part)
        self._across.setSizes([_LEFT_WIDTH, 980, 320])
        self._across.setStretchFactor(1, 1)
        for splitter in (halves, self._across):
            splitter.setHandleWidth(_GAP)
            splitter.setChildrenCollapsible(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 14, 14, 8)
        column.setSpacing(12)
        for bar in above:
            column.addWidget(bar)
        column.addWidget(self._across, 1)
        column.addWidget(below)

    def want_left(self, is_wanted: bool) -> None:  # noqa: FBT001 - as the signal of an action
        """What a person says: where there is no room, the window grows."""
        self._wants_left = self._across.insists = is_wanted
        self._across.updateGeometry()
        self._make_room()

    def bring_into_view(self, part: QWidget) -> None:
        """Scroll to a part of the middle, once it has its place."""
        QTimer.singleShot(0, part, lambda: self._middle.ensureWidgetVisible(part, 0, 0))

    def show_beside(self) -> None:
        """Give the part on the right the room it likes, at the cost of the middle."""
        self._beside.show()
        self._make_room()
        left, room = 0 if self._left.isHidden() else self._left.width(), self._across.width()
        wanted = self._beside.sizeHint().width()
        self._across.setSizes([left, room - left - wanted - 2 * _GAP, wanted])

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def event(self, event: QEvent) -> bool:
        result = super().event(event)
        if (
            event.type() is QEvent.Type.LayoutRequest and self.isVisible()
        ):  # a part came or went, or its text grew
            self._make_room()
        return result

    def _make_room(self) -> None:
        """Let the left part go, or come back: by the width alone, so that nothing flutters."""
        is_alone = self._beside.isHidden()
        beside = 0 if is_alone else self._beside.sizeHint().width() + _GAP
        room = self._across.width() - self._left.sizeHint().width() - _GAP - beside
        comfort = _COMFORTABLE_CHARACTERS * self.fontMetrics().averageCharWidth()
        is_roomy = room >= max(comfort, self._middle.minimumSizeHint().width())
        if is_roomy:
            self._across.insists = False
        is_shown = self._wants_left and (is_roomy or self._across.insists)
        if is_shown is self._left.isHidden():
            self._left.setVisible(is_shown)
            self.left_shown.emit(is_shown)


class Across(QSplitter):
    """Asks for no room for `left`, which can go, unless a person insists on it."""

    def __init__(self, left: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._left = left
        self.insists = False

    def minimumSizeHint(self) -> QSize:
        least = super().minimumSizeHint()
        can_go = not self.insists and not self._left.isHidden()
        spare = self._left.minimumSizeHint().width() + self.handleWidth() if can_go else 0
        return QSize(least.width() - spare, least.height())


class MiddleScroll(QScrollArea):
    """As high as the window lets it be; what asks for more scrolls. So the window fits a screen."""

    def __init__(self, content: QWidget) -> None:
        super().__init__()
        self._content = content
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # what has the focus is brought into view
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidgetResizable(True)
        self.setWidget(content)
        content.setAutoFillBackground(False)
        self.viewport().setAutoFillBackground(False)
        for bar in (self.verticalScrollBar(), self.horizontalScrollBar()):
            bar.rangeChanged.connect(self._ask_for_room)

    def minimumSizeHint(self) -> QSize:
        least, bar = self._content.minimumSizeHint(), self.verticalScrollBar()
        beside = bar.sizeHint().width() if bar.maximum() > 0 else 0
        return QSize(least.width() + beside, min(least.height(), _LEAST_MIDDLE_HEIGHT))

    def sizeHint(self) -> QSize:
        return self._content.sizeHint()

    def _ask_for_room(self) -> None:
        """For the bar, or for content that is wider now than what shows it."""
        self.updateGeometry()


def stacked(*parts: QWidget) -> QWidget:
    """Parts below each other; the last one takes the room that is left."""
    result = QWidget()
    column = QVBoxLayout(result)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(_GAP)
    for part in parts:
        column.addWidget(part, 1 if part is parts[-1] else 0)
    return result
