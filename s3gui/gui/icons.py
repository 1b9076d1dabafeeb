"""Single-colour SVGs, tinted from the palette."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap, QPixmapCache
from PySide6.QtSvg import QSvgRenderer

from s3gui.assets import resource

_SIZES = (16, 20, 24, 32, 48, 64)
"""In pixels: twice as many as the sizes shown, for screens with two pixels a point."""


def icon(name: str, color: str) -> QIcon:
    """`resources/icons/NAME.svg` with `color` (`#rrggbb`) for its `currentColor`."""
    result = QIcon()
    for size in _SIZES:
        result.addPixmap(pixmap(name, color, size))
    return result


def pixmap(name: str, color: str, size: int) -> QPixmap:
    """The icon as a square of `size` pixels; painted once, so delegates may ask each time."""
    key = f"s3gui {name} {color} {size}"
    image = QPixmap()
    if QPixmapCache.find(key, image):
        return image
    renderer = QSvgRenderer(QByteArray(_svg(name).replace("currentColor", color).encode()))
    image = QPixmap(size, size)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    renderer.render(painter, QRectF(0, 0, size, size))
    painter.end()
    QPixmapCache.insert(key, image)
    return image


@cache
def _svg(name: str) -> str:
    return resource("icons", f"{name}.svg").read_text("utf-8")
