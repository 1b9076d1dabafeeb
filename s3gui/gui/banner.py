"""A strip with one plain sentence, and a button that mends what it says."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from s3gui.core.text import joined, visible
from s3gui.gui.form import plain_label
from s3gui.gui.icons import icon, pixmap
from s3gui.gui.theme import Theme
from s3gui.i18n import _

_ICON = 16


class Banner(QFrame):
    """Hidden until it has something to say."""

    closed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._sign = "error"
        self._on_fix: Callable[[], None] | None = None
        self._icon = QLabel()
        self.text = plain_label(wrap=True)
        self.fix = QPushButton()
        self.fix.hide()
        self.fix.clicked.connect(self._fix)
        self.close_button = QToolButton()
        self.close_button.setProperty("flat", True)
        self.close_button.setAccessibleName(_("Close this message"))
        self.close_button.setToolTip(_("Close this message"))
        self.close_button.setIconSize(QSize(_ICON, _ICON))
        self.close_button.clicked.connect(self.dismiss)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 5, 5, 5)
        row.setSpacing(8)
        row.addWidget(self._icon)
        row.addWidget(self.text, 1)
        row.addWidget(self.fix)
        row.addWidget(self.close_button)
        theme.changed.connect(self._tint)
        self.hide()

    def say(
        self,
        sentence: str,
        advice: str = "",
        *,
        is_error: bool = True,
        is_done: bool = False,
        fix: str = "",
        on_fix: Callable[[], None] | None = None,
    ) -> None:
        """`is_done`: it is good news, and neither an error nor a warning."""
        self._sign = "check" if is_done else "error" if is_error else "warning"
        self._on_fix = on_fix
        text = visible(joined(sentence, advice))
        self.text.setText(text)
        self.fix.setText(fix)
        self.fix.setVisible(bool(fix))
        self.setAccessibleName(text)
        self._tint()
        self.show()

    def offers(self, fix: Callable[[], None]) -> bool:
        """Whether that is what its button does now."""
        return not self.isHidden() and self._on_fix == fix

    def dismiss(self) -> None:
        self.hide()
        self.closed.emit()

    def _fix(self) -> None:
        if self._on_fix is not None:
            self._on_fix()

    def _tint(self) -> None:
        fine = round(_ICON * self.devicePixelRatioF())
        image = pixmap(self._sign, self._color(), fine)
        image.setDevicePixelRatio(self.devicePixelRatioF())
        self._icon.setPixmap(image)
        self.close_button.setIcon(icon("close", self._theme.palette.muted))
        self.update()

    def _color(self) -> str:
        palette = self._theme.palette
        colors = {"error": palette.error, "warning": palette.warning, "check": palette.ok}
        return colors[self._sign]

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        ground = QColor(self._color())
        ground.setAlphaF(0.08)
        edge = QColor(ground)
        edge.setAlphaF(1.0 if self._theme.palette.has_high_contrast else 0.35)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(ground)
        painter.setPen(edge)
        painter.drawRoundedRect(self.rect().toRectF().adjusted(0.5, 0.5, -0.5, -0.5), 7, 7)
        painter.end()
