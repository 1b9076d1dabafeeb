"""The preferences as the window has them: changed at once, saved in the background."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from s3gui.core.errors import S3guiError
from s3gui.core.preferences import Preferences
from s3gui.gui.background import Background


class KeptPreferences(QObject):
    changed = Signal()
    failed = Signal(object)
    """The S3guiError for which a change could not be saved; it holds until the window closes."""

    def __init__(self, background: Background, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._background = background
        self._save: Callable[[Preferences], None] | None = None
        self.value = Preferences()

    def attach(self, load: Callable[[], Preferences], save: Callable[[Preferences], None]) -> None:
        """Read what was kept."""
        self._save = save
        self._background.run(load, self._take, self.failed.emit)

    def change(self, to: Preferences) -> None:
        save = self._save
        if to == self.value:
            return
        self._take(to)
        if save is not None:
            self._background.run(lambda: save(to), _nothing_more, self._fail)

    def _take(self, value: Preferences) -> None:
        self.value = value
        self.changed.emit()

    def _fail(self, error: S3guiError) -> None:
        self.failed.emit(error)


def _nothing_more(_result: None) -> None:
    """It is on the disk."""
