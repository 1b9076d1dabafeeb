"""The window's keys and its menu."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence

from s3gui.i18n import _

if TYPE_CHECKING:
    from s3gui.gui.main_window import MainWindow


def add_actions(window: MainWindow) -> None:
    """Every action has its key in the whole window; some are in the menu, too."""
    _add(window, _("Add files…"), "Ctrl+O", window.choose_files)
    _add(window, _("Add folder…"), "Ctrl+Shift+O", window.choose_folder)
    _add(window, _("Paste files"), QKeySequence.StandardKey.Paste, window.paste)
    _add(
        window, _("Filter buckets"), QKeySequence.StandardKey.Find, lambda: _filter_buckets(window)
    )
    menu = window.top_bar.menu
    archive = _add(window, _("Add folder as archive…"), "Ctrl+Alt+O", window.choose_archive)
    menu.addAction(archive)
    menu.addSeparator()
    buckets = _add(window, _("Show buckets"), "Ctrl+B", lambda: None)
    buckets.setCheckable(True)
    buckets.setChecked(True)
    buckets.triggered.connect(window.parts.want_left)
    window.parts.left_shown.connect(buckets.setChecked)
    menu.addAction(buckets)
    _add(window, _("Search the transfers"), "Ctrl+Shift+F", window.transfers.search.open)
    menu.addAction(_add(window, _("Export transfers…"), "Ctrl+E", window.export_transfers))
    menu.addAction(_add(window, _("Inspector"), "Ctrl+I", window.toggle_inspector))
    menu.addAction(_add(window, _("Refresh"), QKeySequence.StandardKey.Refresh, window.refresh))
    menu.addAction(_add(window, _("Leftover uploads…"), "", window.show_leftovers))
    menu.addAction(_add(window, _("Settings…"), "Ctrl+,", window.dialogs.settings))
    menu.addSeparator()
    menu.addAction(_add(window, _("Quit"), QKeySequence.StandardKey.Quit, window.quit))


def _filter_buckets(window: MainWindow) -> None:
    window.parts.want_left(True)
    window.buckets.filter.setFocus()


def _add(
    window: MainWindow,
    text: str,
    key: str | QKeySequence.StandardKey,
    act: Callable[[], object],
) -> QAction:
    action = QAction(text, window)
    action.setShortcut(QKeySequence(key))
    action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
    action.triggered.connect(lambda _checked=False: act())
    window.addAction(action)
    return action
