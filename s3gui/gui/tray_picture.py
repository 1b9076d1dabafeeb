"""The icon in the tray: the program's, with a ring around it that fills while work goes on."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPen, QPixmap, QPixmapCache

from s3gui.assets import resource
from s3gui.gui.icons import pixmap
from s3gui.gui.palette import DARK

_SIZES = (16, 22, 32, 64)
_LEAST_LEGIBLE = 32
"""In pixels: below it only the arrow of the program's icon can be told within a ring."""

_KEY = "s3gui program"
_FULL_CIRCLE = 360 * 16
_TOP = 90 * 16


def tray_icon(share: float | None, *, is_moving: bool = True) -> QIcon:
    """`share` from 0 to 1; None without a ring. What waits has a ring of another colour."""
    result = QIcon()
    program = _program()
    for size in _SIZES:
        result.addPixmap(_picture(program, size, share, is_moving=is_moving))
    return result


def _program() -> QPixmap:
    """The program's own icon, read and made small only once."""
    image = QPixmap()
    if not QPixmapCache.find(_KEY, image):
        whole = QPixmap(str(resource("app", "icon.png")))
        smooth = Qt.TransformationMode.SmoothTransformation
        image = whole.scaledToWidth(_SIZES[-1], smooth)
        QPixmapCache.insert(_KEY, image)
    return image


def _picture(program: QPixmap, size: int, share: float | None, *, is_moving: bool) -> QPixmap:
    image = QPixmap(size, size)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    if share is None:
        painter.drawPixmap(image.rect(), program)
    else:
        width = max(2.0, size / 9)
        ring = QRectF(0, 0, size, size).adjusted(width / 2, width / 2, -width / 2, -width / 2)
        inner = ring.adjusted(width, width, -width, -width)
        if size < _LEAST_LEGIBLE:
            program = pixmap("up", DARK.accent, size)
        painter.drawPixmap(inner, program, program.rect().toRectF())
        # Panels are dark on some desktops and light on others: both bear these colours.
        track = QColor(DARK.muted)
        track.setAlphaF(0.55)
        painter.setPen(QPen(track, width, c=Qt.PenCapStyle.FlatCap))
        painter.drawEllipse(ring)
        color = DARK.accent if is_moving else DARK.warning
        painter.setPen(QPen(QColor(color), width, c=Qt.PenCapStyle.FlatCap))
        painter.drawArc(ring, _TOP, -round(_FULL_CIRCLE * min(1.0, max(0.0, share))))
    painter.end()
    return image
