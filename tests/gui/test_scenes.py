"""Every window, dialog and state that there are pictures of: names for all, and contrast."""

from __future__ import annotations

from collections import Counter

import pytest
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QLineEdit, QWidget

from s3gui.core.settings import Appearance
from s3gui.gui.theme import Theme
from tests.gui.test_accessible import controls
from tests.screenshots.scenes import SCENES
from tests.screenshots.stage import Stage

LEAST_CONTRAST = 4.5
"""WCAG AA for text of the usual size."""

LEAST_OF_HIGH_CONTRAST = 7.0
"""WCAG AAA."""

_LEAST_HEIGHT = 8


IN_THE_DARK = ("busy", "failed", "inspector", "options", "review", "search", "sign-in", "welcome")
CASES = [(name, Appearance.LIGHT) for name in SCENES]
CASES += [(name, Appearance.DARK) for name in IN_THE_DARK]
CASES += [("busy", Appearance.HIGH_CONTRAST_DARK), ("review", Appearance.HIGH_CONTRAST_LIGHT)]
HIGH_CONTRAST = {Appearance.HIGH_CONTRAST_DARK, Appearance.HIGH_CONTRAST_LIGHT}


@pytest.mark.parametrize(("name", "appearance"), CASES)
def test_whoever_sees_little_or_nothing_gets_the_same(name, appearance, qapp):
    theme = Theme()
    stage = Stage(qapp, theme, appearance)
    try:
        widget = SCENES[name](stage)
        nameless = [each for each in controls(widget) if each.isVisible() and not _name(each)]
        assert nameless == []
        window = widget.window()
        image = window.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
        pale = {_text(each): _contrast(each, window, image) for each in _texts(widget)}
        least = LEAST_OF_HIGH_CONTRAST if appearance in HIGH_CONTRAST else LEAST_CONTRAST
        assert {text: value for text, value in pale.items() if value < least} == {}
    finally:
        stage.close()
        qapp.setStyleSheet("")
        theme.deleteLater()


def _name(widget: QWidget) -> str:
    text = widget.text() if isinstance(widget, QAbstractButton) else ""
    return widget.accessibleName() or text


def _text(widget: QWidget) -> str:
    return widget.currentText() if isinstance(widget, QComboBox) else widget.text()


def _texts(widget: QWidget) -> list[QWidget]:
    """What cannot be used need not be read."""
    found: list[QWidget] = []
    for kind in (QLabel, QAbstractButton, QLineEdit, QComboBox):
        found += widget.findChildren(kind)
    shown = [each for each in found if each.isVisible() and each.isEnabled()]
    return [
        each for each in shown if _text(each) and each.visibleRegion().boundingRect().height() > 8
    ]


def _contrast(widget: QWidget, window: QWidget, image: QImage) -> float:
    """Of the darkest or brightest stroke to what is around it."""
    place = widget.mapTo(window, widget.rect().topLeft())
    return _most_contrast(image.copy(widget.rect().translated(place)))


def _most_contrast(image: QImage) -> float:
    ratio = image.devicePixelRatio()
    edge = round(4 * ratio)  # borders and focus rings are no text
    colors = Counter(
        image.pixel(x, y)
        for x in range(edge, image.width() - edge)
        for y in range(edge, image.height() - edge)
    )
    if not colors:  # it has no room within its edges
        return float("inf")
    (ground, _count), *_others = colors.most_common(1)
    light = _luminance(ground)
    return max(_ratio(light, _luminance(each)) for each in colors)


def _ratio(first: float, second: float) -> float:
    return (max(first, second) + 0.05) / (min(first, second) + 0.05)


def _luminance(pixel: int) -> float:
    color = QColor(pixel)
    parts = [color.redF(), color.greenF(), color.blueF()]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
