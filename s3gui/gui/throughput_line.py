"""A small line of how fast everything went in the last two minutes."""

from __future__ import annotations

from collections import deque

from PySide6.QtCore import QPointF, QRectF, QSize, QTimer
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from s3gui.gui.amounts import format_rate
from s3gui.gui.theme import Theme
from s3gui.i18n import _

_SECONDS = 120
_SIZE = QSize(120, 18)


class ThroughputLine(QWidget):
    """One point a second while anything moves; hidden when two minutes held nothing."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._rate = 0.0
        self._rates: deque[float] = deque(maxlen=_SECONDS)
        self._timer = QTimer(self)
        self._timer.setInterval(1000)
        self._timer.timeout.connect(self.take)
        self.setFixedSize(_SIZE)
        self.setAccessibleName(_("Speed of the last two minutes"))
        theme.changed.connect(self.update)
        self.hide()

    @property
    def rates(self) -> list[float]:
        """Bytes per second, the newest last."""
        return list(self._rates)

    @property
    def best(self) -> float:
        return max(self._rates, default=0.0)

    def show_rate(self, bytes_per_second: float) -> None:
        """How fast it goes now; the line moves on by itself."""
        self._rate = bytes_per_second
        if bytes_per_second >= 1 and not self._timer.isActive():
            self.take()
            self._timer.start()

    def take(self) -> None:
        """Note the speed of this second."""
        self._rates.append(self._rate)
        if self.best < 1:
            self._rates.clear()
            self._timer.stop()
        self.setVisible(bool(self._rates))
        text = _("{now} now, {best} at best in the last two minutes").format(
            now=format_rate(self._rate), best=format_rate(self.best)
        )
        self.setToolTip(text)
        self.setAccessibleDescription(text)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        palette = self._theme.palette
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        room = self.rect().toRectF().adjusted(1, 2, -1, -2)
        painter.setPen(QPen(QColor(palette.line), 1))
        painter.drawLine(room.bottomLeft(), room.bottomRight())
        if len(self._rates) > 1:
            line = self._line(room)
            area = QPainterPath(line)
            area.lineTo(room.bottomRight())
            area.lineTo(line.elementAt(0).x, room.bottom())
            ground = QColor(palette.accent)
            ground.setAlphaF(0.15)
            painter.fillPath(area, ground)
            painter.setPen(QPen(QColor(palette.accent), 1.4))
            painter.drawPath(line)
        painter.end()

    def _line(self, room: QRectF) -> QPainterPath:
        """The newest second at the right edge, the fastest at the top."""
        step, top = room.width() / (_SECONDS - 1), self.best or 1.0
        first = _SECONDS - len(self._rates)
        points = [
            QPointF(
                room.left() + (first + place) * step, room.bottom() - room.height() * rate / top
            )
            for place, rate in enumerate(self._rates)
        ]
        path = QPainterPath(points[0])
        for point in points[1:]:
            path.lineTo(point)
        return path
