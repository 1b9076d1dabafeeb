"""The table of transfers in a window of its own, for a mouse that drags its rows.

Writes where the last and the second row are, in pixels of the screen; then what the queue was
asked to put before what, as numbers of rows.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable

from PySide6.QtCore import QEventLoop, QPoint, QTimer
from PySide6.QtWidgets import QApplication

from s3gui.core.settings import Appearance
from s3gui.gui.background import Background
from s3gui.gui.theme import Theme
from tests.gui.panel_world import PanelWorld

_TIME_LIMIT_SECONDS = 60


def main() -> None:
    application = QApplication([])
    theme = Theme()
    theme.apply(application, Appearance.LIGHT)
    world = PanelWorld(Background(), theme)
    ids = world.rows.add(4)
    view = world.panel.view
    # The bar of batches comes with the counts, and the rows give way to it.
    _wait_for(lambda: world.model.rowCount() == 4 and world.panel.batches.isVisible())
    _wait_for(world.panel.isActiveWindow)
    places = [_middle(view, row) for row in (3, 1)]
    _say([[place.x(), place.y()] for place in places])
    _wait_for(lambda: any(call[0] == "send_before" for call in world.queue.calls))
    _name, moved, before = next(call for call in world.queue.calls if call[0] == "send_before")
    _say([[ids.index(each) for each in moved], ids.index(before)])
    os._exit(0)  # Qt's own end has nothing to do with it


def _middle(view, row: int) -> QPoint:
    return view.viewport().mapToGlobal(view.visualRect(view.model().index(row, 0)).center())


def _wait_for(condition: Callable[[], bool]) -> None:
    loop, looks = QEventLoop(), QTimer()
    looks.timeout.connect(lambda: loop.quit() if condition() else None)
    looks.start(20)
    QTimer.singleShot(_TIME_LIMIT_SECONDS * 1000, loop, lambda: loop.exit(1))
    if loop.exec():
        sys.exit("what was waited for did not come")


def _say(what: object) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
