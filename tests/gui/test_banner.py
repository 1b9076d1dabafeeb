from __future__ import annotations

import pytest
from PySide6.QtGui import QColor

from s3gui.gui.banner import Banner


@pytest.fixture
def banner(theme, qtbot):
    banner = Banner(theme)
    qtbot.addWidget(banner)
    return banner


@pytest.mark.parametrize(
    ("kind", "color"),
    [({}, "error"), ({"is_error": False}, "warning"), ({"is_done": True}, "ok")],
)
def test_good_news_looks_neither_like_an_error_nor_like_a_warning(banner, theme, kind, color):
    banner.say("1 connection exported, without its secret.", **kind)
    image = banner._icon.pixmap().toImage()
    painted = {
        image.pixelColor(x, y).name()
        for x in range(image.width())
        for y in range(image.height())
        if image.pixelColor(x, y).alpha() == 255
    }
    assert painted == {QColor(getattr(theme.palette, color)).name()}
