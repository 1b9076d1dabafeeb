"""The window fits the usual small screen, whatever comes and goes in it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QRect

from s3gui.assets import resource
from s3gui.core.settings import Appearance
from s3gui.gui.theme import Theme
from s3gui.i18n import use_language
from tests.screenshots.crowded import crowded
from tests.screenshots.stage import Stage

HEIGHT = 690
"""Of a screen 768 high, without a task bar and the window's title."""


@pytest.mark.parametrize(("language", "percent", "width"), [("fr", 100, 960), ("de", 150, 1024)])
def test_the_window_fits_a_small_screen_when_everything_is_shown(language, percent, width, qapp):
    """Half of a screen of 1920, and with large text one of 1024 by 768."""
    use_language(resource("locale"), [language])
    theme = Theme()
    stage = Stage(qapp, theme, Appearance.LIGHT)
    try:
        theme.apply(qapp, Appearance.LIGHT, percent)
        window = crowded(stage)
        window.resize(width, HEIGHT)
        [sheet] = window.reviews.sheets
        stage.until(lambda: not sheet.visibleRegion().isEmpty())
        stage.settle(0.1)
        least = window.minimumSizeHint()
        assert least.width() <= width
        assert least.height() <= HEIGHT
        assert (window.width(), window.height()) == (width, HEIGHT)
        status = QRect(window.status.mapTo(window, QPoint()), window.status.size())
        assert window.rect().contains(status)
        assert not window.beside.card.isVisible()
        assert sheet.start.visibleRegion().boundingRect() == sheet.start.rect()
    finally:
        stage.close()
        theme.apply(qapp, Appearance.LIGHT)
        qapp.setStyleSheet("")
        theme.deleteLater()
        use_language(resource("locale"), ["en"])
