"""The parts of one transfer as a grid of squares: there, on its way, failed, waiting."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from s3gui.core.frozen import frozen
from s3gui.core.parts import PartPlan
from s3gui.core.transfer import CompletedPart, Transfer, TransferState
from s3gui.gui.live import ACKNOWLEDGED, FAILED, LiveParts
from s3gui.gui.theme import Theme
from s3gui.i18n import _

_SQUARE, _GAP = 10, 2
_STEP = _SQUARE + _GAP
_ROWS = 12
"""More parts than fit into so many rows share squares."""

_IN_FLIGHT_OPACITY = 0.45


@frozen
class Parts:
    """`states` one byte a part as in LiveParts; `in_flight` (sent, size) in bytes by number."""

    states: bytes = b""
    in_flight: Mapping[int, tuple[int, int]] = MappingProxyType({})
    is_complete: bool = False


def parts_of(transfer: Transfer, live: LiveParts | None, known: Sequence[CompletedPart]) -> Parts:
    """What the events say, else what the journal knows."""
    if transfer.state is TransferState.COMPLETED:
        return Parts(bytes([ACKNOWLEDGED]) * _count(transfer), is_complete=True)
    if live is not None and live.states:
        return Parts(bytes(live.states), dict(live.in_flight))
    states = bytearray(max(_count(transfer), max((each.number for each in known), default=0)))
    for part in known:
        states[part.number - 1] = ACKNOWLEDGED
    return Parts(bytes(states))


def _count(transfer: Transfer) -> int:
    if not transfer.size or not transfer.part_size:
        return 1
    return len(PartPlan(transfer.size, transfer.part_size))


class PartGrid(QWidget):
    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._parts = Parts()
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName(_("Parts"))
        theme.changed.connect(self.update)

    def show_parts(self, parts: Parts) -> None:
        if parts == self._parts:
            return
        is_other_count = len(parts.states) != len(self._parts.states)
        self._parts = parts
        done = parts.states.count(ACKNOWLEDGED)
        self.setAccessibleDescription(
            _("{done} of {total} parts, {moving} on their way").format(
                done=done, total=len(parts.states), moving=len(parts.in_flight)
            )
        )
        if is_other_count:
            self.updateGeometry()
        self.update()

    @property
    def parts_in_a_square(self) -> int:
        """1 where all have a square of their own."""
        return self._shared(self.width())

    def heightForWidth(self, width: int) -> int:
        squares = -(-len(self._parts.states) // self._shared(width))
        return max(1, -(-squares // self._columns(width))) * _STEP

    def sizeHint(self) -> QSize:
        return QSize(20 * _STEP, self.heightForWidth(20 * _STEP))

    def minimumSizeHint(self) -> QSize:
        return QSize(10 * _STEP, _STEP)

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            number = self._number_at(event.pos().x(), event.pos().y())
            QToolTip.showText(event.globalPos(), self._part_text(number) if number else "", self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        columns, shared = self._columns(self.width()), self.parts_in_a_square
        for square, first in enumerate(range(0, len(self._parts.states), shared)):
            x, y = square % columns * _STEP, square // columns * _STEP
            self._paint(painter, QRectF(x, y, _SQUARE, _SQUARE), first, first + shared)
        painter.end()

    def _paint(self, painter: QPainter, place: QRectF, first: int, last: int) -> None:
        palette, states = self._theme.palette, self._parts.states
        painter.setBrush(QColor(palette.track))
        painter.drawRoundedRect(place, 2, 2)
        if states.find(FAILED, first, last) >= 0:
            painter.setBrush(QColor(palette.error))
            painter.drawRoundedRect(place, 2, 2)
            return
        solid = QColor(palette.ok if self._parts.is_complete else palette.accent)
        numbers = range(first + 1, min(last, len(states)) + 1)
        done = states.count(ACKNOWLEDGED, first, last) / len(numbers)
        moving = sum(self._share(number) for number in numbers) / len(numbers)
        self._fill(painter, place, solid, done)
        solid.setAlphaF(_IN_FLIGHT_OPACITY)
        self._fill(painter, place.adjusted(place.width() * done, 0, 0, 0), solid, moving)

    def _fill(self, painter: QPainter, place: QRectF, color: QColor, share: float) -> None:
        if share > 0:
            filled = QRectF(place)
            filled.setWidth(max(1.0, _SQUARE * min(1.0, share)))
            painter.setBrush(color)
            painter.drawRoundedRect(filled.intersected(place), 2, 2)

    def _share(self, number: int) -> float:
        sent, size = self._parts.in_flight.get(number, (0, 0))
        return sent / size if size else 0.0

    def _part_text(self, number: int) -> str:
        last = min(number + self.parts_in_a_square - 1, len(self._parts.states))
        if last > number:
            done = self._parts.states.count(ACKNOWLEDGED, number - 1, last)
            return _("Parts {first} to {last}: {done} there").format(
                first=number, last=last, done=done
            )
        state = self._parts.states[number - 1]
        if number in self._parts.in_flight:
            said = _("on its way, {percent}%").format(percent=int(100 * self._share(number)))
        else:
            said = {ACKNOWLEDGED: _("there"), FAILED: _("failed")}.get(state, _("waiting"))
        return _("Part {number}: {state}").format(number=number, state=said)

    def _number_at(self, x: int, y: int) -> int | None:
        square = y // _STEP * self._columns(self.width()) + x // _STEP
        number = square * self.parts_in_a_square + 1
        return number if number <= len(self._parts.states) else None

    def _columns(self, width: int) -> int:
        return max(1, (width + _GAP) // _STEP)

    def _shared(self, width: int) -> int:
        room = self._columns(width) * _ROWS
        return max(1, -(-len(self._parts.states) // room))
