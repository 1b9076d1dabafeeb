from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtGui import QColor

from s3gui.assets import resource
from s3gui.gui.icons import icon, pixmap

NAMES = sorted(path.stem for path in resource("icons").glob("*.svg"))
OF_THE_STYLE_SHEET = {"check-white", "chevron-down"}


@pytest.mark.parametrize("name", [name for name in NAMES if name not in OF_THE_STYLE_SHEET])
def test_an_icon_has_the_one_colour_it_is_asked_for(qapp, name):
    image = pixmap(name, "#ff0000", 32).toImage()
    inked = [
        image.pixelColor(x, y)
        for x in range(32)
        for y in range(32)
        if image.pixelColor(x, y).alpha() > 200
    ]
    assert inked
    assert {colour.rgb() for colour in inked} == {QColor("#ff0000").rgb()}


def test_icons_are_drawn_for_small_and_for_fine_screens(qapp):
    sizes = {size.width() for size in icon("retry", "#000000").availableSizes()}
    assert {16, 32, 64} <= sizes


def test_every_icon_named_in_the_window_exists():
    source = "".join(path.read_text("utf-8") for path in Path("s3gui/gui").rglob("*.py"))
    named = set(re.findall(r'\b(?:icon|pixmap)\(\s*"([a-z-]+)"', source))
    assert named <= set(NAMES)
